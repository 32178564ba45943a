#include "cmd/sluice/render.h"

#include <utility>

#include "cmd/sluice/json_writer.h"

namespace sluice::cli {
namespace {

// Every line of `text` after `indent`; the first after `first`.
std::string Indented(std::string_view first, std::string_view indent, std::string_view text) {
  std::string result(first);
  for (const char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result + "\n";
}

std::string Place(const SourceLocation& where) {
  std::string place = where.file;
  if (where.line > 0) place += ":" + std::to_string(where.line);
  if (where.line > 0 && where.column > 0) place += ":" + std::to_string(where.column);
  return place;
}

std::string State(const ServerReport& server) {
  return server.sqlstate.empty() ? "" : " (SQLSTATE " + server.sqlstate + ")";
}

// The first line already says what PostgreSQL said: then its SQLSTATE stands there, too. The reason has to fit on the
// few lines that Helm ends with.
bool SaysAll(const Error& error) { return error.message.ends_with(error.server.message); }

std::string ServerLines(const Error& error, const Palette& palette) {
  const ServerReport& server = error.server;
  std::string text;
  const auto line = [&](std::string_view label, const std::string& content) {
    if (content.empty()) return;
    const std::string padded = "  " + std::string(label) + std::string(12 - label.size(), ' ');
    text += Indented(palette.Dim(padded), std::string(14, ' '), content);
  };
  if (!SaysAll(error)) line("PostgreSQL:", server.message + State(server));
  line("detail:", server.detail);
  line("hint:", server.hint);
  line("context:", server.context);
  return text;
}

void RenderOne(std::string& text, const Error& error, const Palette& palette) {
  text += palette.Red(palette.enabled() ? palette.Bold("error:") : "error:") + " " + error.message +
          (SaysAll(error) ? State(error.server) : "") + "\n";
  const std::string place = Place(error.where);
  if (!place.empty()) text += "  " + palette.Dim("at") + " " + palette.Cyan(place) + "\n";
  if (!error.where.excerpt.empty()) text += Indented("    ", "    ", error.where.excerpt);
  text += ServerLines(error, palette);
  if (!error.hint.empty()) text += Indented("  " + palette.Green("help:") + " ", "        ", error.hint);
  for (const Error& other : error.also) RenderOne(text, other, palette);
}

void WriteServer(JsonWriter& json, const ServerReport& server) {
  json.BeginObject();
  json.Member("severity", server.severity).Member("sqlstate", server.sqlstate).Member("message", server.message);
  json.Member("detail", server.detail).Member("hint", server.hint).Member("context", server.context);
  json.EndObject();
}

void WriteLocation(JsonWriter& json, const SourceLocation& where) {
  json.BeginObject().Member("file", where.file);
  json.Key("line").Int(where.line).Key("column").Int(where.column);
  json.Member("excerpt", where.excerpt).EndObject();
}

}  // namespace

std::string RenderError(const Error& error, const Palette& palette) {
  std::string text;
  RenderOne(text, error, palette);
  return text;
}

void WriteError(JsonWriter& json, const Error& error) {
  json.BeginObject();
  json.Member("code", ErrorCodeName(error.code)).Member("message", error.message).Member("hint", error.hint);
  if (!error.where.file.empty()) WriteLocation(json.Key("where"), error.where);
  if (!error.server.sqlstate.empty() || !error.server.message.empty()) WriteServer(json.Key("server"), error.server);
  if (!error.also.empty()) {
    json.Key("also").BeginArray();
    for (const Error& other : error.also) WriteError(json, other);
    json.EndArray();
  }
  json.EndObject();
}

std::string RenderErrorJson(const Error& error) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion);
  WriteError(json.Key("error"), error);
  json.EndObject();
  return std::move(json).Finish();
}

std::string Count(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string Join(const std::vector<std::string>& texts, const std::string& separator) {
  std::string joined;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) joined += separator;
    joined += texts[i];
  }
  return joined;
}

}  // namespace sluice::cli
