// Prints the text of scripts for `--sql`, unchanged.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/engine/step_script.h"
#include "core/engine/unit.h"

namespace sluice {

// Takes the script piece by piece; a piece is valid during the call.
using SqlSink = std::function<void(std::string_view)>;

class SqlPrinter {
 public:
  // `for_psql`: statements that psql would change are written so that it doesn't (core/sql/psql_text.h).
  SqlPrinter(const SqlSink& sink, bool for_psql) : sink_(sink), for_psql_(for_psql) {}

  void Print(std::string_view text) const { sink_(text); }
  // A comment of one line.
  void Comment(const std::string& text) const;

  // A transactional section. Errors: as SectionReader's.
  Status Section(const StepScript& step, const UnitSection& section) const;
  // The statements [first, end) of a section that isn't streamed.
  void Statements(const StepScript& step, const UnitSection& section, std::size_t first, std::size_t end) const;

 private:
  void Run(std::string_view text, const SectionStatements& statements, std::size_t first, std::size_t end) const;

  const SqlSink& sink_;
  bool for_psql_;
};

}  // namespace sluice
