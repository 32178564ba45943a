#include "operator/migration/reconciler.h"

#include <algorithm>

#include "operator/api/schema_migration_codec.h"
#include "operator/migration/database_name.h"
#include "operator/migration/gate_patches.h"
#include "operator/migration/resources.h"

namespace sluice::migration {

namespace {

using kube::ApiFailure;
using kube::ApiResult;
using kube::ApiStatus;
using kube::Done;
using kube::Json;

kube::ObjectName NameOf(const api::SchemaMigration& resource, std::string subresource = {}) {
  return {kSchemaMigrations, resource.namespace_name, resource.name, std::move(subresource)};
}

}  // namespace

Reconciler::Reconciler(kube::Client& client, Cache& cache, std::function<void(const runtime::EventNews&)> tell,
                       ReconcilerSettings settings, runtime::WallClock& clock)
    : client_(client), cache_(cache), tell_(std::move(tell)), settings_(std::move(settings)), clock_(clock) {}

ApiResult<Reconciler::Pause> Reconciler::Reconcile(const std::string& key) {
  const std::size_t slash = key.find('/');
  const std::string namespace_name = key.substr(0, slash);
  const std::string name = key.substr(slash + 1);
  ApiResult<Json> object = client_.Get({kSchemaMigrations, namespace_name, name});
  if (!object.ok() && object.error().failure != ApiFailure::kNotFound) return object.error();
  if (!object.ok()) return WorkGates(namespace_name, name, nullptr);

  api::SchemaMigration resource = api::ReadSchemaMigration(*object);
  SLUICE_TRY(const Observed seen, Observe(resource));
  const Decision decision = Decide(seen);
  SLUICE_CHECK(Act(resource, decision));
  resource.status = decision.status;
  SLUICE_TRY(Pause pause, WorkGates(namespace_name, name, &resource));
  if (decision.look_again && (!pause || *decision.look_again < *pause)) pause = decision.look_again;
  return pause;
}

ApiStatus Reconciler::Act(const api::SchemaMigration& resource, const Decision& decision) {
  std::string version = resource.resource_version;
  if (decision.finalizer && !resource.has_finalizer) SLUICE_CHECK(SetFinalizer(resource, true, &version));
  if (decision.start) {
    if (!Claim(resource)) {
      kube::ApiError taken = MakeError(ErrorCode::kNotUpToDate, "another resource works on the same database");
      taken.failure = ApiFailure::kConflict;
      return taken;
    }
    SLUICE_CHECK(MakeJob(resource, *decision.start));
  }
  for (const std::string& job : decision.cancel) SLUICE_CHECK(Cancel(resource.namespace_name, job));
  for (const std::string& name : decision.forget_approved) {
    SLUICE_TRY(const std::optional<GatedDeployment> deployment, FindDeployment(resource.namespace_name, name));
    if (deployment) SLUICE_CHECK(Patch(*deployment, ForgetApprovedPatch(*deployment)));
  }
  const Json status = api::WriteStatus(decision.status);
  if (status != api::WriteStatus(resource.status)) {
    const Json object = {
        {"apiVersion", api::kApiVersion},
        {"kind", api::kKind},
        {"metadata", {{"name", resource.name}, {"namespace", resource.namespace_name}, {"resourceVersion", version}}},
        {"status", status}};
    SLUICE_TRY(const Json written, client_.Replace(NameOf(resource, "status"), object));
    version = kube::TextAt(written, {"metadata", "resourceVersion"});
    for (const News& news : decision.news) Tell(resource, news);
  }
  for (const PutBack& order : decision.put_back) SLUICE_CHECK(PutTemplateBack(resource.namespace_name, order));
  if (!decision.start && !decision.finalizer) Unclaim(resource.uid);
  for (const std::string& job : decision.let_go) SLUICE_CHECK(LetGo(resource.namespace_name, job));
  if (!decision.finalizer && resource.has_finalizer) SLUICE_CHECK(SetFinalizer(resource, false, &version));
  return Done{};
}

ApiStatus Reconciler::SetFinalizer(const api::SchemaMigration& resource, bool wanted, std::string* version) {
  Json finalizers = resource.other_finalizers;
  if (wanted) finalizers.push_back(api::kFinalizer);
  const Json patch = {{"metadata", {{"resourceVersion", *version}, {"finalizers", finalizers}}}};
  const ApiResult<Json> patched = client_.MergePatch(NameOf(resource), patch);
  if (!patched.ok()) {
    if (!wanted && patched.error().failure == ApiFailure::kNotFound) return Done{};
    return patched.error();
  }
  *version = kube::TextAt(*patched, {"metadata", "resourceVersion"});
  return Done{};
}

ApiStatus Reconciler::MakeJob(const api::SchemaMigration& resource, const JobOrder& order) {
  const ApiResult<Json> made = client_.Create({kJobs, resource.namespace_name, {}}, BuildJob(resource, order));
  // The next look knows of it, whenever the watch will tell; so with the other writes to Jobs.
  if (made.ok()) {
    cache_.jobs.Changed(*made);
  } else if (made.error().failure != ApiFailure::kExists) {  // made before, by whoever stopped before it could say so
    return made.error();
  }
  return Done{};
}

ApiStatus Reconciler::LetGo(const std::string& namespace_name, const std::string& job) {
  const Json patch = {{"spec", {{"ttlSecondsAfterFinished", settings_.job_ttl.count()}}}};
  const ApiResult<Json> patched = client_.MergePatch({kJobs, namespace_name, job}, patch);
  if (patched.ok()) {
    cache_.jobs.Changed(*patched);
  } else if (patched.error().failure != ApiFailure::kNotFound) {
    return patched.error();
  }
  return Done{};
}

ApiStatus Reconciler::Cancel(const std::string& namespace_name, const std::string& job) {
  const ApiResult<Json> gone = client_.Delete({kJobs, namespace_name, job}, Json());
  if (!gone.ok() && gone.error().failure != ApiFailure::kNotFound) return gone.error();
  return Done{};
}

void Reconciler::Tell(const api::SchemaMigration& resource, const News& news) {
  tell_({.regarding = {.api_version = std::string(api::kApiVersion),
                       .kind = std::string(api::kKind),
                       .namespace_name = resource.namespace_name,
                       .name = resource.name,
                       .uid = resource.uid},
         .warning = news.warning,
         .reason = news.reason,
         .action = "Migrate",
         .note = news.note,
         .topic = std::to_string(resource.generation)});
}

std::string Reconciler::BusyWith(const api::SchemaMigration& resource) {
  const std::lock_guard lock(mutex_);
  return HolderOf(resource);
}

bool Reconciler::Claim(const api::SchemaMigration& resource) {
  const std::lock_guard lock(mutex_);
  if (!HolderOf(resource).empty()) return false;
  claims_.insert(resource.uid);
  return true;
}

void Reconciler::Unclaim(const std::string& uid) {
  const std::lock_guard lock(mutex_);
  claims_.erase(uid);
}

std::string Reconciler::HolderOf(const api::SchemaMigration& resource) {
  std::set<std::string> working = claims_;
  cache_.jobs.ForEach([&](const std::string&, const JobView& job) {
    if (job.state == JobState::kRunning) working.insert(job.owner_uid);
  });
  working.erase(resource.uid);
  if (working.empty()) return {};
  const std::vector<std::string> wanted = DatabasesOf(resource);
  const std::string place = resource.namespace_name + "/";
  std::string holder;
  cache_.resources.ForEach([&](const std::string& key, const ResourceView& view) {
    if (!working.contains(view.uid)) return;
    // A Secret's name means something in its namespace only; an address may be the same thing in all of them.
    const bool same_name =
        key.starts_with(place) && std::any_of(wanted.begin(), wanted.end(), [&](const std::string& database) {
          return std::find(view.databases.begin(), view.databases.end(), database) != view.databases.end();
        });
    const bool same_id = !view.database_id.empty() && view.database_id == resource.status.database_id;
    if (same_name || same_id) holder = key;
  });
  return holder;
}

}  // namespace sluice::migration
