// Revisions from declared models: what the scripts build is compared with what the models declare, the difference is
// written as scripts, and the scripts are proven on scratch databases before anybody sees them.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/diff/differ.h"
#include "core/engine/database.h"
#include "core/engine/rename_guess.h"
#include "core/engine/revision_proof.h"
#include "core/engine/situation.h"
#include "core/model/revision.h"
#include "core/model/schema.h"
#include "core/sql/model_text.h"
#include "core/sql/rename_hint.h"

namespace sluice {

// What was decided about the revision before its text is known.
struct AutogenerateRequest {
  Revision revision;  // complete: id, parents, message, …
  // The id for what has to wait for the rollout, where the configuration separates it (`contract: separate`).
  std::string contract_id;
  bool allow_destructive = false;
  std::vector<RenameHint> renames;  // of the command line, besides those of the models
  RenameQuestion ask_rename;        // about drops and adds that look alike; empty: nobody is asked
};

// Rows that are gone for good after the revision.
struct DataLossReport {
  std::string what;     // `column tenant.note`
  std::string counted;  // `3 rows`, as the configured database has them; empty: not known
};

struct AutogenerateResult {
  std::vector<GeneratedRevision> revisions;  // in order; none: models and scripts agree
  std::vector<std::string> changes;  // in words, the whole of them: `+ table invoice`, `~ column tenant.name: …`
  std::vector<DataLossReport> losses;
  std::vector<ModelNote> notes;            // of loading the models
  std::vector<UnmanagedObject> unmanaged;  // of the models
  ProofReport proof;                       // of the revisions, where there are any
  std::vector<std::string> reported;       // differences that are never changed: the order of columns
};

// Writes no file. Errors: those of models and scratch databases (kModel, kScratch); kDataLoss without
// `allow_destructive`, naming what would be lost with the row counts of the configured database where it can be
// reached; kProof when the script does not do what it should, with what differs: a defect of Sluice, and no script.
Result<AutogenerateResult> Autogenerate(const RunContext& context, const Project& project,
                                        const AutogenerateRequest& request);

}  // namespace sluice
