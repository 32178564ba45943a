#include "cmd/sluice/other_pods.h"

#include <memory>
#include <utility>

#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/render.h"
#include "core/engine/chance.h"
#include "operator/k8s/cluster.h"
#include "operator/k8s/kube_config.h"
#include "operator/k8s/label_selector.h"

namespace sluice::cli {

Result<std::optional<kube::OtherPodsQuery>> ChosenPods(const Invocation& invocation) {
  if (!invocation.Has(kUntilNoOtherPodsOption)) {
    for (const OptionSpec* option : {&kImageOption, &kContainerOption, &kNamespaceOption}) {
      if (!invocation.Has(*option)) continue;
      return MakeError(ErrorCode::kUsage, "--" + std::string(option->name) + " is for --until-no-other-pods");
    }
    return std::optional<kube::OtherPodsQuery>();
  }
  kube::OtherPodsQuery query{invocation.Value(kNamespaceOption), invocation.Value(kUntilNoOtherPodsOption),
                             invocation.Value(kImageOption), invocation.Value(kContainerOption)};
  if (query.image.empty()) {
    return MakeError(ErrorCode::kUsage, "--until-no-other-pods needs --image: the image whose pods may stay",
                     "for example: sluice wait --until-no-other-pods app=api --image shop/api:1.4.2");
  }
  SLUICE_TRY(const kube::LabelSelector selector, kube::ParseLabelSelector(query.selector));
  if (selector.requirements.empty()) {
    return MakeError(ErrorCode::kUsage, "the label selector of --until-no-other-pods is empty",
                     "an empty one would choose every pod of the namespace, this one too");
  }
  return std::optional(std::move(query));
}

Result<kube::OtherPodsReport> WaitForPods(DatabaseAccess& access, kube::OtherPodsQuery& query,
                                          std::optional<std::chrono::milliseconds> limit) {
  SLUICE_TRY(kube::KubeContext context, kube::FindKubeContext(kube::ProcessKubeEnvironment()));
  if (query.namespace_name.empty()) query.namespace_name = context.namespace_name;
  if (query.namespace_name.empty()) query.namespace_name = "default";
  const auto interrupted = [&access] { return access.signal() != 0; };
  SLUICE_TRY(const std::unique_ptr<kube::Cluster> cluster,
             kube::Cluster::Make(std::move(context), {interrupted, -1}, access.settings().program));
  kube::OtherPodsWait wait;
  wait.limit = limit;
  wait.interrupted = interrupted;
  wait.chance = Chance;
  wait.tell = [&](const kube::OtherPods& left, const std::string& trouble, std::chrono::milliseconds waited) {
    access.progress().WaitingForPods(trouble.empty() ? DescribeOtherPods(left.others) : "Kubernetes: " + trouble,
                                     waited);
  };
  return kube::WaitForOtherPods(cluster->client(), query, wait, SystemClock());
}

std::string PodsText(const kube::OtherPodsQuery& query, const kube::OtherPodsReport& report) {
  return "No pod with another image than " + query.image + " is left (waited " + ElapsedText(report.waited) + "; " +
         (report.left.matching == 0 ? std::string("no pod at all") : Count(report.left.matching, "pod")) + " of " +
         query.selector + " in namespace " + query.namespace_name + ")\n";
}

void WritePods(JsonWriter& json, const kube::OtherPodsQuery& query, const kube::OtherPods& pods) {
  json.BeginObject().Member("namespace", query.namespace_name).Member("selector", query.selector);
  json.Member("image", query.image).Member("container", query.container);
  json.Key("matching").Int(static_cast<std::int64_t>(pods.matching)).Key("others").BeginArray();
  for (const kube::OtherPod& pod : pods.others) {
    json.BeginObject().Member("name", pod.name).Key("images").Strings(pod.images).Member("phase", pod.phase);
    json.Key("terminating_since");
    if (pod.terminating_since.empty()) {
      json.Null();
    } else {
      json.String(pod.terminating_since);
    }
    json.EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace sluice::cli
