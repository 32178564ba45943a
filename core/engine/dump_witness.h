// pg_dump as a second observer of a proof: what Sluice's own inspector doesn't see, it would not miss either.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/database.h"
#include "core/model/settings.h"

namespace sluice {

class DumpWitness {
 public:
  // With a pg_dump of this machine that can read servers of `server_major`; nullopt where there is none, or where the
  // connection needs a secret that can't be handed to it. `context` must outlive it.
  static std::optional<DumpWitness> Find(const RunContext& context, const ConnectionSettings& connection,
                                         int server_major);

  // The database's schema as DumpPieces (core/sql/dump_text.h) has it, without owners, privileges and Sluice's own
  // tables. Errors: kScratch with what pg_dump says; kInterrupted.
  Result<std::vector<std::string>> Read(const ConnectionSettings& connection) const;

 private:
  DumpWitness(const RunContext& context, std::string program) : context_(&context), program_(std::move(program)) {}

  const RunContext* context_;
  std::string program_;
};

}  // namespace sluice
