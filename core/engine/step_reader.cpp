#include "core/engine/step_reader.h"

#include <algorithm>
#include <utility>

#include "core/base/error_list.h"
#include "core/base/parallel.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

constexpr std::size_t kStepsPerThread = 64;

std::string FileName(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

bool HasSection(const Script& script, SectionKind kind) {
  return std::any_of(script.sections.begin(), script.sections.end(),
                     [kind](const Section& section) { return section.kind == kind; });
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// What nobody has written yet can't run, and the sections around it must not run without it. All of them at once.
Status CheckFinished(const StepScript& step) {
  const SectionKind wanted =
      step.direction() == Direction::kDowngrade ? SectionKind::kDowngrade : SectionKind::kUpgrade;
  ErrorList errors;
  for (const Section& section : step.script.sections) {
    if (section.kind != wanted || !section.unfinished) continue;
    const std::string kind(SectionKindName(wanted));
    Error error =
        MakeError(ErrorCode::kScript,
                  "the " + kind + " of revision " + step.step.revision + " is unfinished: " + *section.unfinished,
                  "write the SQL of this section, then remove unfinished=\"…\" from its first line");
    error.where.file = step.script.path;
    error.where.line = section.line;
    errors.Add(std::move(error));
  }
  if (!errors.empty()) return std::move(errors).Take();
  return {};
}

Status TakeFile(const Script& script, StepScript& step) {
  SLUICE_TRY(step.text, ReadScriptText(script));
  std::string checksum = ScriptChecksum(step.text);
  if (checksum == script.checksum && step.text.size() == script.size) {
    step.script = script;
    return {};
  }
  // Somebody wrote to the file since it was loaded.
  SLUICE_TRY(step.script, ParseScript(step.text, script.path));
  step.script.checksum = std::move(checksum);
  return {};
}

Error NoScript(const std::string& revision) {
  return MakeError(ErrorCode::kNoStoredScript,
                   "neither the files nor the database have the script of revision " + revision,
                   "use the files that it was applied with (a newer checkout or image)");
}

// Once the text is there: what is stored of it, whether the step can be made, its units.
Status Complete(StepScript& step, int server_major) {
  step.stored = DescribeStored(step.script);
  if (step.direction() == Direction::kDowngrade) SLUICE_CHECK(CheckReversible(step));
  SLUICE_CHECK(CheckFinished(step));
  SLUICE_TRY(step.units, ReadUnits(step.text, step.script, step.direction(), server_major));
  return {};
}

}  // namespace

Status CheckReversible(const StepScript& step) {
  for (const Section& section : step.script.sections) {
    if (section.kind != SectionKind::kDowngrade || !section.irreversible) continue;
    Error error = MakeError(ErrorCode::kIrreversible,
                            "revision " + step.step.revision + " can't be taken back: " + *section.irreversible,
                            "go forward with a new revision instead, or restore a backup");
    error.where.file = step.script.path;
    error.where.line = section.line;
    return error;
  }
  if (HasSection(step.script, SectionKind::kDowngrade)) return {};
  for (const Section& section : step.script.sections) {
    const std::string_view body = std::string_view(step.text).substr(section.begin, section.end - section.begin);
    if (section.kind != SectionKind::kUpgrade || IsBlank(body)) continue;
    Error error = MakeError(ErrorCode::kIrreversible,
                            "revision " + step.step.revision + " has no downgrade section: nothing says how to undo it",
                            "go forward with a new revision instead; a revision that is not applied yet may get a "
                            "`-- sluice:downgrade` section");
    error.where.file = step.script.path;
    error.where.line = section.line;
    return error;
  }
  return {};
}

Status CheckOneTransaction(const std::vector<StepScript>& steps) {
  for (const StepScript& step : steps) {
    for (const UnitSection& section : step.units.sections) {
      if (section.section.transaction) continue;
      Error error = MakeError(ErrorCode::kUsage,
                              "revision " + step.step.revision +
                                  " has a section outside a transaction, so "
                                  "--single-transaction can't hold",
                              "leave --single-transaction away, or upgrade to the revision before it first");
      error.where.file = step.script.path;
      error.where.line = section.section.line;
      return error;
    }
  }
  return {};
}

StoredRevision DescribeStored(const Script& script) {
  StoredRevision stored;
  stored.revision = script.revision;
  stored.file_name = FileName(script.path);
  stored.checksum = script.checksum;
  return stored;
}

Status StepReader::TakeStored(StepScript& step) {
  const Bookkeeping bookkeeping(settings_, situation_.database.version_table_schema);
  SLUICE_TRY(step.text, ReadStoredScript(session_, bookkeeping, step.step.revision));
  SLUICE_TRY(step.script, ParseScript(step.text, step.step.revision + " (stored)"));
  step.script.checksum = ScriptChecksum(step.text);
  step.from_database = true;
  return {};
}

// Where the text of a step comes from: the file that is to be read, or nullptr when the stored text was taken.
Result<const Script*> StepReader::FindText(StepScript& step) {
  const std::string& revision = step.step.revision;
  const Script* file = FindScript(project_, revision);
  const auto& applied = situation_.database.applied;
  const auto last_moved_by_sluice = [&] {
    return std::any_of(applied.begin(), applied.end(),
                       [&revision](const AppliedChecksum& one) { return one.revision == revision; });
  };
  const bool downgrades = step.direction() == Direction::kDowngrade;
  const bool wants_stored = downgrades && (situation_.Progress(revision) != nullptr || last_moved_by_sluice());
  if (!wants_stored && file != nullptr) {
    if (downgrades) {
      observer_.Notice(
          {"NOTE", "", "revision " + revision + " was not applied by Sluice: its downgrade is taken from " + file->path,
           "", "", ""});
    }
    return file;
  }
  if (situation_.database.has_bookkeeping) {
    Status stored = TakeStored(step);
    if (stored.ok()) return nullptr;
    if (stored.error().code != ErrorCode::kNoStoredScript) return std::move(stored).error();
  }
  if (file == nullptr) return NoScript(revision);
  return file;
}

Result<StepScript> ReadStepFromFiles(const Project& project, const PlannedStep& planned, int server_major) {
  StepScript step;
  step.step = planned;
  const Script* file = FindScript(project, planned.revision);
  if (file == nullptr) return NoScript(planned.revision);
  SLUICE_CHECK(TakeFile(*file, step));
  SLUICE_CHECK(Complete(step, server_major));
  return step;
}

Result<std::vector<StepScript>> StepReader::ReadSteps(const std::vector<PlannedStep>& planned) {
  std::vector<StepScript> steps(planned.size());
  std::vector<const Script*> files(planned.size());
  std::vector<Status> read(planned.size());
  for (std::size_t i = 0; i < planned.size(); ++i) {
    steps[i].step = planned[i];
    Result<const Script*> found = FindText(steps[i]);
    if (found.ok()) {
      files[i] = *found;
    } else if (found.error().code == ErrorCode::kConnectionLost) {
      return std::move(found).error();
    } else {
      read[i] = std::move(found).error();
    }
  }
  ParallelFor(planned.size(), kStepsPerThread, [&](std::size_t i) {
    if (read[i].ok() && files[i] != nullptr) read[i] = TakeFile(*files[i], steps[i]);
    if (read[i].ok()) read[i] = Complete(steps[i], situation_.database.server_major);
  });
  ErrorList errors;
  for (Status& status : read) {
    if (!status.ok()) errors.Add(std::move(status).error());
  }
  if (!errors.empty()) return std::move(errors).Take();
  return steps;
}

Result<ScriptUnits> StepReader::ReadOpposite(const StepScript& step, int server_major) {
  const Direction opposite = step.direction() == Direction::kUpgrade ? Direction::kDowngrade : Direction::kUpgrade;
  return ReadUnits(step.text, step.script, opposite, server_major);
}

}  // namespace sluice
