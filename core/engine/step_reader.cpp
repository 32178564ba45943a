#include "core/engine/step_reader.h"

#include <algorithm>
#include <utility>

#include "core/base/error_list.h"
#include "core/script/script_parser.h"

namespace sluice {
namespace {

std::string FileName(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

bool HasSection(const Script& script, SectionKind kind) {
  return std::any_of(script.sections.begin(), script.sections.end(),
                     [kind](const Section& section) { return section.kind == kind; });
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// A revision that did something and doesn't say how it is undone can't be taken back: dropping its row alone would
// leave its objects behind.
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
  SLUICE_TRY(step.script, ParseScript(step.text, script.path));
  step.script.checksum = ScriptChecksum(step.text);
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

Status StepReader::FetchText(StepScript& step) {
  const std::string& revision = step.step.revision;
  const Script* file = project_.scripts.Find(revision);
  const auto& applied = situation_.database.applied;
  const bool last_moved_by_sluice = std::any_of(
      applied.begin(), applied.end(), [&revision](const AppliedChecksum& one) { return one.revision == revision; });
  const bool partial = situation_.Progress(revision) != nullptr;
  const bool wants_stored = step.direction() == Direction::kDowngrade && (last_moved_by_sluice || partial);
  if (!wants_stored && file != nullptr) {
    if (step.direction() == Direction::kDowngrade) {
      observer_.Notice(
          {"NOTE", "", "revision " + revision + " was not applied by Sluice: its downgrade is taken from " + file->path,
           "", "", ""});
    }
    return TakeFile(*file, step);
  }
  if (situation_.database.has_bookkeeping) {
    Status stored = TakeStored(step);
    if (stored.ok() || stored.error().code != ErrorCode::kNoStoredScript) return stored;
  }
  if (file != nullptr) return TakeFile(*file, step);
  return NoScript(revision);
}

Result<StepScript> StepReader::ReadStep(const PlannedStep& planned) {
  StepScript step;
  step.step = planned;
  SLUICE_CHECK(FetchText(step));
  SLUICE_CHECK(Complete(step, situation_.database.server_major));
  return step;
}

Result<StepScript> ReadStepFromFiles(const Project& project, const PlannedStep& planned, int server_major) {
  StepScript step;
  step.step = planned;
  const Script* file = project.scripts.Find(planned.revision);
  if (file == nullptr) return NoScript(planned.revision);
  SLUICE_CHECK(TakeFile(*file, step));
  SLUICE_CHECK(Complete(step, server_major));
  return step;
}

Result<std::vector<StepScript>> StepReader::ReadSteps(const std::vector<PlannedStep>& planned) {
  std::vector<StepScript> steps;
  steps.reserve(planned.size());
  ErrorList errors;
  for (const PlannedStep& one : planned) {
    Result<StepScript> step = ReadStep(one);
    if (step.ok()) {
      steps.push_back(std::move(*step));
    } else if (step.error().code == ErrorCode::kConnectionLost) {
      return std::move(step).error();
    } else {
      errors.Add(std::move(step).error());
    }
  }
  if (!errors.empty()) return std::move(errors).Take();
  return steps;
}

Result<ScriptUnits> StepReader::ReadOpposite(const StepScript& step, int server_major) {
  const Direction opposite = step.direction() == Direction::kUpgrade ? Direction::kDowngrade : Direction::kUpgrade;
  return ReadUnits(step.text, step.script, opposite, server_major);
}

}  // namespace sluice
