#include "core/engine/sql_printer.h"

#include "core/script/section_reader.h"
#include "core/sql/psql_text.h"

namespace sluice {

void SqlPrinter::Comment(const std::string& text) const {
  std::string line = "-- " + text;
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  sink_(line + "\n");
}

Status SqlPrinter::Section(const StepScript& step, const UnitSection& section) const {
  if (!section.streamed) {
    Statements(step, section, 0, section.statements.statements.size());
    return {};
  }
  SectionReader reader(step.text, step.script, section.section, 0);
  while (!reader.done()) {
    SLUICE_TRY(const SectionStatements window, reader.Next());
    Run(step.text, window, 0, window.statements.size());
  }
  return {};
}

void SqlPrinter::Statements(const StepScript& step, const UnitSection& section, std::size_t first,
                            std::size_t end) const {
  Run(step.text, section.statements, first, end);
}

// Statements that need nothing stay together, with the comments between them. psql looks at the settings that change
// how text is read at the beginning of every line.
void SqlPrinter::Run(std::string_view text, const SectionStatements& section, std::size_t first,
                     std::size_t end) const {
  const std::vector<Statement>& statements = section.statements;
  const auto print_until = [&](std::size_t stop) {
    if (first == stop) return;
    sink_(text.substr(statements[first].begin, statements[stop - 1].end - statements[first].begin));
    sink_(";\n");
  };
  for (std::size_t i = first; i < end; ++i) {
    const std::string_view statement = text.substr(statements[i].begin, statements[i].end - statements[i].begin);
    if (for_psql_ && PsqlMayChange(statement)) {
      print_until(i);
      sink_(PsqlVerbatim(statement));
      first = i + 1;
    } else if (section.infos[i].ends_message) {
      print_until(i + 1);
      first = i + 1;
    }
  }
  print_until(end);
}

}  // namespace sluice
