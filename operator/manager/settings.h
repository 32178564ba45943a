// How an operator runs: what its command line says (cmd/sluice-operator/options.h). Passive data.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "operator/runtime/lease.h"
#include "operator/telemetry/log.h"

namespace sluice::manager {

// Where a server listens.
struct Address {
  std::string host;  // empty: on every interface
  int port = 0;      // 0: it doesn't listen

  bool operator==(const Address&) const = default;
};

struct LeaderElection {
  bool enabled = true;
  std::string id = "sluice-operator";  // the name of the Lease, in the operator's own namespace
  runtime::ElectionTimes times = {};
};

// The webhook that holds Deployments. Its serving certificate is the operator's own, made, rotated and made known by it
// (service, secret and configuration have names then), or somebody else's, in a directory.
struct Webhook {
  Address bind{"", 9443};
  std::string service;                // the Service that leads here; its names stand in the certificate
  std::string secret;                 // the Secret that keeps the certificate, shared by the replicas
  std::string configuration;          // the MutatingWebhookConfiguration whose caBundle is kept
  std::string certificate_directory;  // holds tls.crt and tls.key; they are read again when they change

  bool enabled() const { return bind.port != 0 && (!configuration.empty() || !certificate_directory.empty()); }
};

struct Settings {
  std::string kubeconfig;                     // a file; empty: as kubectl and pods find it
  std::string context;                        // of the kubeconfig; empty: the current one
  std::string namespace_name;                 // the operator's own; empty: that of its service account or kubeconfig
  std::vector<std::string> watch_namespaces;  // empty: all of them
  LeaderElection leader_election;
  Address metrics{"", 8080};
  Address health{"", 8081};
  Webhook webhook;
  int most_jobs = 20;
  int workers = 4;
  std::chrono::seconds job_ttl{3600};                 // of a Job that has ended, from when its result is in the status
  std::chrono::seconds gate_settle{30};               // how long a template that names no schema is held at least
  std::vector<std::string> allowed_service_accounts;  // that resources may name; empty: any
  telemetry::LogFormat log_format = telemetry::LogFormat::kText;
  telemetry::LogLevel log_level = telemetry::LogLevel::kInfo;
};

}  // namespace sluice::manager
