#include "operator/k8s/kube_config.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>

#include "core/base/base64.h"
#include "core/base/file_system.h"
#include "core/base/yaml_reader.h"

namespace sluice::kube {
namespace {

// A mapping of a file, with what its relative paths are relative to.
struct Entry {
  const ConfigNode* node = nullptr;
  const std::string* path = nullptr;

  const ConfigNode* Find(const std::string& key) const {
    if (node == nullptr) return nullptr;
    for (const ConfigNode& item : node->items) {
      if (item.key == key && item.kind != ConfigNode::Kind::kNull) return &item;
    }
    return nullptr;
  }
  Entry Inside(const std::string& key) const { return {Find(key), path}; }

  std::string Text(const std::string& key) const {
    const ConfigNode* found = Find(key);
    return found == nullptr ? std::string() : found->scalar;
  }
  bool True(const std::string& key) const { return Text(key) == "true"; }

  // A path, from the directory of the file.
  std::string Path(const std::string& key) const { return FromHere(Text(key)); }
  std::string FromHere(const std::string& text) const {
    const std::size_t slash = path->rfind('/');
    if (text.empty() || text.starts_with('/') || slash == std::string::npos) return text;
    return path->substr(0, slash + 1) + text;
  }

  Error Refused(const std::string& why, const std::string& key = {}) const {
    Error error = MakeError(ErrorCode::kConfig, "can't use " + *path + ": " + why);
    error.where.file = *path;
    const ConfigNode* place = key.empty() ? node : Find(key);
    error.where.line = place == nullptr ? 0 : place->line;
    return error;
  }

  // Base64 in `key`, decoded; empty when there is none.
  Status Decode(const std::string& key, std::string* value) const {
    const std::string text = Text(key);
    std::optional<std::string> decoded = DecodeBase64(text);
    if (!decoded) return Refused("`" + key + "` is not Base64", key);
    *value = std::move(*decoded);
    return {};
  }

  Status RefuseAny(std::initializer_list<const char*> keys) const {
    for (const char* key : keys) {
      if (Find(key) != nullptr) return Refused(std::string("`") + key + "` is not supported", key);
    }
    return {};
  }
};

// All files together: the first entry of each name.
struct Merged {
  std::map<std::string, Entry> clusters;
  std::map<std::string, Entry> users;
  std::map<std::string, Entry> contexts;
  std::string current;
};

// `list`: clusters, users, contexts; `inner`: cluster, user, context.
void MergeList(const Entry& file, const std::string& list, const std::string& inner,
               std::map<std::string, Entry>& merged) {
  const ConfigNode* items = file.Find(list);
  if (items == nullptr) return;
  for (const ConfigNode& item : items->items) {
    const Entry named{&item, file.path};
    merged.try_emplace(named.Text("name"), named.Inside(inner));
  }
}

std::string Names(const std::map<std::string, Entry>& entries) {
  std::string names;
  for (const auto& [name, entry] : entries) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "there is none" : "there are: " + names;
}

Result<Entry> Named(const std::map<std::string, Entry>& entries, const std::string& kind, const std::string& name) {
  const auto found = entries.find(name);
  if (found != entries.end()) return found->second;
  return MakeError(ErrorCode::kConfig, "the kubeconfig has no " + kind + " \"" + name + "\"", Names(entries));
}

Result<ExecPlugin> ReadPlugin(const Entry& entry) {
  ExecPlugin plugin;
  plugin.command = entry.Text("command");
  if (plugin.command.empty()) return entry.Refused("`exec` names no command");
  // With a slash in it, it is a path from the file's directory; a name alone is looked for in PATH.
  if (plugin.command.find('/') != std::string::npos) plugin.command = entry.FromHere(plugin.command);
  plugin.api_version = entry.Text("apiVersion");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1") {
    return entry.Refused("`exec` is of an unknown version", "apiVersion");
  }
  if (entry.Text("interactiveMode") == "Always") {
    return entry.Refused("its login asks questions, and nobody can answer here", "interactiveMode");
  }
  plugin.wants_cluster = entry.True("provideClusterInfo");
  plugin.install_hint = entry.Text("installHint");
  if (const ConfigNode* arguments = entry.Find("args")) {
    for (const ConfigNode& argument : arguments->items) plugin.arguments.push_back(argument.scalar);
  }
  if (const ConfigNode* variables = entry.Find("env")) {
    for (const ConfigNode& variable : variables->items) {
      const Entry named{&variable, entry.path};
      plugin.environment.emplace_back(named.Text("name"), named.Text("value"));
    }
  }
  return plugin;
}

Status ReadCluster(const Entry& entry, KubeContext& context) {
  SLUICE_CHECK(entry.RefuseAny({"proxy-url"}));
  context.server = entry.Text("server");
  if (context.server.empty()) return entry.Refused("the cluster has no server");
  context.tls_server_name = entry.Text("tls-server-name");
  context.verify = !entry.True("insecure-skip-tls-verify");
  context.authority_file = entry.Path("certificate-authority");
  return entry.Decode("certificate-authority-data", &context.authority);
}

Status ReadUser(const Entry& entry, KubeContext& context) {
  SLUICE_CHECK(entry.RefuseAny({"auth-provider", "username", "password", "as", "as-uid", "as-groups"}));
  context.token = entry.Text("token");
  context.token_file = entry.Path("tokenFile");
  context.client_certificate_file = entry.Path("client-certificate");
  context.client_key_file = entry.Path("client-key");
  SLUICE_CHECK(entry.Decode("client-certificate-data", &context.client_certificate));
  SLUICE_CHECK(entry.Decode("client-key-data", &context.client_key));
  if (entry.Find("exec") == nullptr) return {};
  SLUICE_TRY(context.exec, ReadPlugin(entry.Inside("exec")));
  return {};
}

std::vector<std::string> SplitPaths(const std::string& text) {
  std::vector<std::string> paths;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(':', begin), text.size());
    const std::string path = text.substr(begin, end - begin);
    if (!path.empty() && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
    begin = end + 1;
  }
  return paths;
}

