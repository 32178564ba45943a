// Releases, restarts, roll backs, pauses, failures and changes of resources in any order, with the webhook there or
// away: no template that isn't approved runs by the operator's doing before what it needs was reached, and in the end
// everything runs.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "operator/migration/gate.h"
#include "operator/migration/gate_patches.h"
#include "operator/webhook/pause.h"
#include "tests/unit/operator/migration/gate_objects.h"
#include "tests/unit/operator/webhook/review_objects.h"

namespace sluice::webhook {
namespace {

using migration::AdoptPatch;
using migration::GatedDeployment;
using migration::GateDecision;
using migration::GateResource;
using migration::GateStep;
using migration::kNoon;
using migration::ReadDeployment;
using migration::TemplateHash;
using migration::TemplateOf;

// The one schema that a template of this test names; empty: none.
std::string WantedOf(const migration::GatedDeployment& read) {
  return read.wanted_schemas.empty() ? std::string() : read.wanted_schemas.front();
}

class World {
 public:
  explicit World(unsigned seed) : chance_(seed) {
    object_ = migration::DeploymentOf(TemplateOf("shop/api:0", "shop/migrations:0"));
    resources_ = {migration::ResourceOf("shop/migrations:0", api::Phase::kReady, "a")};
    if (Below(3) == 0) resources_.push_back(migration::ResourceOf("stock/migrations:0", api::Phase::kReady, "b"));
    Settle();
  }

  void Step() {
    now_ += std::chrono::seconds(Below(20));
    webhook_is_there_ = always_ || Below(5) > 0;
    switch (Below(9)) {
      case 0:
      case 1:
        return Write([&](Json& object) { object["spec"]["template"] = AnyTemplate(); });
      case 2:
        return Write([&](Json& object) {
          object["spec"]["template"]["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"] =
              std::to_string(Below(1000));
        });
      case 3:
        return Write([&](Json& object) { object["spec"]["replicas"] = Below(5); });
      case 4:
        return Write([&](Json& object) { object["spec"]["paused"] = Below(2) == 0; });
      case 5:
        return Write([&](Json& object) {  // kubectl replace
          object["metadata"].erase("annotations");
          object["metadata"].erase("labels");
          object["spec"].erase("paused");
          object["spec"]["template"] = AnyTemplate();
        });
      case 6:
        return ChangeResource(resources_[Below(static_cast<int>(resources_.size()))]);
      default:
        return Operate();
    }
  }

  // Nobody does anything any more, and all resources reach what the template needs.
  void Settle() {
    webhook_is_there_ = true;
    Write([](Json& object) { object["spec"].erase("paused"); });
    for (int i = 0; i < 20; ++i) {
      now_ += std::chrono::seconds(10);
      for (GateResource& resource : resources_) {
        const bool is_named = &resource == &resources_.front();
        const std::string wanted = WantedOf(ReadDeployment(object_));
        Reach(resource, is_named && !wanted.empty() ? wanted : resource.reached->image);
      }
      Operate();
    }
  }

  void always(bool always) { always_ = always; }
  const Json& object() const { return object_; }
  const std::vector<std::string>& wrongs() const { return wrongs_; }

 private:
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(chance_); }

  Json AnyTemplate() {
    const std::string version = std::to_string(Below(4));
    return TemplateOf("shop/api:" + version, Below(4) == 0 ? "" : "shop/migrations:" + version);
  }

  void ChangeResource(GateResource& resource) {
    switch (Below(5)) {
      case 0:
        ++resource.generation;  // not seen yet
        return;
      case 1:
        resource.observed_generation = resource.generation;
        resource.phase = api::Phase::kMigrating;
        return;
      case 2:
        resource.observed_generation = resource.generation;
        resource.phase = api::Phase::kFailed;
        return;
      default:
        return Reach(resource,
                     (resource.name == "a" ? "shop/migrations:" : "stock/migrations:") + std::to_string(Below(4)));
    }
  }

  void Reach(GateResource& resource, const std::string& image) {
    resource.observed_generation = ++resource.generation;
    resource.phase = api::Phase::kReady;
    resource.reached = api::Reached{resource.generation, image, {}, now_};
  }

  template <typename Change>
  void Write(const Change& change) {
    Json object = object_;
    change(object);
    if (webhook_is_there_) {
      const Json review = ReviewOf(object, object_);
      object = Admitted(review, AnswerPause(review, kOperatorUser, now_));
    }
    object_ = std::move(object);
    const GatedDeployment read = ReadDeployment(object_);
    if (webhook_is_there_ && read.gated && !read.is_approved() && !read.paused) {
      wrongs_.push_back("the webhook let " + WantedOf(read) + " pass");
    }
  }

  // One reconcile, and what must be true of each of its writes.
  void Operate() {
    const GatedDeployment before = ReadDeployment(object_);
    const GateDecision decision = DecideGate(before, resources_, now_);
    switch (decision.step) {
      case GateStep::kNothing:
      case GateStep::kHold:
        return;
      case GateStep::kAdopt:
        object_.merge_patch(AdoptPatch(before, decision));
        break;
      case GateStep::kPause:
        object_.merge_patch(PausePatch(before, now_));
        break;
      case GateStep::kOpen:
        object_.merge_patch(OpenPatch(before, now_));
        break;
      case GateStep::kApprove:
        object_.merge_patch(ApprovePatch(before));
        break;
      case GateStep::kUnpause:
        object_.merge_patch(UnpausePatch(before));
        break;
      default:
        wrongs_.push_back("an unexpected step");
        return;
    }
    Judge(before, ReadDeployment(object_));
  }

  // Written without a look at how the gate decides.
  void Judge(const GatedDeployment& before, const GatedDeployment& after) {
    if (before.paused && !before.held && !after.paused) wrongs_.push_back("a person's pause is gone");
    const bool was_gated = before.gated;
    if (!was_gated || before.is_approved() || !after.is_approved()) return;
    const std::string wanted = WantedOf(before);
    bool reached = wanted.empty();
    for (const GateResource& resource : resources_) {
      if (resource.observed_generation != resource.generation || resource.phase != api::Phase::kReady) {
        wrongs_.push_back("opened while " + resource.name + " is on its way");
      }
      reached |= resource.reached->image == wanted;
    }
    if (!reached) wrongs_.push_back("opened for " + wanted + ", which nobody has reached");
  }

  std::mt19937 chance_;
  api::Time now_ = kNoon;
  Json object_;
  std::vector<GateResource> resources_;
  bool always_ = true;
  bool webhook_is_there_ = true;
  std::vector<std::string> wrongs_;
};

TEST(GateProperty, NothingRunsTooEarlyAndEverythingRunsInTheEnd) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    World world(seed);
    world.always(seed % 2 == 0);
    for (int i = 0; i < 40; ++i) world.Step();
    EXPECT_EQ(world.wrongs(), std::vector<std::string>()) << "seed " << seed;
    world.Settle();
    const GatedDeployment end = ReadDeployment(world.object());
    EXPECT_FALSE(end.paused) << "seed " << seed << ": " << world.object().dump();
    EXPECT_TRUE(end.is_approved()) << "seed " << seed;
    EXPECT_TRUE(end.gated) << "seed " << seed;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace sluice::webhook
