// The online form of one operation: the steps that a careful person would take instead of the plain statement. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/operation.h"
#include "core/sql/emit/emit.h"

namespace sluice {

// Why a step is there, as OnlineStep::why.
inline constexpr const char* kConcurrently = "CONCURRENTLY: writers go on meanwhile.";
inline constexpr const char* kNotValidWhy =
    "NOT VALID: new rows are checked from now on, and those that are there aren't read.";
inline constexpr const char* kValidateWhy = "Reads the rows that were there; writers go on meanwhile.";

// One of the steps that bring an object about, without what comes before and after it.
struct OnlineStep {
  std::vector<std::string> make;
  bool make_in_transaction = true;
  std::vector<std::string> take;  // takes it back; fit to run whether or not the steps after it have been made
  bool take_in_transaction = true;
  bool alone = false;  // reads or writes all rows: in a section of its own, away from strong locks
  std::string why;     // one sentence for the script; empty: it speaks for itself
};

// How an object (or an attribute of it) comes about in several steps, and how it goes in one.
struct OnlineForm {
  std::vector<OnlineStep> steps;
  std::vector<std::string> drop;  // in one step, from the state that all steps have led to
  bool drop_in_transaction = true;
};

// The online form of what `operation` brings about (kCreate, kAlter); for what it takes away ask for the inverse's.
// Empty when the plain form is as good: nothing of it reads or writes the rows of a table under a strong lock, or
// PostgreSQL has no other form. REQUIRES: the table is in both schemas.
std::optional<OnlineForm> FindOnlineForm(const Operation& operation, const EmitContext& context);

}  // namespace sluice
