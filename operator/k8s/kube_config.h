// Where the API server is and how to log in: kubeconfig files, or what Kubernetes gives every pod. Nothing here prints
// a secret, and no error holds one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sluice::kube {

// A program that logs in (kubectl's "exec" plugins, client.authentication.k8s.io).
struct ExecPlugin {
  std::string command;  // a path, or a name to be found in PATH
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string api_version;
  bool wants_cluster = false;  // it is told the cluster in KUBERNETES_EXEC_INFO
  std::string install_hint;    // shown when it isn't there
};

// One cluster, one user, one namespace. Of a value and a file for the same thing the value counts, but for tokens: as
// client-go does, the file's is the newer one.
struct KubeContext {
  std::string source;  // for people: `the pod's service account`, `/home/me/.kube/config, context dev`
  std::string server;  // as written: https://host:port
  std::string tls_server_name;
  bool verify = true;
  std::string authority;  // PEM
  std::string authority_file;
  std::string namespace_name;  // empty: none was said

  std::string token;
  std::string token_file;
  std::string client_certificate;  // PEM
  std::string client_certificate_file;
  std::string client_key;  // PEM
  std::string client_key_file;
  std::optional<ExecPlugin> exec;
};

struct KubeConfigFile {
  std::string path;
  std::string text;
};

// The files of KUBECONFIG, merged as kubectl does ("Organizing Cluster Access Using kubeconfig Files"): of clusters,
// users and contexts with the same name the first file's counts, whole; the first current-context counts. Relative
// paths are relative to their file. `context`: instead of the current one; empty: the current one. Pure. Errors:
// kConfig, with file and line of what can't be read; a context, cluster or user that isn't there; what isn't supported
// (a proxy, a user's name and password, an auth-provider, impersonation).
Result<KubeContext> MergeKubeConfig(const std::vector<KubeConfigFile>& files, const std::string& context = {});

// What of the process says where the API server is.
struct KubeEnvironment {
  std::string kubeconfig;  // KUBECONFIG: paths, separated by colons
  std::string host;        // KUBERNETES_SERVICE_HOST: set in every pod
  std::string port;        // KUBERNETES_SERVICE_PORT
  std::string home;        // HOME
  std::string account_directory = "/var/run/secrets/kubernetes.io/serviceaccount";
};

KubeEnvironment ProcessKubeEnvironment();

// The files of KUBECONFIG where it is set (those that aren't there are skipped), else the pod's own service account,
// else ~/.kube/config. kConfig when there is none of them: in a pod without a token it says so. `context`: of the
// files, instead of the current one.
Result<KubeContext> FindKubeContext(const KubeEnvironment& environment, const std::string& context = {});

}  // namespace sluice::kube
