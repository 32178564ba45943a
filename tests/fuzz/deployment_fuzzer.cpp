// Whatever stands in a Deployment: it is read, little of it is kept, and what is written to it does what it says.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "operator/migration/gate.h"
#include "operator/migration/gate_patches.h"

namespace {

using sluice::kube::Json;
using sluice::migration::GatedDeployment;
using sluice::migration::ReadDeployment;

constexpr sluice::api::Time kNow{std::chrono::seconds(1'795'694'400)};

void Require(bool condition) {
  if (!condition) std::abort();
}

GatedDeployment After(Json object, const Json& patch) {
  object.merge_patch(patch);
  return ReadDeployment(object);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto object = sluice::kube::ParseJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!object || !object->is_object()) return 0;
  const GatedDeployment read = ReadDeployment(*object);
  Require(read.template_hash.size() == 12 && read.approved.size() <= sluice::migration::kMostApproved);
  (void)DecideGate(read, {}, kNow);
  (void)RolloutOf(read, kNow, std::chrono::seconds(600));

  const GatedDeployment paused = After(*object, PausePatch(read, kNow));
  Require(paused.paused_by_us() && paused.held->hash == read.template_hash && paused.held->at == kNow);
  const GatedDeployment open = After(*object, OpenPatch(read, kNow));
  Require(open.is_approved() && !open.held && !open.failed && (!open.paused || !read.held));
  const GatedDeployment released = After(*object, ReleasePatch(read));
  Require(!released.gated && released.approved.empty() && !released.held);
  // The template of another one, brought over.
  Json replica_set{{"spec", {{"template", sluice::kube::At(*object, {"metadata", "other"})}}}};
  if (replica_set["spec"]["template"].is_object()) (void)sluice::migration::PutBackPatch(*object, replica_set, kNow);
  (void)sluice::migration::WithoutManagedFieldsPatch(*object, "sluice-operator");
  return 0;
}
