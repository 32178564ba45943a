// What the gate needs to know of a Deployment (apps/v1): a slim projection, kept of each one that is gated. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/api/schema_migration.h"
#include "operator/k8s/json_access.h"

namespace sluice::migration {

using kube::Json;

// A template and when something happened to it; as an annotation it is `HASH@TIME`.
struct TemplateMark {
  std::string hash;
  std::optional<api::Time> at;  // empty: not known

  bool operator==(const TemplateMark&) const = default;
};

// `5ac1…@2026-11-26T11:16:08Z`. Reading takes what people write too (`true`): the time is empty then, and the hash is
// whatever stands there.
std::string MarkText(const TemplateMark& mark);
TemplateMark ReadMark(std::string_view text);

struct GatedDeployment {
  std::string namespace_name;
  std::string name;
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  bool deleting = false;

  // The marks of names.h.
  bool gated = false;                 // the label
  std::vector<std::string> gated_by;  // names of resources, sorted
  bool leave_on_delete = false;
  std::vector<std::string> approved;     // hashes, the newest last; at most kMostApproved
  std::optional<TemplateMark> released;  // the last that was let go, and when
  std::optional<TemplateMark> failed;    // that was put back, and when
  std::optional<TemplateMark> held;      // our pause: of which template, since when
  bool break_glass = false;

  bool paused = false;   // by whomever
  int replicas = 1;      // wanted
  std::string selector;  // of its pods, as kubectl takes it; empty: it can't be read

  // The template.
  std::vector<std::string> wanted_schemas;  // migrator images, or revisions; empty: it names nothing
  std::string template_hash;
  std::vector<std::string> images;  // of init containers and containers

  // Its status.
  std::int64_t observed_generation = 0;
  int current_replicas = 0;
  int updated_replicas = 0;
  int available_replicas = 0;
  int unavailable_replicas = 0;
  std::string progressing_reason;  // of the condition Progressing: `ProgressDeadlineExceeded`, `DeploymentPaused`, …

  bool operator==(const GatedDeployment&) const = default;

  bool paused_by_us() const { return paused && held.has_value(); }
  bool IsApproved(std::string_view hash) const;
  bool is_approved() const { return IsApproved(template_hash); }
};

inline constexpr std::size_t kMostApproved = 10;  // Kubernetes keeps so many ReplicaSets by default

// Takes anything: what isn't there, or is of another kind, is empty. Works on an AdmissionReview's object as well.
GatedDeployment ReadDeployment(const Json& deployment);

// Of a pod template: over the names and images of its containers and init containers, in any order, and over its
// annotation sluice.dev/schema. So a restart, another environment or other resources are the same template. 12 letters
// of hex; of something that is no template, too.
std::string TemplateHash(const Json& pod_template);

// What a pod template needs: its annotation sluice.dev/schema, `a,b` where it is more than one; otherwise the image of
// its first init container that runs `sluice wait`, which is one whose command and arguments hold a word `sluice` (or a
// path that ends in it) followed by `wait`, or one without a command whose arguments begin with `wait` and hold
// `--for`, as the chart's does: its image's entry point is sluice. Empty: neither.
std::vector<std::string> WantedSchemas(const Json& pod_template);

// `app=api,tier in (web,worker),!legacy` of a LabelSelector (meta/v1). Empty when a part of it is of no known form.
std::string SelectorText(const Json& label_selector);

}  // namespace sluice::migration