Result<KubeContext> ReadFiles(const std::vector<std::string>& paths, const std::string& context) {
  std::vector<KubeConfigFile> files;
  for (const std::string& path : paths) {
    if (!FileExists(path)) continue;
    SLUICE_TRY(std::string text, ReadFile(path));
    files.push_back({path, std::move(text)});
  }
  if (files.empty()) {
    return MakeError(ErrorCode::kConfig, "KUBECONFIG names no file that is there: " + paths.front(),
                     "set it to your kubeconfig, or unset it");
  }
  return MergeKubeConfig(files, context);
}

KubeContext PodContext(const KubeEnvironment& environment) {
  KubeContext context;
  context.source = "the pod's service account";
  const bool is_ipv6 = environment.host.find(':') != std::string::npos;
  context.server = "https://" + (is_ipv6 ? "[" + environment.host + "]" : environment.host) + ":" +
                   (environment.port.empty() ? "443" : environment.port);
  context.token_file = environment.account_directory + "/token";
  context.authority_file = environment.account_directory + "/ca.crt";
  const Result<std::string> name = ReadFile(environment.account_directory + "/namespace");
  if (name.ok()) context.namespace_name = name->substr(0, name->find_last_not_of(" \t\r\n") + 1);
  return context;
}

}  // namespace

Result<KubeContext> MergeKubeConfig(const std::vector<KubeConfigFile>& files, const std::string& context_name) {
  std::vector<ConfigNode> roots;
  roots.reserve(files.size());
  Merged merged;
  for (const KubeConfigFile& file : files) {
    SLUICE_TRY(ConfigNode root, ReadYaml(file.text, file.path));
    roots.push_back(std::move(root));
    const Entry entry{&roots.back(), &file.path};
    MergeList(entry, "clusters", "cluster", merged.clusters);
    MergeList(entry, "users", "user", merged.users);
    MergeList(entry, "contexts", "context", merged.contexts);
    if (merged.current.empty()) merged.current = entry.Text("current-context");
  }
  const std::string name = context_name.empty() ? merged.current : context_name;
  if (name.empty()) {
    return MakeError(ErrorCode::kConfig, "the kubeconfig has no current context", "kubectl config use-context NAME");
  }
  SLUICE_TRY(const Entry chosen, Named(merged.contexts, "context", name));
  KubeContext context;
  context.source = *chosen.path + ", context " + name;
  context.namespace_name = chosen.Text("namespace");
  SLUICE_TRY(const Entry cluster, Named(merged.clusters, "cluster", chosen.Text("cluster")));
  SLUICE_CHECK(ReadCluster(cluster, context));
  // A context without a user is one that sends no login.
  if (chosen.Text("user").empty()) return context;
  SLUICE_TRY(const Entry user, Named(merged.users, "user", chosen.Text("user")));
  SLUICE_CHECK(ReadUser(user, context));
  return context;
}

KubeEnvironment ProcessKubeEnvironment() {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::string() : std::string(text);
  };
  KubeEnvironment environment;
  environment.kubeconfig = value("KUBECONFIG");
  environment.host = value("KUBERNETES_SERVICE_HOST");
  environment.port = value("KUBERNETES_SERVICE_PORT");
  environment.home = value("HOME");
  return environment;
}

Result<KubeContext> FindKubeContext(const KubeEnvironment& environment, const std::string& context) {
  const std::vector<std::string> paths = SplitPaths(environment.kubeconfig);
  if (!paths.empty()) return ReadFiles(paths, context);
  const bool in_pod = !environment.host.empty();
  if (in_pod && FileExists(environment.account_directory + "/token")) return PodContext(environment);
  const std::string usual = environment.home + "/.kube/config";
  if (!environment.home.empty() && FileExists(usual)) return ReadFiles({usual}, context);
  if (in_pod) {
    return MakeError(ErrorCode::kConfig,
                     "no service account token is mounted in this pod, so Kubernetes can't be asked",
                     "set automountServiceAccountToken: true in the pod's spec, with a serviceAccountName that may");
  }
  return MakeError(ErrorCode::kConfig, "nothing says where Kubernetes is",
                   "run it in a pod, or set KUBECONFIG to the file that kubectl uses");
}

}  // namespace sluice::kube
