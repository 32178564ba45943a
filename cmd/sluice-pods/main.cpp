// Waits for pods on behalf of `sluice wait --until-no-other-pods`. A program of its own, because the libraries that
// talk to Kubernetes would take a tenth of the time that a `sluice` with nothing to do needs.
//
//   sluice-pods REQUEST
//
// REQUEST and the lines on standard output are those of operator/k8s/other_pods_codec.h. Ends with 0 when it has told
// how the wait ended, with 2 when the request can't be read.
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/chance.h"
#include "core/base/clock.h"
#include "operator/k8s/cluster.h"
#include "operator/k8s/kube_config.h"
#include "operator/k8s/other_pods_codec.h"

namespace {

using sluice::Result;
namespace kube = sluice::kube;

void Tell(const kube::OtherPodsNews& news) { std::cout << kube::WriteNews(news) << std::endl; }

Result<kube::OtherPodsReport> Wait(kube::OtherPodsRequest& request) {
  SLUICE_TRY(kube::KubeContext context, kube::FindKubeContext(kube::ProcessKubeEnvironment()));
  std::string& namespace_name = request.query.namespace_name;
  if (namespace_name.empty()) namespace_name = context.namespace_name;
  if (namespace_name.empty()) namespace_name = "default";
  SLUICE_TRY(const std::unique_ptr<kube::Cluster> cluster, kube::Cluster::Make(std::move(context), {}, request.agent));
  kube::OtherPodsWait wait;
  wait.limit = request.limit;
  wait.chance = sluice::Chance;
  wait.tell = [&](const kube::OtherPods& left, const std::string& trouble, std::chrono::milliseconds waited) {
    Tell({false, namespace_name, trouble, {left, waited, std::nullopt}});
  };
  return kube::WaitForOtherPods(cluster->client(), request.query, wait, sluice::SystemClock());
}

}  // namespace

int main(int argc, char** argv) {
  std::optional<kube::OtherPodsRequest> request = argc == 2 ? kube::ReadRequest(argv[1]) : std::nullopt;
  if (!request) {
    std::cerr << "sluice-pods is a part of `sluice wait --until-no-other-pods`: use that\n";
    return 2;
  }
  Result<kube::OtherPodsReport> report = Wait(*request);
  kube::OtherPodsNews news{true, request->query.namespace_name, "", {}};
  if (report.ok()) {
    news.report = *std::move(report);
  } else {
    news.report.error = std::move(report).error();
  }
  Tell(news);
  return 0;
}
