#include "core/sql/emit/emission.h"

#include <algorithm>

#include "core/sql/identifier.h"

namespace sluice {

bool Emission::Changes(AttributeName name) const {
  return std::binary_search(operation_.changes.begin(), operation_.changes.end(), name);
}

std::string Emission::Name(const ObjectId& id) const {
  return QuoteQualified(id.schema == schema().home_schema ? std::string_view() : id.schema, id.name);
}

std::string Emission::ParentName(const ObjectId& id) const {
  return QuoteQualified(id.schema == schema().home_schema ? std::string_view() : id.schema, id.parent);
}

std::string Emission::NameAside() const {
  ObjectId aside = id();
  aside.name = AsideName(aside.name);
  return Name(aside);
}

bool Emission::ParentIs(ObjectKind kind, const ObjectId& id) const {
  return schema().Find({kind, id.schema, {}, id.parent, {}}) != Schema::kNone;
}

std::vector<std::string_view> LinesOf(std::string_view value) {
  std::vector<std::string_view> lines;
  while (!value.empty()) {
    const std::size_t end = value.find('\n');
    lines.push_back(value.substr(0, end));
    value.remove_prefix(end == std::string_view::npos ? value.size() : end + 1);
  }
  return lines;
}

}  // namespace sluice
