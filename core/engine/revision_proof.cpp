#include "core/engine/revision_proof.h"

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "core/base/file_system.h"
#include "core/diff/difference_text.h"
#include "core/engine/migrator.h"
#include "core/engine/project_inspection.h"
#include "core/engine/quiet_observer.h"
#include "core/engine/replay.h"
#include "core/script/script_directory.h"

namespace sluice {
namespace {

constexpr std::size_t kShownDifferences = 10;

// A directory of this run alone, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-proof-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Error ProofFailed(const std::string& what, const Error* cause) {
  Error error = MakeError(ErrorCode::kProof, "the generated revision could not be proven: " + what,
                          "no file was written; this is a defect of Sluice: write the revision by hand (--empty) and "
                          "report it with the models");
  if (cause == nullptr) return error;
  error.message += ": " + cause->message;
  error.where = cause->where;
  error.server = cause->server;
  return error;
}

Status ExpectSame(const Schema& found, const Schema& wanted, const std::string& when) {
  const std::vector<Difference> differences = WithoutPositions(CompareSchemas(found, wanted, {}));
  if (differences.empty()) return {};
  Error error = ProofFailed(when + " something differs", nullptr);
  for (std::size_t i = 0; i < differences.size() && i < kShownDifferences; ++i) {
    error.server.context +=
        (i == 0 ? "" : "\n") + DifferenceText(differences[i], found, wanted, "the outcome", "what is wanted");
  }
  return error;
}

class Proof {
 public:
  Proof(const RunContext& context, const Project& project, const PreparedDatabase& before, const Schema& before_schema,
        const std::vector<ProofStep>& steps)
      : context_(context), project_(project), before_(before), before_schema_(before_schema), steps_(steps) {}

  Status Run() {
    SLUICE_TRY(const ScratchDatabase database, before_.Copy());
    settings_ = ScratchSettings(context_.settings, database.connection());
    for (const ProofStep& step : steps_) {
      SLUICE_CHECK(WriteRevision(directory_.path(), step.script.revision, step.script.body));
    }
    SLUICE_TRY(ScriptDirectory added, LoadScripts({{directory_.path(), false}}));
    std::move(added.scripts.begin(), added.scripts.end(), std::back_inserter(project_.scripts.scripts));
    SLUICE_TRY(project_.graph, RevisionGraph::Build(project_.scripts.Revisions()));
    for (const ProofStep& step : steps_) {
      SLUICE_CHECK(Move([&](Migrator& migrator) { return migrator.Upgrade({.targets = {step.script.revision.id}}); },
                        "the upgrade fails"));
      SLUICE_CHECK(Compare(database, *step.after, "after the upgrade"));
    }
    for (std::size_t i = steps_.size(); i-- > 0;) {
      SLUICE_CHECK(Move([](Migrator& migrator) { return migrator.Downgrade({}); }, "the downgrade fails"));
      SLUICE_CHECK(Compare(database, i == 0 ? before_schema_ : *steps_[i - 1].after, "after the downgrade"));
    }
    return {};
  }

 private:
  template <typename Request>
  Status Move(const Request& request, const std::string& trouble) {
    QuietObserver observer;
    Migrator migrator({settings_, observer, context_.clock, context_.interrupt}, project_);
    RunReport report = request(migrator);
    if (!report.error) return {};
    if (report.error->code == ErrorCode::kInterrupted) return std::move(*report.error);
    return ProofFailed(trouble, &*report.error);
  }

  Status Compare(const ScratchDatabase& database, const Schema& wanted, const std::string& when) {
    SLUICE_TRY(const Schema found, InspectDatabase(database.conninfo(), ProjectInspectOptions(context_.settings)));
    return ExpectSame(found, wanted, when);
  }

  const RunContext& context_;
  Project project_;  // with the scripts to be proven
  const PreparedDatabase& before_;
  const Schema& before_schema_;
  const std::vector<ProofStep>& steps_;
  TemporaryDirectory directory_;
  Settings settings_;
};

}  // namespace

Status ProveRevisions(const RunContext& context, const Project& project, const PreparedDatabase& before,
                      const Schema& before_schema, const std::vector<ProofStep>& steps) {
  return Proof(context, project, before, before_schema, steps).Run();
}

}  // namespace sluice
