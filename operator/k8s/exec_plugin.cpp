#include "operator/k8s/exec_plugin.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/program.h"
#include "operator/k8s/json_access.h"

namespace sluice::kube {
namespace {

constexpr std::chrono::milliseconds kLongestRun{60'000};

// The cluster, for a plugin that wants to know it. Only what the plugin can't do harm with.
std::string ExecInfo(const KubeContext& context) {
  Json info;
  info["apiVersion"] = context.exec->api_version;
  info["kind"] = "ExecCredential";
  info["spec"]["interactive"] = false;
  if (context.exec->wants_cluster) {
    info["spec"]["cluster"]["server"] = context.server;
    if (!context.tls_server_name.empty()) info["spec"]["cluster"]["tls-server-name"] = context.tls_server_name;
    if (!context.verify) info["spec"]["cluster"]["insecure-skip-tls-verify"] = true;
  }
  return JsonText(info);
}

Error PluginFailed(const ExecPlugin& plugin, const std::string& why) {
  std::string hint = plugin.install_hint;
  return MakeError(ErrorCode::kConfig, "the login program " + plugin.command + " of the kubeconfig " + why,
                   hint.substr(0, hint.find('\n')));
}

// The last line that isn't empty: where programs say why they gave up.
std::string LastLine(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \r\n\t");
  if (end == std::string::npos) return {};
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

}  // namespace

Result<ExecCredential> ReadExecCredential(std::string_view output, const std::string& api_version) {
  const auto refused = [](const std::string& why) {
    return MakeError(ErrorCode::kConfig, "what the kubeconfig's login program printed can't be used: " + why);
  };
  const std::optional<Json> json = ParseJson(output);
  if (!json) return refused("it is not JSON");
  if (TextAt(*json, {"kind"}) != "ExecCredential") return refused("it is no ExecCredential");
  if (TextAt(*json, {"apiVersion"}) != api_version) return refused("it is not of the version " + api_version);
  ExecCredential credential;
  credential.token = TextAt(*json, {"status", "token"});
  credential.client_certificate = TextAt(*json, {"status", "clientCertificateData"});
  credential.client_key = TextAt(*json, {"status", "clientKeyData"});
  if (credential.token.empty() && credential.client_certificate.empty()) {
    return refused("it holds neither a token nor a certificate");
  }
  if (credential.client_certificate.empty() != credential.client_key.empty()) {
    return refused("a certificate and its key belong together");
  }
  const std::string expires = TextAt(*json, {"status", "expirationTimestamp"});
  credential.expires = ParseTime(expires);
  if (!expires.empty() && !credential.expires) return refused("its time of expiry is no time");
  return credential;
}

Result<ExecCredential> RunExecPlugin(const KubeContext& context, const std::function<bool()>& interrupted) {
  const ExecPlugin& plugin = *context.exec;
  ProgramRequest request;
  request.arguments = {plugin.command};
  request.arguments.insert(request.arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  for (const auto& [name, value] : plugin.environment) request.environment.push_back(name + "=" + value);
  request.environment.push_back("KUBERNETES_EXEC_INFO=" + ExecInfo(context));
  request.timeout = kLongestRun;
  request.interrupted = interrupted;
  const Result<ProgramOutcome> outcome = RunProgram(request);
  if (!outcome.ok()) {
    if (outcome.error().code == ErrorCode::kInterrupted) return outcome.error();
    return PluginFailed(plugin, outcome.error().code == ErrorCode::kTimeout ? "does not end" : "can't be started");
  }
  if (outcome->exit_code != 0) {
    const std::string said = LastLine(outcome->errors);
    return PluginFailed(plugin,
                        "failed with " + std::to_string(outcome->exit_code) + (said.empty() ? "" : ": " + said));
  }
  return ReadExecCredential(outcome->output, plugin.api_version);
}

}  // namespace sluice::kube
