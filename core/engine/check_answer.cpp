#include "core/engine/check_answer.h"

#include <string>

#include "core/base/source_excerpt.h"

namespace sluice {
namespace {

std::string ShowRow(const CommandResult& answer, const Row& row) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) line += ", ";
    line += answer.columns[i] + " = " + row[i].value_or("NULL");
  }
  return line;
}

}  // namespace

std::string CheckMessage(const Section& section) {
  if (!section.message.empty()) return section.message;
  return "the " + std::string(SectionKindName(section.kind)) + " found what must not be";
}

std::string CheckHint(const Section& section) {
  return section.kind == SectionKind::kCheck
             ? "nothing of this revision was run; mend the data, then run the same command again"
             : "the section was rolled back; mend the script, then run the same command again";
}

Status JudgeCheck(const Section& section, const CommandResult& answer, const MessageMap& map) {
  if (answer.rows == 0) return {};
  const bool one_boolean = answer.rows == 1 && answer.columns.size() == 1 && answer.boolean.front();
  if (one_boolean && answer.first_rows.front().front() == "t") return {};
  Error error = MakeError(ErrorCode::kCheckFailed, CheckMessage(section), CheckHint(section));
  error.where = LocateOffset(map.file, map.text, map.text_begin);
  if (!one_boolean) {
    error.server.detail = std::to_string(answer.rows) + (answer.rows == 1 ? " row:" : " rows, the first:");
    for (const Row& row : answer.first_rows) error.server.detail += "\n" + ShowRow(answer, row);
  }
  return error;
}

}  // namespace sluice
