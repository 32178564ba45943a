// `sluice wait --until-no-other-pods`: what is asked of Kubernetes, and how it is told.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cmd/sluice/command.h"
#include "cmd/sluice/database_access.h"
#include "cmd/sluice/json_writer.h"
#include "core/base/result.h"
#include "operator/k8s/other_pods.h"

namespace sluice::cli {

inline constexpr OptionSpec kUntilNoOtherPodsOption{
    .name = "until-no-other-pods",
    .value = "SELECTOR",
    .help =
        "Wait until no pod that this label selector chooses runs another image than --image, those that are "
        "terminating too. Asks Kubernetes by the pod's service account, or by KUBECONFIG. The database is not "
        "asked, unless --for is given."};
inline constexpr OptionSpec kImageOption{
    .name = "image", .value = "IMAGE", .help = "With --until-no-other-pods: the image, as the pods' spec writes it."};
inline constexpr OptionSpec kContainerOption{.name = "container",
                                             .value = "NAME",
                                             .help = "With --until-no-other-pods: the container whose image counts.",
                                             .default_value = "all but init containers"};
inline constexpr OptionSpec kNamespaceOption{.name = "namespace",
                                             .value = "NAMESPACE",
                                             .help = "With --until-no-other-pods: where the pods are.",
                                             .default_value = "the pod's own, or the context's"};

// What the command line asks for; empty without --until-no-other-pods. Errors: kUsage.
Result<std::optional<kube::OtherPodsQuery>> ChosenPods(const Invocation& invocation);

// Fills in the namespace of `query`. kConfig where nothing says where Kubernetes is, or how to log in.
Result<kube::OtherPodsReport> WaitForPods(DatabaseAccess& access, kube::OtherPodsQuery& query,
                                          std::optional<std::chrono::milliseconds> limit);

std::string PodsText(const kube::OtherPodsQuery& query, const kube::OtherPodsReport& report);

// The object of "pods" (docs/json.md).
void WritePods(JsonWriter& json, const kube::OtherPodsQuery& query, const kube::OtherPods& pods);

}  // namespace sluice::cli
