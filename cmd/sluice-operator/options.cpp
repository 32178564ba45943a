#include "cmd/sluice-operator/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "core/base/duration.h"
#include "core/base/near_match.h"

namespace sluice::operator_cli {
namespace {

using manager::Address;
using manager::Settings;

constexpr int kMostWorkers = 64;
constexpr int kMostJobs = 1'000;

// One flag. `read` puts a value into the settings; its error says what the value may be.
struct Flag {
  std::string group;
  std::string name;
  std::string value;  // what follows it: `DURATION`
  std::string text;
  std::string default_value;  // as it is shown; empty: none
  std::function<Status(Settings&, const std::string&)> read;
};

Error CantBe(const std::string& value, const std::string& why) {
  return MakeError(ErrorCode::kUsage, "can't be \"" + value + "\"", why);
}

Result<Address> ParseAddress(const std::string& text) {
  const std::string why = "write :8080, 127.0.0.1:8080 or [::1]:8080; 0 switches it off";
  if (text == "0") return Address{};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return CantBe(text, why);
  Address address{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [stop, trouble] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (trouble != std::errc() || stop != end || address.port < 1 || address.port > 65'535) return CantBe(text, why);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return CantBe(text, why);
  }
  return address;
}

// Readers of the kinds of values. `place` finds the setting.
template <typename Place>
auto Text(Place place) {
  return [place](Settings& settings, const std::string& value) -> Status {
    place(settings) = value;
    return {};
  };
}

template <typename Place>
auto Names(Place place) {
  return [place](Settings& settings, const std::string& value) -> Status {
    std::size_t begin = 0;
    while (begin <= value.size()) {
      const std::size_t end = std::min(value.find(',', begin), value.size());
      if (end > begin) place(settings).push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
    return {};
  };
}

template <typename Place>
auto Listen(Place place) {
  return [place](Settings& settings, const std::string& value) -> Status {
    SLUICE_TRY(place(settings), ParseAddress(value));
    return {};
  };
}

template <typename Place>
auto Time(Place place) {
  return [place](Settings& settings, const std::string& value) -> Status {
    auto duration = ParseDuration(value);
    if (!duration.ok()) return CantBe(value, duration.error().hint);
    auto& setting = place(settings);
    setting = std::chrono::duration_cast<std::decay_t<decltype(setting)>>(*duration);
    return {};
  };
}

template <typename Place>
auto Number(Place place, int most) {
  return [place, most](Settings& settings, const std::string& value) -> Status {
    int number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, trouble] = std::from_chars(value.data(), end, number);
    if (trouble != std::errc() || stop != end || number < 1 || number > most) {
      return CantBe(value, "it is a number from 1 to " + std::to_string(most));
    }
    place(settings) = number;
    return {};
  };
}

// A value of a table: the words, and what they mean.
template <typename Value, typename Place>
auto Choice(std::vector<std::pair<std::string, Value>> values, Place place) {
  return [values = std::move(values), place](Settings& settings, const std::string& value) -> Status {
    std::string words;
    for (const auto& [word, meaning] : values) {
      if (word == value) {
        place(settings) = meaning;
        return {};
      }
      words += (words.empty() ? "" : ", ") + word;
    }
    return CantBe(value, "it is one of " + words);
  };
}

std::vector<Flag> ClusterFlags() {
  return {
      {"Cluster", "kubeconfig", "FILE", "The file that says where the API server is, and how to log in", "",
       Text([](Settings & s) -> auto& { return s.kubeconfig; })},
      {"Cluster", "context", "NAME", "The context of the kubeconfig, instead of the current one", "",
       Text([](Settings & s) -> auto& { return s.context; })},
      {"Cluster", "namespace", "NAME", "The operator's own namespace: of its lease, its Service and its certificate",
       "that of its service account", Text([](Settings & s) -> auto& { return s.namespace_name; })},
      {"Cluster", "watch-namespaces", "NAME,…", "The namespaces whose SchemaMigrations it works for", "all",
       Names([](Settings & s) -> auto& { return s.watch_namespaces; })},
      {"Leader election", "leader-elect", "true|false", "One of several replicas works, the others wait", "true",
       Choice<bool>(
           {{"true", true}, {"false", false}}, [](Settings & s) -> auto& { return s.leader_election.enabled; })},
      {"Leader election", "leader-election-id", "NAME", "The Lease's name", "sluice-operator",
       Text([](Settings & s) -> auto& { return s.leader_election.id; })},
      {"Leader election", "leader-elect-lease-duration", "DURATION",
       "A leader that shows no sign of life for so long is followed", "15s",
       Time([](Settings & s) -> auto& { return s.leader_election.times.lease; })},
      {"Leader election", "leader-elect-renew-deadline", "DURATION",
       "A leader that can't renew its lease for so long stops its work", "10s",
       Time([](Settings & s) -> auto& { return s.leader_election.times.renew; })},
      {"Leader election", "leader-elect-retry-period", "DURATION", "Between two attempts to take or to renew it", "2s",
       Time([](Settings & s) -> auto& { return s.leader_election.times.retry; })},
  };
}

std::vector<Flag> ServerFlags() {
  return {
      {"Servers", "metrics-bind-address", "ADDRESS", "Where /metrics and /gate/NAMESPACE/NAME are served; 0: nowhere",
       ":8080", Listen([](Settings & s) -> auto& { return s.metrics; })},
      {"Servers", "health-probe-bind-address", "ADDRESS", "Where /healthz and /readyz are served; 0: nowhere", ":8081",
       Listen([](Settings & s) -> auto& { return s.health; })},
      {"Webhook", "webhook-bind-address", "ADDRESS", "Where the webhook that holds Deployments is served; 0: nowhere",
       ":9443", Listen([](Settings & s) -> auto& { return s.webhook.bind; })},
      {"Webhook", "webhook-configuration", "NAME",
       "The MutatingWebhookConfiguration that gets the authority of the operator's own certificate", "no webhook",
       Text([](Settings & s) -> auto& { return s.webhook.configuration; })},
      {"Webhook", "webhook-service", "NAME", "The Service whose names stand in that certificate", "",
       Text([](Settings & s) -> auto& { return s.webhook.service; })},
      {"Webhook", "webhook-certificate-secret", "NAME", "The Secret that keeps that certificate", "",
       Text([](Settings & s) -> auto& { return s.webhook.secret; })},
      {"Webhook", "cert-dir", "DIRECTORY",
       "Holds tls.crt and tls.key, made by somebody else (cert-manager), instead of a certificate of its own", "",
       Text([](Settings & s) -> auto& { return s.webhook.certificate_directory; })},
  };
}

std::vector<Flag> WorkFlags() {
  using telemetry::LogFormat;
  using telemetry::LogLevel;
  return {
      {"Work", "max-concurrent-jobs", "N", "At most so many Jobs run at a time", "20",
       Number(
           [](Settings & s) -> auto& { return s.most_jobs; }, kMostJobs)},
      {"Work", "workers", "N", "So many resources are looked after at a time", "4",
       Number(
           [](Settings & s) -> auto& { return s.workers; }, kMostWorkers)},
      {"Work", "job-ttl", "DURATION", "A Job that has ended stays so long for its log", "1h",
       Time([](Settings & s) -> auto& { return s.job_ttl; })},
      {"Work", "gate-settle", "DURATION",
       "A template that doesn't name its schema is held so long, for a SchemaMigration that comes after it", "30s",
       Time([](Settings & s) -> auto& { return s.gate_settle; })},
      {"Work", "allowed-service-accounts", "NAME,…", "The service accounts that a SchemaMigration may name", "any",
       Names([](Settings & s) -> auto& { return s.allowed_service_accounts; })},
      {"Log", "log-format", "text|json", "How the log is written", "text",
       Choice<LogFormat>(
           {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
           [](Settings & s) -> auto& { return s.log_format; })},
      {"Log", "log-level", "LEVEL", "The least that is told: debug, info, warn, error", "info",
       Choice<LogLevel>(
           {{"debug", LogLevel::kDebug},
            {"info", LogLevel::kInfo},
            {"warn", LogLevel::kWarn},
            {"error", LogLevel::kError}},
           [](Settings & s) -> auto& { return s.log_level; })},
  };
}

std::vector<Flag> Flags() {
  std::vector<Flag> flags = ClusterFlags();
  for (std::vector<Flag> more : {ServerFlags(), WorkFlags()}) {
    std::move(more.begin(), more.end(), std::back_inserter(flags));
  }
  return flags;
}

struct CommandText {
  std::string name;
  std::string text;
  Command command;
};

std::vector<CommandText> Commands() {
  return {{"release", "Let every held Deployment go, before the operator is taken away", Command::kRelease},
          {"crd", "Print the CustomResourceDefinition", Command::kCrd},
          {"reference", "Print the reference of the resource and of the flags", Command::kReference},
          {"version", "Print the version", Command::kVersion}};
}

std::string TextOf(const Flag& flag) {
  return flag.default_value.empty() ? flag.text : flag.text + " (default: " + flag.default_value + ")";
}

Error UnknownWord(const std::string& word, const std::vector<Flag>& flags) {
  std::vector<std::string> candidates;
  for (const CommandText& command : Commands()) candidates.push_back(command.name);
  for (const Flag& flag : flags) candidates.push_back("--" + flag.name);
  std::string hint = DidYouMean(NearMatches(word.substr(0, word.find('=')), candidates));
  if (hint.empty()) hint = "sluice-operator --help lists commands and flags";
  return MakeError(ErrorCode::kUsage, "sluice-operator knows no " + word, std::move(hint));
}

Status CheckTogether(const Settings& settings) {
  const runtime::ElectionTimes& times = settings.leader_election.times;
  if (times.retry.count() <= 0 || times.renew <= times.retry * 6 / 5 || times.lease <= times.renew) {
    return MakeError(
        ErrorCode::kUsage, "the times of the leader election don't fit together",
        "--leader-elect-lease-duration is longer than --leader-elect-renew-deadline, and that is more than "
        "1.2 times --leader-elect-retry-period");
  }
  const manager::Webhook& webhook = settings.webhook;
  const bool own = !webhook.configuration.empty() || !webhook.service.empty() || !webhook.secret.empty();
  if (own && !webhook.certificate_directory.empty()) {
    return MakeError(ErrorCode::kUsage, "--cert-dir is somebody else's certificate",
                     "leave out --webhook-configuration, --webhook-service and --webhook-certificate-secret");
  }
  if (own && (webhook.configuration.empty() || webhook.service.empty() || webhook.secret.empty())) {
    return MakeError(ErrorCode::kUsage, "a certificate of its own needs three names",
                     "give --webhook-configuration, --webhook-service and --webhook-certificate-secret");
  }
  return {};
}

}  // namespace

Result<Request> ParseCommandLine(const std::vector<std::string>& words) {
  Request request;
  CLI::App app("Runs PostgreSQL migrations for SchemaMigrations, and holds Deployments until they are done.",
               "sluice-operator");
  app.set_help_flag("-h,--help", "Print this text");
  app.require_subcommand(0, 1);
  app.allow_extras();
  const std::vector<Flag> flags = Flags();
  std::vector<CLI::Option*> options;
  for (const Flag& flag : flags) {
    const std::string text = TextOf(flag);
    CLI::Option* option = app.add_option("--" + flag.name, text)->type_name(flag.value)->group(flag.group);
    options.push_back(option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
  }
  const std::vector<CommandText> commands = Commands();
  std::vector<CLI::App*> subcommands;
  for (const CommandText& command : commands) {
    subcommands.push_back(app.add_subcommand(command.name, command.text)->fallthrough());
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // as CLI11 wants them
  } catch (const CLI::CallForHelp&) {
    request.command = Command::kHelp;
    request.help = app.help();
    return request;
  } catch (const CLI::ParseError& error) {
    return MakeError(ErrorCode::kUsage, error.what(), "sluice-operator --help lists commands and flags");
  }
  if (!app.remaining(true).empty()) return UnknownWord(app.remaining(true).front(), flags);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (subcommands[i]->parsed()) request.command = commands[i].command;
  }
  for (std::size_t i = 0; i < flags.size(); ++i) {
    for (const std::string& value : options[i]->count() > 0 ? options[i]->results() : std::vector<std::string>()) {
      if (Status read = flags[i].read(request.settings, value); !read.ok()) {
        read.error().message = "--" + flags[i].name + " " + read.error().message;
        return std::move(read).error();
      }
    }
  }
  SLUICE_CHECK(CheckTogether(request.settings));
  return request;
}

std::string FlagReference() {
  std::string text = "## Commands of sluice-operator\n\n";
  text += "Without a command `sluice-operator` runs until it gets SIGTERM or SIGINT.\n\n| Command | |\n|---|---|\n";
  for (const CommandText& command : Commands()) text += "| `" + command.name + "` | " + command.text + " |\n";
  std::string group;
  for (const Flag& flag : Flags()) {
    if (group != flag.group) text += "\n### " + flag.group + "\n\n| Flag | Default | |\n|---|---|---|\n";
    group = flag.group;
    std::string value = flag.value;
    if (const std::size_t bar = value.find('|'); bar != std::string::npos) value.insert(bar, "\\");
    const std::string shown = flag.default_value.find(' ') == std::string::npos && !flag.default_value.empty()
                                  ? "`" + flag.default_value + "`"
                                  : flag.default_value;
    text += "| `--" + flag.name + " " + value + "` | " + shown + " | " + flag.text + " |\n";
  }
  return text;
}

}  // namespace sluice::operator_cli
