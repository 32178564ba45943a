#include "cmd/sluice/import_report.h"

#include <utility>
#include <vector>

#include "cmd/sluice/json_writer.h"
#include "cmd/sluice/render.h"
#include "cmd/sluice/schema_report.h"

namespace sluice::cli {
namespace {

std::string MoveText(const ProvenMove& move, const Palette& palette) {
  if (move.same()) return "Proven: after " + move.name + " the scripts have made what Alembic makes\n";
  std::string text = "After " + move.name + " the scripts have made something else than Alembic";
  if (!move.change.differences.empty()) {
    text += " (- only Alembic, + only the scripts):\n" +
            RenderChangeTree(move.change.differences, move.theirs, move.ours, palette);
  } else {
    text += ":\n";
  }
  if (move.their_rows != move.our_rows) {
    text +=
        "Version rows: Alembic has (" + Join(move.their_rows) + "), the scripts have (" + Join(move.our_rows) + ")\n";
  }
  return text;
}

void WriteProof(JsonWriter& json, const ImportProof& proof) {
  json.Key("proof").BeginObject().Key("holds").Bool(proof.holds()).Member("server", proof.server);
  json.Key("unfinished").Strings(proof.unfinished).Member("limit", proof.limit).Key("moves").BeginArray();
  for (const ProvenMove& move : proof.moves) {
    json.BeginObject().Member("name", move.name).Key("same").Bool(move.same());
    json.Key("alembic_rows").Strings(move.their_rows).Key("script_rows").Strings(move.our_rows);
    WriteDifferences(json, move.change.differences, move.theirs, move.ours);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string ImportText(const ImportReport& report) {
  std::string text;
  std::size_t unfinished = 0;
  for (const ImportedRevision& revision : report.revisions) {
    text += revision.path;
    if (revision.has_sections_outside_transaction) text += " (a part runs outside a transaction)";
    if (revision.irreversible) text += " (no way back)";
    text += "\n";
    for (const std::string& part : revision.unfinished) text += "  unfinished, " + part + "\n";
    unfinished += revision.unfinished.empty() ? 0 : 1;
  }
  for (const std::string& path : report.ignored) text += "Ignored: " + path + "\n";
  for (const std::string& note : report.notes) text += "Note: " + note + "\n";
  text += "Imported " + Count(report.revisions.size(), "revision");
  if (unfinished > 0) text += "; " + std::to_string(unfinished) + " of them hold work for a person";
  return text + "\n";
}

std::string ImportProofText(const ImportProof& proof, const Palette& palette) {
  if (!proof.unfinished.empty()) {
    return "Not proven: " + Count(proof.unfinished.size(), "revision") + " can't run before a person has finished " +
           (proof.unfinished.size() == 1 ? "it: " : "them: ") + Join(proof.unfinished) +
           "\nThen run the same command again: what is imported stays as it is\n";
  }
  std::string text;
  for (const ProvenMove& move : proof.moves) text += MoveText(move, palette);
  if (!proof.limit.empty()) text += "Not proven further back: " + proof.limit + "\n";
  return text;
}

std::string ImportJson(const ImportReport& report, const std::optional<ImportProof>& proof) {
  JsonWriter json;
  json.BeginObject().Key("schema_version").Int(kJsonSchemaVersion).Key("revisions").BeginArray();
  for (const ImportedRevision& revision : report.revisions) {
    json.BeginObject().Member("revision", revision.id).Member("source", revision.source).Member("file", revision.path);
    json.Key("outside_transaction").Bool(revision.has_sections_outside_transaction);
    json.Key("irreversible").Bool(revision.irreversible);
    json.Key("unfinished").Strings(revision.unfinished).EndObject();
  }
  json.EndArray().Key("ignored").Strings(report.ignored).Key("notes").Strings(report.notes);
  if (proof.has_value()) WriteProof(json, *proof);
  json.EndObject();
  return std::move(json).Finish();
}

}  // namespace sluice::cli
