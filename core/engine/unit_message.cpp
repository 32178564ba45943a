#include "core/engine/unit_message.h"

#include <algorithm>
#include <string_view>

namespace sluice {
namespace {

bool IsCountedTag(std::string_view tag) {
  for (const std::string_view verb : {"INSERT", "UPDATE", "DELETE", "MERGE", "COPY"}) {
    if (tag.substr(0, verb.size()) == verb) return true;
  }
  return false;
}

}  // namespace

MessageMap MapMessage(const UnitTask& task, const std::string& message, std::size_t script_begin, std::size_t leading,
                      std::span<const Statement> statements) {
  MessageMap map;
  map.message = &message;
  map.text = task.step.text;
  map.file = task.step.script.path;
  map.script_begin = script_begin;
  map.leading = leading;
  map.statements = statements.data();
  map.statement_count = statements.size();
  if (statements.empty()) return map;
  map.text_begin = statements.front().begin;
  map.length = statements.back().end - statements.front().begin;
  return map;
}

std::uint64_t CountRows(const MessageOutcome& outcome, std::size_t leading, std::size_t statements) {
  std::uint64_t rows = 0;
  const std::size_t end = std::min(leading + statements, outcome.results.size());
  for (std::size_t i = leading; i < end; ++i) {
    if (IsCountedTag(outcome.results[i].tag)) rows += outcome.results[i].rows;
  }
  return rows;
}

}  // namespace sluice
