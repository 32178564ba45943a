// One test of one kind of object: DDL before and after a change.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace sluice::testing {

// `given` is there all the time. From it the objects of `before` are created, changed to `after`, changed back, and
// dropped.
struct KindCase {
  std::string name;
  std::string given;
  std::string before;
  std::string after;
  std::string change;  // a part of the statements from `before` to `after`: the form of the change
  int since = 13;      // PostgreSQL's major version that has it
};

inline void PrintTo(const KindCase& kind_case, std::ostream* out) { *out << kind_case.name; }

// By family of kinds.
std::vector<KindCase> ModuleCases();
std::vector<KindCase> TypeCases();
std::vector<KindCase> RoutineCases();
std::vector<KindCase> TriggerCases();
std::vector<KindCase> OperatorCases();
std::vector<KindCase> TextSearchCases();
std::vector<KindCase> OutsideCases();
std::vector<KindCase> AnnotationCases();

}  // namespace sluice::testing
