#include "core/engine/revision_proof.h"

#include <cstdlib>
#include <filesystem>
#include <future>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "core/base/file_system.h"
#include "core/diff/difference_text.h"
#include "core/engine/dump_witness.h"
#include "core/engine/migrator.h"
#include "core/engine/project_inspection.h"
#include "core/engine/quiet_observer.h"
#include "core/engine/replay.h"
#include "core/script/script_directory.h"
#include "core/sql/dump_text.h"

namespace sluice {
namespace {

constexpr std::size_t kShownDifferences = 10;

using Pieces = std::vector<std::string>;  // of a dump

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
  const std::vector<Difference> differences =
      WithoutParts(WithoutPositions(CompareSchemas(found, wanted, {})), found, wanted);
  if (differences.empty()) return {};
  Error error = ProofFailed(when + " something differs", nullptr);
  for (std::size_t i = 0; i < differences.size() && i < kShownDifferences; ++i) {
    error.server.context +=
        (i == 0 ? "" : "\n") + DifferenceText(differences[i], found, wanted, "the outcome", "what is wanted");
  }
  return error;
}

// What pg_dump says at the two ends, beside the inspector. When it can't say, the proof goes on without it.
class DumpProof {
 public:
  DumpProof(const RunContext& context, const ProofRequest& request) {
    if (request.everything_is_managed) {
      witness_ = DumpWitness::Find(context, request.before.connection(), request.server_major);
    }
  }

  // `before` has not been changed yet.
  void ReadEnds(const ScratchDatabase& before, const PreparedDatabase& models) {
    if (!witness_) return;
    auto of_models = Start(models.connection());
    before_ = Finish(Start(before.connection()));
    models_ = Finish(std::move(of_models));
  }

  bool asked() const { return witness_.has_value(); }
  ProofReport report() const { return {witness_.has_value(), why_not_}; }

  std::future<Result<Pieces>> Start(const ConnectionSettings& connection) const {
    return std::async(std::launch::async, [this, &connection] { return witness_->Read(connection); });
  }

  Status ExpectModels(std::future<Result<Pieces>> found) {
    return Expect(models_, Finish(std::move(found)), "upgrade");
  }
  Status ExpectBefore(std::future<Result<Pieces>> found) {
    return Expect(before_, Finish(std::move(found)), "downgrade");
  }

 private:
  Pieces Finish(std::future<Result<Pieces>> pending) {
    Result<Pieces> pieces = pending.get();
    if (pieces.ok()) return *std::move(pieces);
    why_not_ = pieces.error().message;
    return {};
  }

  Status Expect(const Pieces& wanted, const Pieces& found, const std::string& move) {
    if (!why_not_.empty()) {
      witness_.reset();
      return {};
    }
    const std::vector<std::string> lines = DumpDifference(wanted, found, kShownDifferences);
    if (lines.empty()) return {};
    Error error = ProofFailed("after the " + move + " pg_dump sees a difference (- wanted, + found)", nullptr);
    for (const std::string& line : lines) error.server.context += (error.server.context.empty() ? "" : "\n") + line;
    return error;
  }

  std::optional<DumpWitness> witness_;
  Pieces before_;
  Pieces models_;
  std::string why_not_;
};

class Proof {
 public:
  Proof(const RunContext& context, const Project& project, const ProofRequest& request)
      : context_(context), project_(project), request_(request), dump_(context, request) {}

  Result<ProofReport> Run() {
    SLUICE_TRY(const ScratchDatabase database, request_.before.Copy());
    dump_.ReadEnds(database, request_.models);
    settings_ = ScratchSettings(context_.settings, database.connection());
    const std::vector<ProofStep>& steps = request_.steps;
    for (const ProofStep& step : steps) {
      SLUICE_CHECK(WriteRevision(directory_.path(), step.script.revision, step.script.body));
    }
    SLUICE_TRY(ScriptDirectory added, LoadScripts({{directory_.path(), false}}));
    std::move(added.scripts.begin(), added.scripts.end(), std::back_inserter(project_.scripts.scripts));
    SLUICE_TRY(project_.graph, RevisionGraph::Build(project_.scripts.Revisions()));
    for (std::size_t i = 0; i < steps.size(); ++i) {
      SLUICE_CHECK(
          Move([&](Migrator& migrator) { return migrator.Upgrade({.targets = {steps[i].script.revision.id}}); },
               "the upgrade fails"));
      const bool last = i + 1 == steps.size();
      SLUICE_CHECK(Compare(database, *steps[i].after, "after the upgrade", last ? &DumpProof::ExpectModels : nullptr));
    }
    for (std::size_t i = steps.size(); i-- > 0;) {
      SLUICE_CHECK(Move([](Migrator& migrator) { return migrator.Downgrade({}); }, "the downgrade fails"));
      SLUICE_CHECK(Compare(database, i == 0 ? request_.before_schema : *steps[i - 1].after, "after the downgrade",
                           i == 0 ? &DumpProof::ExpectBefore : nullptr));
    }
    return dump_.report();
  }

 private:
  using DumpExpectation = Status (DumpProof::*)(std::future<Result<Pieces>>);

  template <typename Request>
  Status Move(const Request& request, const std::string& trouble) {
    QuietObserver observer;
    Migrator migrator({settings_, observer, context_.clock, context_.interrupt}, project_);
    RunReport report = request(migrator);
    if (!report.error) return {};
    if (report.error->code == ErrorCode::kInterrupted) return std::move(*report.error);
    return ProofFailed(trouble, &*report.error);
  }

  // `of_dump`: what pg_dump is expected to see; nullptr: it isn't asked here.
  Status Compare(const ScratchDatabase& database, const Schema& wanted, const std::string& when,
                 DumpExpectation of_dump) {
    std::future<Result<Pieces>> dump;
    if (of_dump != nullptr && dump_.asked()) dump = dump_.Start(database.connection());
    SLUICE_TRY(const Schema found, InspectDatabase(database.conninfo(), ProjectInspectOptions(context_.settings)));
    SLUICE_CHECK(ExpectSame(found, wanted, when));
    return dump.valid() ? (dump_.*of_dump)(std::move(dump)) : Status();
  }

  const RunContext& context_;
  Project project_;  // with the scripts to be proven
  const ProofRequest& request_;
  DumpProof dump_;
  TemporaryDirectory directory_;
  Settings settings_;
};

}  // namespace

Result<ProofReport> ProveRevisions(const RunContext& context, const Project& project, const ProofRequest& request) {
  return Proof(context, project, request).Run();
}

}  // namespace sluice
