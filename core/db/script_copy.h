// A script too large for a literal, as the data of COPY: its hex digits are made piece by piece, so that the text is
// never held twice.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/db/record.h"

namespace sluice {

class ScriptCopy {
 public:
  // `script` and what it refers to outlive this.
  ScriptCopy(const ScriptRecord& script, const RecordWriter& writer);

  // The COPY statement; the row that it brings is marked as applied when the unit finishes the revision.
  std::string statement() const;
  // The next piece of its data; empty at the end. Valid until the next call.
  std::string_view Next();

 private:
  const ScriptRecord& script_;
  const RecordWriter& writer_;
  std::string piece_;
  std::size_t offset_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace sluice
