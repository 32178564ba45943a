// The body of a script before it is text: what autogenerate writes. Passive data.
#pragma once

#include <string>
#include <vector>

namespace sluice {

// `-- sluice:check`: a query that returns no row when the upgrade may run.
struct GeneratedCheck {
  std::string message;  // why the upgrade is refused, one line
  std::string query;    // without the semicolon
};

// A section of the upgrade and the one of the downgrade that takes it back. Statements stand without their semicolons;
// comment lines may stand in front of them.
struct SectionPair {
  bool upgrade_in_transaction = true;
  bool downgrade_in_transaction = true;
  std::vector<std::string> upgrade;    // in order
  std::vector<std::string> downgrade;  // in order; may be empty: there is nothing to take back
  bool upgrade_repeats = false;        // not in a transaction, and made so that what was cut off can run again
  bool downgrade_repeats = false;
};

struct GeneratedScript {
  std::vector<GeneratedCheck> checks;
  std::vector<SectionPair> sections;
};

}  // namespace sluice
