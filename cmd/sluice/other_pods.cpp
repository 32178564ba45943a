#include "cmd/sluice/other_pods.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "cmd/sluice/progress_text.h"
#include "cmd/sluice/render.h"
#include "core/base/program.h"
#include "operator/k8s/label_selector.h"
#include "operator/k8s/other_pods_codec.h"

namespace sluice::cli {
namespace {

// The program that asks Kubernetes: beside this one, or where packages put the parts of a program.
Result<std::string> PodsProgram() {
  std::error_code ignored;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const std::filesystem::path& place : {own / "sluice-pods", own.parent_path() / "libexec/sluice/sluice-pods"}) {
    if (::access(place.c_str(), X_OK) == 0) return place.string();
  }
  return MakeError(
      ErrorCode::kFile,
      "--until-no-other-pods needs the program sluice-pods, and it is not beside " + (own / "sluice").string(),
      "install it with sluice: `cmake --install`, the Debian package and the image have both");
}

}  // namespace

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
  ProgramRequest request;
  SLUICE_TRY(const std::string program, PodsProgram());
  request.arguments = {program, kube::WriteRequest({query, limit, access.settings().program})};
  request.interrupted = [&access] { return access.signal() != 0; };
  std::optional<kube::OtherPodsNews> last;
  request.each_line = [&](std::string_view line) {
    last = kube::ReadNews(line);
    if (!last || last->is_end) return;
    const std::string& trouble = last->trouble;
    access.progress().WaitingForPods(
        trouble.empty() ? DescribeOtherPods(last->report.left.others) : "Kubernetes: " + trouble, last->report.waited);
  };
  const auto outcome = sluice::RunProgram(request);
  if (!outcome.ok()) {
    kube::OtherPodsReport report = last ? std::move(last->report) : kube::OtherPodsReport();
    report.error = outcome.error();
    return report;
  }
  if (!last || !last->is_end) {
    return MakeError(ErrorCode::kInternal, program + " ended with " + std::to_string(outcome->exit_code) +
                                               " and did not say how the wait ended: " + outcome->errors);
  }
  query.namespace_name = last->namespace_name;
  return std::move(last->report);
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
