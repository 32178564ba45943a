// The webhook as a process of its own, for tests and benchmarks:
//
//   sluice_webhook_process PORT NAMESPACE SECRET CONFIGURATION OPERATOR_USER
//
// keeps its certificate in the Secret (for the name localhost) and in the configuration, by the API server that
// KUBECONFIG names. Prints `ready`, then a line for each review (`paused shop/api`), and ends with its standard input.
#include <iostream>
#include <string>
#include <vector>

#include "operator/k8s/cluster.h"
#include "operator/webhook/certificate_keeper.h"
#include "operator/webhook/server.h"

namespace sluice::webhook {
namespace {

const char* NameOf(PauseOutcome outcome) {
  switch (outcome) {
    case PauseOutcome::kLeft:
      return "left";
    case PauseOutcome::kPaused:
      return "paused";
    case PauseOutcome::kUnpaused:
      break;
  }
  return "unpaused";
}

void Print(const WebhookReport& report) {
  const PauseAnswer& answer = report.answer;
  std::cout << std::string(NameOf(answer.outcome)) + " " + answer.namespace_name + "/" + answer.name + "\n"
            << std::flush;
}

Status Run(const std::vector<std::string>& words) {
  SLUICE_TRY(kube::KubeContext context, kube::FindKubeContext(kube::ProcessKubeEnvironment()));
  SLUICE_TRY(const auto cluster, kube::Cluster::Make(std::move(context), {}, "sluice-tests"));
  const CertificatePlace place{words[1], words[2], words[3], {"localhost"}};
  SLUICE_TRY(const KeptCertificate kept, KeepCertificate(cluster->client(), place, std::chrono::system_clock::now()));
  SLUICE_TRY(const auto server, WebhookServer::Start({"127.0.0.1", std::stoi(words[0]), words[4]}, kept.pair, Print));
  std::cout << "ready\n" << std::flush;
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  return {};
}

}  // namespace
}  // namespace sluice::webhook

int main(int count, char** words) {
  if (count != 6) return 2;
  const sluice::Status ran = sluice::webhook::Run({words + 1, words + count});
  if (ran.ok()) return 0;
  std::cerr << ran.error().message << "\n";
  return 1;
}
