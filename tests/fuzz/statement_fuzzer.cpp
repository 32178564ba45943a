// Any text as a statement: InspectStatement, ParseTrouble and StatementLosses never fail.
#include "core/sql/statement_info.h"
#include "core/sql/statement_loss.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const sluice::StatementInfo info = sluice::InspectStatement(text);
  const auto trouble = sluice::ParseTrouble(text);
  if (trouble.has_value() && trouble->offset > size) __builtin_trap();
  if (!info.parsed && !info.kind.empty()) __builtin_trap();
  for (const std::string& loss : sluice::StatementLosses(text)) {
    if (loss.empty()) __builtin_trap();
  }
  return 0;
}
