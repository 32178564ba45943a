// A table's index, constraint or column by itself, to ask how it would be made. Pure.
#pragma once

#include "core/model/operation.h"
#include "core/model/schema.h"
#include "core/sql/emit/emit.h"

namespace sluice {

class LoneObject {
 public:
  // `object` belongs to a table of `schema`.
  LoneObject(const Schema& schema, const SchemaObject& object);

  const Operation& create() const { return create_; }
  // Valid as long as this.
  EmitContext Context(int server_major) const { return {before_, after_, server_major}; }

 private:
  Schema before_;  // only the table
  Schema after_;
  Operation create_;
};

}  // namespace sluice
