#include "core/diff/kind_table.h"

#include <algorithm>
#include <array>
#include <string>

namespace sluice {
namespace {

// The attributes of the kinds.
namespace has {

using enum AttributeName;

constexpr AttributeName kSchema[] = {kOwner, kComment, kGrants};
constexpr AttributeName kExtension[] = {kComment, kVersion, kSchema};
constexpr AttributeName kLanguage[] = {kOwner, kComment, kGrants, kDefinition, kProperties};
constexpr AttributeName kAccessMethod[] = {kComment, kDefinition};
constexpr AttributeName kCollation[] = {kOwner, kComment, kDefinition};
constexpr AttributeName kEnum[] = {kOwner, kComment, kGrants, kLabels};
constexpr AttributeName kDomain[] = {kOwner, kComment, kGrants, kType, kCollation, kDefault, kNotNull};
constexpr AttributeName kRangeType[] = {kOwner, kComment, kGrants, kDefinition};
constexpr AttributeName kSequence[] = {kOwner, kComment, kGrants, kType, kPersistence, kSequence, kOwnedBy};
constexpr AttributeName kTable[] = {kOwner,        kComment,        kGrants,          kOptions,     kPersistence,
                                    kAccessMethod, kTablespace,     kReplicaIdentity, kRowSecurity, kInherits,
                                    kPartitionOf,  kPartitionBound, kPartitionKey,    kOfType,      kClusterOn};
constexpr AttributeName kForeignTable[] = {kOwner,    kComment,     kGrants,         kOptions,
                                           kInherits, kPartitionOf, kPartitionBound, kServer};
constexpr AttributeName kView[] = {kOwner, kComment, kGrants, kDefinition, kOptions, kColumns};
constexpr AttributeName kMaterializedView[] = {kOwner,        kComment,    kGrants,    kDefinition, kOptions,
                                               kAccessMethod, kTablespace, kClusterOn, kColumns};
constexpr AttributeName kColumn[] = {kComment, kGrants,      kOptions,          kType,      kCollation,
                                     kDefault, kNotNull,     kPosition,         kGenerated, kIdentity,
                                     kStorage, kCompression, kStatisticsTarget, kInherited, kProperties};
constexpr AttributeName kPrimaryKey[] = {kComment,   kDeferrable, kTablespace, kClusterOn,
                                         kInherited, kColumns,    kInclude,    kIndexOptions};
constexpr AttributeName kUniqueConstraint[] = {kComment, kDeferrable, kTablespace,    kClusterOn,   kInherited,
                                               kColumns, kInclude,    kNullsDistinct, kIndexOptions};
constexpr AttributeName kExclusionConstraint[] = {kComment,    kDefinition, kDeferrable,
                                                  kTablespace, kInherited,  kIndexOptions};
constexpr AttributeName kCheckConstraint[] = {kComment, kDefinition, kValidity, kInherited, kNoInherit};
constexpr AttributeName kNotNullConstraint[] = {kComment, kValidity, kInherited, kColumns, kNoInherit};
constexpr AttributeName kForeignKey[] = {kComment, kValidity, kDeferrable, kInherited, kColumns, kReferences};
constexpr AttributeName kIndex[] = {kComment,   kOptions,          kValidity,     kAccessMethod, kTablespace,
                                    kClusterOn, kStatisticsTarget, kInherited,    kColumns,      kUnique,
                                    kInclude,   kPredicate,        kNullsDistinct};
constexpr AttributeName kStatistics[] = {kOwner, kComment, kDefinition, kStatisticsTarget, kTable};
constexpr AttributeName kFunction[] = {kOwner,    kComment, kGrants,     kDefinition, kReturns,
                                       kLanguage, kBody,    kProperties, kArguments};
constexpr AttributeName kProcedure[] = {kOwner,    kComment, kGrants,     kDefinition,
                                        kLanguage, kBody,    kProperties, kArguments};
constexpr AttributeName kAggregate[] = {kOwner, kComment, kGrants, kDefinition, kReturns, kArguments};
constexpr AttributeName kTrigger[] = {kComment, kDefinition, kEnabled};
constexpr AttributeName kPolicy[] = {kComment, kPredicate, kWithCheck, kProperties, kMembers};
constexpr AttributeName kEventTrigger[] = {kOwner, kComment, kDefinition, kEnabled};
constexpr AttributeName kOperator[] = {kOwner, kComment, kDefinition, kProperties};
constexpr AttributeName kOperatorFamily[] = {kOwner, kComment, kMembers};
constexpr AttributeName kTextSearchDictionary[] = {kOwner, kComment, kDefinition, kOptions};
constexpr AttributeName kTextSearchConfiguration[] = {kOwner, kComment, kDefinition, kMembers};
constexpr AttributeName kForeignDataWrapper[] = {kOwner, kComment, kGrants, kOptions, kProperties};
constexpr AttributeName kForeignServer[] = {kOwner, kComment, kGrants, kDefinition, kOptions, kType, kVersion};
constexpr AttributeName kPublication[] = {kOwner, kComment, kProperties, kMembers};
constexpr AttributeName kDefaultPrivileges[] = {kGrants};

}  // namespace has

constexpr std::array<KindFacts, kObjectKinds> kFacts{{
    {ObjectKind::kSchema, "CREATE SCHEMA", "DROP SCHEMA", has::kSchema, "relational_kinds_test"},
    {ObjectKind::kExtension, "CREATE EXTENSION", "DROP EXTENSION", has::kExtension, "kinds_test"},
    {ObjectKind::kLanguage, "CREATE LANGUAGE", "DROP LANGUAGE", has::kLanguage, "kinds_test"},
    {ObjectKind::kAccessMethod, "CREATE ACCESS METHOD", "DROP ACCESS METHOD", has::kAccessMethod, "kinds_test"},
    {ObjectKind::kCollation, "CREATE COLLATION", "DROP COLLATION", has::kCollation, "kinds_test"},
    {ObjectKind::kEnum, "CREATE TYPE … AS ENUM", "DROP TYPE", has::kEnum, "kinds_test"},
    {ObjectKind::kDomain, "CREATE DOMAIN", "DROP DOMAIN", has::kDomain, "kinds_test"},
    {ObjectKind::kCompositeType, "CREATE TYPE … AS", "DROP TYPE", has::kSchema, "kinds_test"},
    {ObjectKind::kRangeType, "CREATE TYPE … AS RANGE", "DROP TYPE", has::kRangeType, "kinds_test"},
    {ObjectKind::kSequence, "CREATE SEQUENCE", "DROP SEQUENCE", has::kSequence, "relational_kinds_test"},
    {ObjectKind::kTable, "CREATE TABLE", "DROP TABLE", has::kTable, "relational_kinds_test"},
    {ObjectKind::kForeignTable, "CREATE FOREIGN TABLE", "DROP FOREIGN TABLE", has::kForeignTable,
     "relational_kinds_test"},
    {ObjectKind::kView, "CREATE VIEW", "DROP VIEW", has::kView, "relational_kinds_test"},
    {ObjectKind::kMaterializedView, "CREATE MATERIALIZED VIEW", "DROP MATERIALIZED VIEW", has::kMaterializedView,
     "relational_kinds_test"},
    {ObjectKind::kColumn, "ALTER TABLE … ADD COLUMN", "ALTER TABLE … DROP COLUMN", has::kColumn,
     "relational_kinds_test"},
    {ObjectKind::kPrimaryKey, "ALTER TABLE … ADD PRIMARY KEY", "ALTER TABLE … DROP CONSTRAINT", has::kPrimaryKey,
     "relational_kinds_test"},
    {ObjectKind::kUniqueConstraint, "ALTER TABLE … ADD UNIQUE", "ALTER TABLE … DROP CONSTRAINT", has::kUniqueConstraint,
     "relational_kinds_test"},
    {ObjectKind::kExclusionConstraint, "ALTER TABLE … ADD EXCLUDE", "ALTER TABLE … DROP CONSTRAINT",
     has::kExclusionConstraint, "relational_kinds_test"},
    {ObjectKind::kCheckConstraint, "ALTER TABLE … ADD CHECK", "ALTER TABLE … DROP CONSTRAINT", has::kCheckConstraint,
     "relational_kinds_test"},
    {ObjectKind::kNotNullConstraint, "ALTER TABLE … ADD NOT NULL", "ALTER TABLE … DROP CONSTRAINT",
     has::kNotNullConstraint, "relational_kinds_test"},
    {ObjectKind::kForeignKey, "ALTER TABLE … ADD FOREIGN KEY", "ALTER TABLE … DROP CONSTRAINT", has::kForeignKey,
     "relational_kinds_test"},
    {ObjectKind::kIndex, "CREATE INDEX", "DROP INDEX", has::kIndex, "relational_kinds_test"},
    {ObjectKind::kStatistics, "CREATE STATISTICS", "DROP STATISTICS", has::kStatistics, "relational_kinds_test"},
    {ObjectKind::kFunction, "CREATE FUNCTION", "DROP FUNCTION", has::kFunction, "kinds_test"},
    {ObjectKind::kProcedure, "CREATE PROCEDURE", "DROP PROCEDURE", has::kProcedure, "kinds_test"},
    {ObjectKind::kAggregate, "CREATE AGGREGATE", "DROP AGGREGATE", has::kAggregate, "kinds_test"},
    {ObjectKind::kTrigger, "CREATE TRIGGER", "DROP TRIGGER", has::kTrigger, "kinds_test"},
    {ObjectKind::kRule, "CREATE RULE", "DROP RULE", has::kTrigger, "kinds_test"},
    {ObjectKind::kPolicy, "CREATE POLICY", "DROP POLICY", has::kPolicy, "kinds_test"},
    {ObjectKind::kEventTrigger, "CREATE EVENT TRIGGER", "DROP EVENT TRIGGER", has::kEventTrigger, "kinds_test"},
    {ObjectKind::kOperator, "CREATE OPERATOR", "DROP OPERATOR", has::kOperator, "kinds_test"},
    {ObjectKind::kOperatorFamily, "CREATE OPERATOR FAMILY", "DROP OPERATOR FAMILY", has::kOperatorFamily, "kinds_test"},
    {ObjectKind::kOperatorClass, "CREATE OPERATOR CLASS", "DROP OPERATOR CLASS", has::kCollation, "kinds_test"},
    {ObjectKind::kCast, "CREATE CAST", "DROP CAST", has::kAccessMethod, "kinds_test"},
    {ObjectKind::kConversion, "CREATE CONVERSION", "DROP CONVERSION", has::kOperator, "kinds_test"},
    {ObjectKind::kTextSearchParser, "CREATE TEXT SEARCH PARSER", "DROP TEXT SEARCH PARSER", has::kAccessMethod,
     "kinds_test"},
    {ObjectKind::kTextSearchTemplate, "CREATE TEXT SEARCH TEMPLATE", "DROP TEXT SEARCH TEMPLATE", has::kAccessMethod,
     "kinds_test"},
    {ObjectKind::kTextSearchDictionary, "CREATE TEXT SEARCH DICTIONARY", "DROP TEXT SEARCH DICTIONARY",
     has::kTextSearchDictionary, "kinds_test"},
    {ObjectKind::kTextSearchConfiguration, "CREATE TEXT SEARCH CONFIGURATION", "DROP TEXT SEARCH CONFIGURATION",
     has::kTextSearchConfiguration, "kinds_test"},
    {ObjectKind::kForeignDataWrapper, "CREATE FOREIGN DATA WRAPPER", "DROP FOREIGN DATA WRAPPER",
     has::kForeignDataWrapper, "kinds_test"},
    {ObjectKind::kForeignServer, "CREATE SERVER", "DROP SERVER", has::kForeignServer, "kinds_test"},
    {ObjectKind::kPublication, "CREATE PUBLICATION", "DROP PUBLICATION", has::kPublication, "kinds_test"},
    {ObjectKind::kDefaultPrivileges, "ALTER DEFAULT PRIVILEGES … GRANT", "ALTER DEFAULT PRIVILEGES … REVOKE",
     has::kDefaultPrivileges, "kinds_test"},
}};

static_assert(kFacts.back().kind == ObjectKind::kDefaultPrivileges, "one row a kind");

// Values that make a difference somewhere: lists that grow, what is there or not, the words that the rules look at.
constexpr std::string_view kSamples[] = {"",
                                         "a",
                                         "b",
                                         "a\nb",
                                         "virtual: a",
                                         "CREATE TRIGGER a",
                                         "CREATE TRIGGER b",
                                         "CREATE CONSTRAINT TRIGGER a",
                                         "RESTRICT = a",
                                         "COMMUTATOR = a",
                                         "ALL TABLES",
                                         "WINDOW",
                                         "HYPOTHETICAL",
                                         "a integer",
                                         "a integer DEFAULT 1"};
constexpr int kOldestServer = 13;
constexpr int kNewestServer = 18;

}  // namespace

std::span<const KindFacts> AllKindFacts() { return kFacts; }

std::vector<Change> WaysToChange(ObjectKind kind, AttributeName attribute) {
  std::vector<Change> ways;
  SchemaObject from;
  from.id.kind = kind;
  SchemaObject to = from;
  for (const std::string_view before : kSamples) {
    for (const std::string_view after : kSamples) {
      if (before == after) continue;
      from.Set(attribute, std::string(before));
      to.Set(attribute, std::string(after));
      for (int major = kOldestServer; major <= kNewestServer; ++major) {
        ways.push_back(HowChanged(from, to, attribute, major));
      }
    }
  }
  std::sort(ways.begin(), ways.end());
  ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
  return ways;
}

}  // namespace sluice
