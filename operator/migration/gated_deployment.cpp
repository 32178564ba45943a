#include "operator/migration/gated_deployment.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/base/checksum.h"
#include "core/base/split.h"
#include "operator/api/names.h"
#include "operator/k8s/time_text.h"

namespace sluice::migration {
namespace {

using kube::At;
using kube::NumberAt;
using kube::TextAt;
using kube::TrueAt;

// What others may have written into marks, and how much of it is kept.
constexpr std::size_t kMostNames = 16;
constexpr std::size_t kMostImages = 16;
constexpr std::size_t kLongestHash = 64;
constexpr std::size_t kLongestText = 512;
constexpr std::size_t kHashLetters = 12;

std::string Cut(std::string text, std::size_t most = kLongestText) {
  if (text.size() > most) text.resize(most);
  return text;
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  for (std::string_view word : SplitAt(text, ',')) {
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

std::vector<std::string> GatedBy(const std::string& text) {
  std::vector<std::string> names = Words(text);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.size() > kMostNames) names.resize(kMostNames);
  return names;
}

std::vector<std::string> Approved(const std::string& text) {
  std::vector<std::string> hashes = Words(text);
  if (hashes.size() > kMostApproved) hashes.erase(hashes.begin(), hashes.end() - kMostApproved);
  for (std::string& hash : hashes) hash = Cut(std::move(hash), kLongestHash);
  return hashes;
}

// The containers of one kind; nothing when it isn't a list.
template <typename Visit>
void ForEachContainer(const Json& pod_template, std::string_view kind, const Visit& visit) {
  const Json& containers = At(pod_template, {"spec", kind});
  if (!containers.is_array()) return;
  for (const Json& container : containers) visit(container);
}

std::vector<std::string> TextsAt(const Json& json, std::string_view name) {
  std::vector<std::string> texts;
  const Json& list = At(json, {name});
  if (!list.is_array()) return texts;
  for (const Json& item : list) texts.push_back(item.is_string() ? item.get<std::string>() : std::string());
  return texts;
}

bool RunsSluiceWait(const Json& container) {
  std::vector<std::string> words = TextsAt(container, "command");
  const std::vector<std::string> arguments = TextsAt(container, "args");
  const auto is_for = [](const std::string& word) { return word == "--for" || word.starts_with("--for="); };
  if (words.empty() && !arguments.empty() && arguments.front() == "wait") {
    return std::any_of(arguments.begin(), arguments.end(), is_for);
  }
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto is_sluice = [](const std::string& word) { return word == "sluice" || word.ends_with("/sluice"); };
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (is_sluice(words[i]) && words[i + 1] == "wait") return true;
  }
  return false;
}

void ReadMarks(const Json& metadata, GatedDeployment& read) {
  const auto annotation = [&](std::string_view name) { return TextAt(metadata, {"annotations", name}); };
  const auto mark = [&](std::string_view name) -> std::optional<TemplateMark> {
    const std::string text = annotation(name);
    if (text.empty()) return std::nullopt;
    return ReadMark(text);
  };
  read.gated = TextAt(metadata, {"labels", api::kGatedLabel}) == "true";
  read.gated_by = GatedBy(annotation(api::kGatedByAnnotation));
  read.leave_on_delete = annotation(api::kOnDeleteAnnotation) == "Leave";
  read.approved = Approved(annotation(api::kApprovedAnnotation));
  read.released = mark(api::kReleasedAnnotation);
  read.failed = mark(api::kFailedAnnotation);
  read.held = mark(api::kPausedAnnotation);
  read.break_glass = annotation(api::kGateAnnotation) == "open";
}

int CountAt(const Json& json, std::initializer_list<std::string_view> path, int fallback = 0) {
  return static_cast<int>(std::clamp(NumberAt(json, path, fallback), 0LL, 1'000'000'000LL));
}

void ReadStatus(const Json& status, GatedDeployment& read) {
  read.observed_generation = NumberAt(status, {"observedGeneration"});
  read.current_replicas = CountAt(status, {"replicas"});
  read.updated_replicas = CountAt(status, {"updatedReplicas"});
  read.available_replicas = CountAt(status, {"availableReplicas"});
  read.unavailable_replicas = CountAt(status, {"unavailableReplicas"});
  const Json& conditions = At(status, {"conditions"});
  if (!conditions.is_array()) return;
  for (const Json& condition : conditions) {
    if (TextAt(condition, {"type"}) == "Progressing") read.progressing_reason = Cut(TextAt(condition, {"reason"}), 64);
  }
}

// Empty: of no known form.
std::string RequirementText(const Json& requirement) {
  std::string key = TextAt(requirement, {"key"});
  const std::string kind = TextAt(requirement, {"operator"});
  if (key.empty()) return {};
  if (kind == "Exists") return key;
  if (kind == "DoesNotExist") return "!" + key;
  if (kind != "In" && kind != "NotIn") return {};
  std::string values;
  for (const std::string& value : TextsAt(requirement, "values")) values += (values.empty() ? "" : ",") + value;
  return key + (kind == "In" ? " in (" : " notin (") + values + ")";
}

}  // namespace

std::string MarkText(const TemplateMark& mark) {
  return mark.at ? mark.hash + "@" + kube::TimeText(*mark.at) : mark.hash;
}

TemplateMark ReadMark(std::string_view text) {
  const std::size_t at = text.find('@');
  TemplateMark mark{Cut(std::string(text.substr(0, at)), kLongestHash), std::nullopt};
  if (at != std::string_view::npos) mark.at = kube::ParseTime(text.substr(at + 1));
  return mark;
}

bool GatedDeployment::IsApproved(std::string_view hash) const {
  return std::find(approved.begin(), approved.end(), hash) != approved.end();
}

GatedDeployment ReadDeployment(const Json& deployment) {
  const Json& metadata = At(deployment, {"metadata"});
  const Json& spec = At(deployment, {"spec"});
  const Json& pod_template = At(spec, {"template"});
  GatedDeployment read;
  read.namespace_name = Cut(TextAt(metadata, {"namespace"}));
  read.name = Cut(TextAt(metadata, {"name"}));
  read.uid = Cut(TextAt(metadata, {"uid"}));
  read.resource_version = Cut(TextAt(metadata, {"resourceVersion"}));
  read.generation = NumberAt(metadata, {"generation"});
  read.deleting = !At(metadata, {"deletionTimestamp"}).is_null();
  ReadMarks(metadata, read);
  read.paused = TrueAt(spec, {"paused"});
  read.replicas = CountAt(spec, {"replicas"}, 1);
  read.selector = SelectorText(At(spec, {"selector"}));
  read.wanted_schemas = WantedSchemas(pod_template);
  read.template_hash = TemplateHash(pod_template);
  for (const std::string_view kind : {"initContainers", "containers"}) {
    ForEachContainer(pod_template, kind, [&](const Json& container) {
      if (read.images.size() < kMostImages) read.images.push_back(Cut(TextAt(container, {"image"})));
    });
  }
  ReadStatus(At(deployment, {"status"}), read);
  return read;
}

std::string TemplateHash(const Json& pod_template) {
  Json hashed = Json::array();
  for (const std::string_view kind : {"initContainers", "containers"}) {
    std::vector<std::pair<std::string, std::string>> images;
    ForEachContainer(pod_template, kind, [&](const Json& container) {
      images.emplace_back(TextAt(container, {"name"}), TextAt(container, {"image"}));
    });
    std::sort(images.begin(), images.end());
    hashed.push_back(images);
  }
  hashed.push_back(TextAt(pod_template, {"metadata", "annotations", api::kSchemaAnnotation}));
  return Sha256Hex(kube::JsonText(hashed)).substr(0, kHashLetters);
}

std::vector<std::string> WantedSchemas(const Json& pod_template) {
  std::vector<std::string> wanted = Words(TextAt(pod_template, {"metadata", "annotations", api::kSchemaAnnotation}));
  if (wanted.size() > kMostNames) wanted.resize(kMostNames);
  if (wanted.empty()) {
    ForEachContainer(pod_template, "initContainers", [&](const Json& container) {
      if (wanted.empty() && RunsSluiceWait(container)) wanted.push_back(TextAt(container, {"image"}));
    });
  }
  for (std::string& schema : wanted) schema = Cut(std::move(schema));
  return wanted;
}

std::string SelectorText(const Json& label_selector) {
  std::vector<std::string> parts;
  const Json& labels = At(label_selector, {"matchLabels"});
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      if (!value.is_string()) return {};
      parts.push_back(key + "=" + value.get<std::string>());
    }
  }
  const Json& requirements = At(label_selector, {"matchExpressions"});
  if (requirements.is_array()) {
    for (const Json& requirement : requirements) {
      parts.push_back(RequirementText(requirement));
      if (parts.back().empty()) return {};
    }
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

}  // namespace sluice::migration
