#include "core/db/script_copy.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

}  // namespace

ScriptCopy::ScriptCopy(const ScriptRecord& script, const RecordWriter& writer) : script_(script), writer_(writer) {}

std::string ScriptCopy::statement() const { return writer_.CopyScript(); }

std::string_view ScriptCopy::Next() {
  if (ended_) return {};
  if (!started_) {
    started_ = true;
    piece_ = writer_.CopyLineStart(script_);
    return piece_;
  }
  if (offset_ == script_.bytes.size()) {
    ended_ = true;
    return "\n";
  }
  const std::string_view bytes = script_.bytes.substr(offset_, kPieceBytes);
  offset_ += bytes.size();
  piece_ = HexDigits(bytes);
  return piece_;
}

}  // namespace sluice
