#include "core/engine/model_sources.h"

#include <utility>

#include "core/base/checksum.h"
#include "core/base/duration.h"
#include "core/base/error_list.h"
#include "core/base/file_system.h"
#include "core/base/program.h"

namespace sluice {
namespace {

using File = std::pair<std::string, std::string>;  // name and text

constexpr int kDeepestDirectory = 32;  // a circle of symbolic links ends there

Status AddFile(const std::string& path, std::vector<File>& files) {
  SLUICE_TRY(std::string text, ReadFile(path));
  files.emplace_back(path, std::move(text));
  return {};
}

Status AddDirectory(const std::string& path, int depth, std::vector<File>& files) {
  if (depth > kDeepestDirectory) return MakeError(ErrorCode::kModel, path + " is nested too deeply");
  SLUICE_TRY(const std::vector<std::string> names, ListDirectory(path));
  for (const std::string& name : names) {
    if (name.starts_with('.')) continue;
    const std::string below = path.ends_with('/') ? path + name : path + "/" + name;
    if (DirectoryExists(below)) {
      SLUICE_CHECK(AddDirectory(below, depth + 1, files));
    } else if (name.ends_with(".sql")) {
      SLUICE_CHECK(AddFile(below, files));
    }
  }
  return {};
}

Result<std::vector<File>> ReadPaths(const std::vector<std::string>& paths) {
  std::vector<File> files;
  std::string looked;
  for (const std::string& path : paths) {
    const bool directory = DirectoryExists(path);
    if (!directory && !FileExists(path)) {
      return MakeError(ErrorCode::kModel, "there are no models at " + path + ": it does not exist",
                       "see `models` in: sluice config");
    }
    SLUICE_CHECK(directory ? AddDirectory(path, 0, files) : AddFile(path, files));
    looked += (looked.empty() ? "" : ", ") + path;
  }
  if (files.empty()) {
    return MakeError(ErrorCode::kModel, "no model found: there is no *.sql file in " + looked,
                     "see `models` in: sluice config");
  }
  return files;
}

std::string CommandLine(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

// The program's own words are the best there is to say.
Error ProgramError(ErrorCode code, const std::string& program, const std::string& what, std::string errors) {
  Error error = MakeError(code, "the program of `models` " + what + ": " + program, "run it by hand to see why");
  while (errors.ends_with('\n')) errors.pop_back();
  if (errors.empty()) return error;
  error.where.file = "its standard error";
  error.where.excerpt = std::move(errors);
  return error;
}

Result<std::vector<File>> RunModelsProgram(const ModelsSetting& setting, const Interrupt& interrupt) {
  ProgramRequest request;
  request.arguments = setting.program;
  request.timeout = setting.timeout;
  request.interrupted = [&interrupt] { return interrupt.Signal() != 0; };
  const std::string program = CommandLine(setting.program);
  auto outcome = RunProgram(request);
  if (!outcome.ok()) {
    Error& error = outcome.error();
    if (error.code == ErrorCode::kTimeout) {
      return ProgramError(ErrorCode::kTimeout, program, "did not end within " + FormatDuration(setting.timeout),
                          error.server.message);
    }
    if (error.code == ErrorCode::kFile) error.hint = "see `models` in: sluice config";
    return std::move(error);
  }
  if (outcome->exit_code != 0) {
    return ProgramError(ErrorCode::kModel, program, "failed with exit code " + std::to_string(outcome->exit_code),
                        std::move(outcome->errors));
  }
  if (outcome->output.find_first_not_of(" \t\r\n") == std::string::npos) {
    return ProgramError(ErrorCode::kModel, program, "printed nothing", std::move(outcome->errors));
  }
  return std::vector<File>{{"output of " + program, std::move(outcome->output)}};
}

}  // namespace

Result<ModelSources> MakeModelSources(std::vector<File> files) {
  ModelSources sources;
  ErrorList errors;
  Sha256 hash;
  for (File& file : files) {
    for (const std::string* part : {&file.first, &file.second}) {
      hash.Update(std::to_string(part->size()) + ":");
      hash.Update(*part);
    }
    auto model = ReadModelText(std::move(file.first), std::move(file.second));
    if (model.ok()) {
      sources.models.push_back(*std::move(model));
    } else {
      errors.Add(std::move(model).error());
    }
  }
  if (!errors.empty()) return std::move(errors).Take();
  SLUICE_CHECK(SettleDrops(sources.models));
  sources.hash = hash.FinishHex();
  return sources;
}

Result<ModelSources> ReadModels(const ModelsSetting& setting, const Interrupt& interrupt) {
  if (setting.empty()) {
    return MakeError(ErrorCode::kModel, "no model found: `models` is not set",
                     "set it in sluice.yaml to a file, a directory, or a program that prints SQL");
  }
  SLUICE_TRY(std::vector<File> files,
             setting.program.empty() ? ReadPaths(setting.paths) : RunModelsProgram(setting, interrupt));
  return MakeModelSources(std::move(files));
}

}  // namespace sluice
