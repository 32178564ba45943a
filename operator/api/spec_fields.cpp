// SpecField of resource_schema.h.
#include <utility>

#include "operator/api/enum_text.h"
#include "operator/api/limits.h"
#include "operator/api/resource_schema.h"

namespace sluice::api {
namespace {

constexpr int kMostRetries = 20;
constexpr std::size_t kMostLabels = 32;
constexpr std::size_t kMostItems = 32;  // of a list in podTemplate

// A text of which `pattern` (RE2) describes all there may be.
Field Pattern(std::string name, std::size_t longest, std::string text, const std::string& pattern,
              std::string message) {
  Field field = TextField(std::move(name), longest, std::move(text));
  field.rules = {{"self.matches('" + pattern + "')", std::move(message)}};
  return field;
}

// The name of another object.
Field Name(std::string name, std::string text) {
  return Pattern(std::move(name), kLongestName, std::move(text), "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
                 "names in Kubernetes are made of lower-case letters, digits, - and .");
}

// `limits`: a rule over duration(self), and what it says.
Field Duration(std::string name, std::string text, std::string default_value, const std::string& limits,
               std::string message) {
  const std::string pattern = "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$";
  Field field = Pattern(std::move(name), kLongestDuration, std::move(text), pattern,
                        "write a duration in hours, minutes and seconds: 30s, 10m, 1h30m");
  field.default_value = std::move(default_value);
  // What is no duration is the other rule's, but CEL looks at both.
  field.rules.push_back({"!self.matches('" + pattern + "') || " + limits, std::move(message)});
  return field;
}

template <typename Enum>
Field Choice(std::string name, std::string text, std::optional<Enum> default_value) {
  return WordField(std::move(name), std::move(text), WordsOf<Enum>(),
                   default_value ? Json(TextOf(*default_value)) : Json());
}

Field SecretSource(std::string name, std::string text) {
  Field key = Pattern("key", kLongestKey, "The key of the value", "^[-._a-zA-Z0-9]+$",
                      "keys of a Secret are made of letters, digits, -, _ and .");
  Field reference = ObjectField("secretKeyRef", "A value of a Secret in the resource's namespace",
                                {Required(Name("name", "The Secret's name")), Required(std::move(key))});
  return ObjectField(std::move(name), std::move(text), {Required(std::move(reference))});
}

Field Database(std::string text) {
  Field port = IntegerField("port", 1, 65'535, "The server's port");
  port.default_text = "5432";
  Field database = ObjectField(
      "database", std::move(text),
      {SecretSource("urlFrom",
                    "The URL of the database, postgresql://USER:PASSWORD@HOST/NAME, from a Secret. The operator never "
                    "reads it: the Jobs get it"),
       Pattern("host", kLongestHost, "The server, in place of a URL", R"(^[^\\s/@]+$)",
               "a host is a name or an address, without user, port or path"),
       std::move(port), TextField("name", kLongestIdentifier, "The database's name on the server"),
       TextField("user", kLongestIdentifier, "Who logs in: a role that may change the schema"),
       SecretSource("passwordFrom", "That role's password, from a Secret; without it none is sent")});
  database.rules = {
      {"has(self.urlFrom) != has(self.host)",
       "say where the database is in one way: urlFrom, or host with name and user"},
      {"!has(self.urlFrom) || !(has(self.port) || has(self.name) || has(self.user) || has(self.passwordFrom))",
       "the URL of urlFrom holds port, name, user and password: leave them out"},
      {"!has(self.host) || (has(self.name) && has(self.user))", "with host, name and user are needed too"}};
  return database;
}

Field Window() {
  const std::string day = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  const std::string days = day + "(-" + day + ")?(," + day + "(-" + day + ")?)*";
  const std::string time = "([01][0-9]|2[0-3]):[0-5][0-9]";
  return Pattern(
      "window", kLongestWindow,
      "When migrations may begin: days (every day without them), a time of day, and a time zone (UTC without "
      "one), as in Sat 02:00-05:00 Europe/Berlin or Mon-Fri 22:00-04:00. Without a window they may at any time",
      "^(" + days + " )?" + time + "-" + time + "( [A-Za-z_]+(/[A-Za-z0-9_+-]+)*)?$",
      "write days, a time of day and a time zone: Sat 02:00-05:00 Europe/Berlin");
}

Field PolicyField() {
  Field contract = Choice<ContractTime>(
      "contract",
      "When contract revisions run, which take away what only old pods need. AfterRollout: when no pod of any "
      "ReplicaSet "
      "but the approved one is left; only with a gate are the pods known. WithNextRelease: with the next change of "
      "spec.image. Immediately: with the expand revisions",
      std::nullopt);
  contract.default_text = "AfterRollout with a gate, WithNextRelease without one";
  Field policy = ObjectField(
      "policy", "How the database is migrated",
      {Choice("onFailure",
              "After the retries. Downgrade: what this migration applied is taken back. Halt: it is left for a person",
              std::optional(OnFailure::kDowngrade)),
       Default(IntegerField("retries", 0, kMostRetries,
                            "How often a migration that failed is tried again, with growing pauses, before onFailure"),
               3),
       Duration("timeout", "How long one run may take", "1h",
                "(duration(self) >= duration('1m') && duration(self) <= duration('168h'))",
                "a run takes from 1m to 168h"),
       Choice(
           "onDataLoss",
           "Whether a downgrade may lose data. What it would lose is in status.downgradePlan. With refuse the resource "
           "says what stands in the way, and stops",
           std::optional(OnDataLoss::kRefuse)),
       Choice("approval", "Manual: a plan waits until spec.approvedPlan is its hash, status.plan.hash",
              std::optional(Approval::kAutomatic)),
       Window(), std::move(contract)});
  return Default(std::move(policy), Json::object());
}

Field ValidationField() {
  Field mode = Choice("mode", "RoundTrip: up, down, and up again. Upgrade: up only. None: nothing is rehearsed",
                      std::optional(ValidationMode::kRoundTrip));
  mode.values.emplace_back(kNoValidation);
  Field validation = ObjectField("validation",
                                 "Staging first: production is not touched before this very plan has passed on another "
                                 "database",
                                 {Database("The staging database"), std::move(mode)});
  validation.rules = {{"self.mode == 'None' || has(self.database)",
                       "say where the staging database is in validation.database, or set validation.mode to None"}};
  return validation;
}

Field GateField() {
  Field target = ObjectField(
      "", "", {Required(WordField("kind", "What it is", {"Deployment"})), Required(Name("name", "Its name"))});
  Field targets = ListField("targets", kMostTargets, "Every Deployment that uses the database", std::move(target),
                            {"kind", "name"});
  targets.least = 1;
  return ObjectField(
      "gate", "Which Deployments are held until the database is where their new pods need it",
      {Required(std::move(targets)),
       Choice(
           "onFailedRollout",
           "When the new pods don't become available. Hold: a person decides; the condition RollbackRequired says so. "
           "Undo: the last approved template is put back. UndoAndDowngrade: then, when no pod of the new template is "
           "left, the schema is taken back too",
           std::optional(OnFailedRollout::kHold)),
       Default(FlagField("restoreTemplate",
                         "After a failed migration the approved template is put back, instead of leaving the new one "
                         "paused"),
               false),
       Duration("rolloutTimeout", "How long a rollout may take from when it was let go", "10m",
                "(duration(self) >= duration('10s') && duration(self) <= duration('24h'))",
                "a rollout takes from 10s to 24h"),
       Choice("onDelete",
              "When the resource is deleted while a Deployment is held. Release: the approved template is put back and "
              "the "
              "Deployment is let go. Leave: it stays paused",
              std::optional(OnDelete::kRelease))});
}

Field DriftField() {
  return ObjectField(
      "drift", "Whether the database is compared with what its migrations have made of it",
      {Duration("interval", "How often, with some jitter; 0s: never. What differs is in the condition Drifted", "0s",
                "duration(self) == duration('0s') || (duration(self) >= duration('1h') && duration(self) <= "
                "duration('168h'))",
                "look every 1h to 168h, or never: 0s")});
}

// CEL can't compare two objects of different schemas, and each place of a schema is one of its own.
std::string SameSecret() {
  return "(has(self.validation.database.urlFrom) && has(self.database.urlFrom) && "
         "self.validation.database.urlFrom.secretKeyRef.name == self.database.urlFrom.secretKeyRef.name && "
         "self.validation.database.urlFrom.secretKeyRef.key == self.database.urlFrom.secretKeyRef.key)";
}

std::string SameServer() {
  const auto port = [](const std::string& database) {
    return "(has(" + database + ".port) ? " + database + ".port : 5432)";
  };
  const auto both = [](const std::string& member) {
    return "has(self.validation.database." + member + ") && has(self.database." + member +
           ") && self.validation.database." + member + " == self.database." + member;
  };
  return "(" + both("host") + " && " + both("name") + " && " + port("self.validation.database") +
         " == " + port("self.database") + ")";
}

// A list of what Kubernetes describes.
Field OpenList(std::string name, std::string text) {
  return ListField(std::move(name), kMostItems, std::move(text), OpenField("", ""));
}

Field PodTemplateField() {
  return ObjectField(
      "podTemplate",
      "What is laid over the pods of the Jobs: maps are merged; volumes, initContainers, env, volumeMounts and "
      "tolerations "
      "are added to; the rest replaces what would stand there",
      {TextMapField("labels", kMostLabels, kLongestLabel, "Labels of the pods"),
       TextMapField("annotations", kMostLabels, kLongestMessage, "Annotations of the pods"),
       OpenField("resources", "Requests and limits of the containers that run sluice"),
       OpenList("env", "Environment variables of these containers"),
       OpenList("envFrom", "ConfigMaps and Secrets whose keys are environment variables of these containers"),
       OpenList("volumeMounts", "Volumes in these containers"),
       OpenField("containerSecurityContext", "The security context of these containers"),
       OpenField("securityContext", "The security context of the pods"),
       OpenList("volumes", "Volumes of the pods"),
       OpenList("initContainers",
                "Containers that start before; with restartPolicy Always they run beside (proxies of a database)"),
       TextMapField("nodeSelector", kMostLabels, kLongestLabel, "Labels of the nodes that the pods may run on"),
       OpenList("tolerations", "Taints that the pods tolerate"),
       OpenField("affinity", "Where the pods would rather run"),
       OpenList("topologySpreadConstraints", "How the pods are spread"),
       Name("priorityClassName", "The pods' priority class"),
       Name("runtimeClassName", "The pods' runtime class"),
       TextField("schedulerName", kLongestLabel, "The pods' scheduler"),
       OpenList("hostAliases", "Lines in the pods' hosts file"),
       OpenField("dnsConfig", "The pods' DNS"),
       TextField("dnsPolicy", kLongestLabel, "The pods' DNS policy")});
}

}  // namespace

Field SpecField() {
  Field pull = WordField("imagePullPolicy", "When the image is pulled", {"Always", "IfNotPresent", "Never"});
  pull.default_text = "as Kubernetes does";
  Field spec = ObjectField(
      "spec", "What is wanted of a database's schema",
      {Required(Pattern("image", kLongestImage, "The migrator's image: sluice, and the scripts", R"(^[^\\s]+$)",
                        "an image is written like registry.example/shop/api-migrations:1.4.2")),
       std::move(pull), Required(Database("The database that is migrated")),
       Default(
           Pattern("target", kLongestRevision,
                   "The revision that the schema is brought to: heads, a revision's id, the beginning of one, a label. "
                   "An older one than the database has is a rollback",
                   "^[A-Za-z0-9_.]+(@[A-Za-z0-9_.]+)?([+-][0-9]+)?$",
                   "a target is a place in the history, such as heads, 6ee06edc35dd or billing@head, not a distance "
                   "from where the database happens to be"),
           "heads"),
       PolicyField(), ValidationField(), GateField(), DriftField(),
       TextField("approvedPlan", kLongestHash,
                 "The hash of the plan that a person approves, with policy.approval Manual"),
       Default(FlagField("suspend", "Nothing is done until it is false again; a Job that runs comes to its end"),
               false),
       Name("serviceAccountName", "The service account of the Jobs' pods"),
       ListField("imagePullSecrets", kMostPullSecrets, "The Secrets that the image is pulled with",
                 ObjectField("", "", {Required(Name("name", "A Secret's name"))}), {"name"}),
       PodTemplateField()});
  spec.rules = {
      {"!has(self.policy) || !has(self.policy.contract) || self.policy.contract != 'AfterRollout' || has(self.gate)",
       "policy.contract AfterRollout needs a gate: name the Deployments in gate.targets, or use WithNextRelease"},
      {"!has(self.validation) || !has(self.validation.database) || !(" + SameSecret() + " || " + SameServer() + ")",
       "validation.database is the database itself: staging is another one"}};
  return Required(std::move(spec));
}

}  // namespace sluice::api
