// Another tool's migrations on their way to scripts in a versions location: all of them are written, or none.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/error_list.h"
#include "core/base/result.h"
#include "core/model/revision.h"

namespace sluice {

struct ImportedRevision {
  std::string id;
  std::string source;  // the file it came from
  std::string path;    // the script
  bool has_sections_outside_transaction = false;
  bool irreversible = false;            // nothing in the source goes down
  std::vector<std::string> unfinished;  // why a person has to write a part of it, one line for each
};

struct ImportReport {
  std::vector<ImportedRevision> revisions;  // parents first
  std::vector<std::string> ignored;         // paths that belong to no migration
  std::vector<std::string> notes;           // what is not in the scripts, one line each
};

struct ImportDraft {
  Revision revision;
  std::string body;  // of the script: its sections
  ImportedRevision report;
};

class ImportWriter {
 public:
  // Makes the location when it writes, if it isn't there.
  explicit ImportWriter(std::string location) : location_(std::move(location)) {}

  // Reads which ids the location has already. Errors: as LoadScripts.
  Status FindExisting();

  // Refusals are gathered (kInvalidIdentifier, kDuplicateRevision with both files, kScript for sections that can't be
  // read again). `name`: what the other tool calls it. `sections`: how many `draft.body` holds.
  void Add(ImportDraft draft, const std::string& name, std::size_t sections);
  void Fail(Error error) { errors_.Add(std::move(error)); }

  // Writes all drafts, in order. Errors: what was gathered, at once, before anything is written; kFile, kExists, after
  // which what was written is removed again.
  Result<std::vector<ImportedRevision>> Write();

 private:
  void CheckId(const ImportDraft& draft, const std::string& name);

  std::string location_;
  std::map<std::string, std::string> files_;  // id → the file it is in, or comes from
  std::vector<ImportDraft> drafts_;
  ErrorList errors_;
};

}  // namespace sluice
