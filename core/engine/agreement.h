// Do the models, the scripts and the database agree, and which of the three differs how? What `sluice check` answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/engine/migrator.h"
#include "core/engine/situation.h"
#include "core/model/schema.h"
#include "core/sql/model_text.h"

namespace sluice {

struct AgreementReport {
  bool has_models = false;                 // models are configured
  std::vector<std::string> of_models;      // differences between what the models declare and what the scripts build
  std::vector<ModelNote> notes;            // of loading the models
  bool has_database = false;               // a database was asked
  std::vector<std::string> rows;           // its version rows
  std::vector<std::string> pending;        // revisions of the files that it doesn't have, in plan order
  std::vector<std::string> ahead;          // revisions that it has and the files don't
  std::vector<std::string> of_database;    // differences between what its revisions build and what is there
  std::vector<UnmanagedObject> unmanaged;  // of the models and of the database
  bool agree() const { return of_models.empty() && of_database.empty() && pending.empty() && ahead.empty(); }
};

// `migrator`: of the database that is asked, opened; nullptr: none is. Objects that the order of columns alone tells
// apart agree; of a table that is on one side only, its parts are not named. The database is compared with what its own
// revisions build; where the files don't have all of them, with nothing. Errors: those of models, scratch databases and
// inspections.
Result<AgreementReport> FindAgreement(const RunContext& context, const Project& project, Migrator* migrator);

// Would a program with these heads (ids of revisions) work on the database? Empty: yes. Otherwise why not: a head that
// isn't applied, or a contract revision that came after them.
std::string WhyNotFor(const RevisionGraph& graph, const std::vector<NodeId>& rows, const std::vector<NodeId>& heads);

}  // namespace sluice
