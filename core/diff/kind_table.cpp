#include "core/diff/kind_table.h"

#include <algorithm>
#include <array>
#include <string>

namespace sluice {
namespace {

using enum AttributeName;

constexpr AttributeName kOfSchema[] = {kOwner, kComment, kGrants};
constexpr AttributeName kOfExtension[] = {kComment, kVersion, kSchema};
constexpr AttributeName kOfLanguage[] = {kOwner, kComment, kGrants, kDefinition, kProperties};
constexpr AttributeName kOfAccessMethod[] = {kComment, kDefinition};
constexpr AttributeName kOfCollation[] = {kOwner, kComment, kDefinition};
constexpr AttributeName kOfEnum[] = {kOwner, kComment, kGrants, kLabels};
constexpr AttributeName kOfDomain[] = {kOwner, kComment, kGrants, kType, kCollation, kDefault, kNotNull};
constexpr AttributeName kOfRangeType[] = {kOwner, kComment, kGrants, kDefinition};
constexpr AttributeName kOfSequence[] = {kOwner, kComment, kGrants, kType, kPersistence, kSequence, kOwnedBy};
constexpr AttributeName kOfTable[] = {kOwner,        kComment,        kGrants,          kOptions,     kPersistence,
                                      kAccessMethod, kTablespace,     kReplicaIdentity, kRowSecurity, kInherits,
                                      kPartitionOf,  kPartitionBound, kPartitionKey,    kOfType,      kClusterOn};
constexpr AttributeName kOfForeignTable[] = {kOwner,    kComment,     kGrants,         kOptions,
                                             kInherits, kPartitionOf, kPartitionBound, kServer};
constexpr AttributeName kOfView[] = {kOwner, kComment, kGrants, kDefinition, kOptions, kColumns};
constexpr AttributeName kOfMaterializedView[] = {kOwner,        kComment,    kGrants,    kDefinition, kOptions,
                                                 kAccessMethod, kTablespace, kClusterOn, kColumns};
constexpr AttributeName kOfColumn[] = {kComment, kGrants,      kOptions,          kType,      kCollation,
                                       kDefault, kNotNull,     kPosition,         kGenerated, kIdentity,
                                       kStorage, kCompression, kStatisticsTarget, kInherited, kProperties};
constexpr AttributeName kOfPrimaryKey[] = {kComment, kDeferrable, kTablespace,   kClusterOn,    kInherited,
                                           kColumns, kInclude,    kIndexOptions, kIndexComment, kMembers};
constexpr AttributeName kOfUniqueConstraint[] = {kComment,      kDeferrable,   kTablespace, kClusterOn,
                                                 kInherited,    kColumns,      kInclude,    kNullsDistinct,
                                                 kIndexOptions, kIndexComment, kMembers};
constexpr AttributeName kOfExclusionConstraint[] = {kComment,   kDefinition,   kDeferrable,   kTablespace,
                                                    kInherited, kIndexOptions, kIndexComment, kMembers};
constexpr AttributeName kOfCheckConstraint[] = {kComment, kDefinition, kValidity, kInherited, kNoInherit};
constexpr AttributeName kOfNotNullConstraint[] = {kComment, kDefinition, kValidity, kInherited, kColumns, kNoInherit};
constexpr AttributeName kOfForeignKey[] = {kComment, kValidity, kDeferrable, kInherited, kColumns, kReferences};
constexpr AttributeName kOfIndex[] = {kComment,   kOptions,          kValidity,      kAccessMethod, kTablespace,
                                      kClusterOn, kStatisticsTarget, kInherited,     kColumns,      kUnique,
                                      kInclude,   kPredicate,        kNullsDistinct, kMembers};
constexpr AttributeName kOfStatistics[] = {kOwner, kComment, kDefinition, kStatisticsTarget, kTable};
constexpr AttributeName kOfFunction[] = {kOwner,    kComment, kGrants,     kDefinition, kReturns,
                                         kLanguage, kBody,    kProperties, kArguments};
constexpr AttributeName kOfProcedure[] = {kOwner,    kComment, kGrants,     kDefinition,
                                          kLanguage, kBody,    kProperties, kArguments};
constexpr AttributeName kOfAggregate[] = {kOwner, kComment, kGrants, kDefinition, kReturns, kArguments};
constexpr AttributeName kOfTrigger[] = {kComment, kDefinition, kEnabled};
constexpr AttributeName kOfPolicy[] = {kComment, kPredicate, kWithCheck, kProperties, kMembers};
constexpr AttributeName kOfEventTrigger[] = {kOwner, kComment, kDefinition, kEnabled};
constexpr AttributeName kOfOperator[] = {kOwner, kComment, kDefinition, kProperties};
constexpr AttributeName kOfOperatorFamily[] = {kOwner, kComment, kMembers};
constexpr AttributeName kOfTextSearchDictionary[] = {kOwner, kComment, kDefinition, kOptions};
constexpr AttributeName kOfTextSearchConfiguration[] = {kOwner, kComment, kDefinition, kMembers};
constexpr AttributeName kOfForeignDataWrapper[] = {kOwner, kComment, kGrants, kOptions, kProperties};
constexpr AttributeName kOfForeignServer[] = {kOwner, kComment, kGrants, kDefinition, kOptions, kType, kVersion};
constexpr AttributeName kOfPublication[] = {kOwner, kComment, kProperties, kMembers};
constexpr AttributeName kOfDefaultPrivileges[] = {kGrants};

constexpr std::array<KindFacts, kObjectKinds> kFacts{{
    {ObjectKind::kSchema, "CREATE SCHEMA", "DROP SCHEMA", kOfSchema, "relational_kinds_test"},
    {ObjectKind::kExtension, "CREATE EXTENSION", "DROP EXTENSION", kOfExtension, "kinds_test"},
    {ObjectKind::kLanguage, "CREATE LANGUAGE", "DROP LANGUAGE", kOfLanguage, "kinds_test"},
    {ObjectKind::kAccessMethod, "CREATE ACCESS METHOD", "DROP ACCESS METHOD", kOfAccessMethod, "kinds_test"},
    {ObjectKind::kCollation, "CREATE COLLATION", "DROP COLLATION", kOfCollation, "kinds_test"},
    {ObjectKind::kEnum, "CREATE TYPE … AS ENUM", "DROP TYPE", kOfEnum, "kinds_test"},
    {ObjectKind::kDomain, "CREATE DOMAIN", "DROP DOMAIN", kOfDomain, "kinds_test"},
    {ObjectKind::kCompositeType, "CREATE TYPE … AS", "DROP TYPE", kOfSchema, "kinds_test"},
    {ObjectKind::kRangeType, "CREATE TYPE … AS RANGE", "DROP TYPE", kOfRangeType, "kinds_test"},
    {ObjectKind::kSequence, "CREATE SEQUENCE", "DROP SEQUENCE", kOfSequence, "relational_kinds_test"},
    {ObjectKind::kTable, "CREATE TABLE", "DROP TABLE", kOfTable, "relational_kinds_test"},
    {ObjectKind::kForeignTable, "CREATE FOREIGN TABLE", "DROP FOREIGN TABLE", kOfForeignTable, "relational_kinds_test"},
    {ObjectKind::kView, "CREATE VIEW", "DROP VIEW", kOfView, "relational_kinds_test"},
    {ObjectKind::kMaterializedView, "CREATE MATERIALIZED VIEW", "DROP MATERIALIZED VIEW", kOfMaterializedView,
     "relational_kinds_test"},
    {ObjectKind::kColumn, "ALTER TABLE … ADD COLUMN", "ALTER TABLE … DROP COLUMN", kOfColumn, "relational_kinds_test"},
    {ObjectKind::kPrimaryKey, "ALTER TABLE … ADD PRIMARY KEY", "ALTER TABLE … DROP CONSTRAINT", kOfPrimaryKey,
     "relational_kinds_test"},
    {ObjectKind::kUniqueConstraint, "ALTER TABLE … ADD UNIQUE", "ALTER TABLE … DROP CONSTRAINT", kOfUniqueConstraint,
     "relational_kinds_test"},
    {ObjectKind::kExclusionConstraint, "ALTER TABLE … ADD EXCLUDE", "ALTER TABLE … DROP CONSTRAINT",
     kOfExclusionConstraint, "relational_kinds_test"},
    {ObjectKind::kCheckConstraint, "ALTER TABLE … ADD CHECK", "ALTER TABLE … DROP CONSTRAINT", kOfCheckConstraint,
     "relational_kinds_test"},
    {ObjectKind::kNotNullConstraint, "ALTER TABLE … ADD NOT NULL", "ALTER TABLE … DROP CONSTRAINT",
     kOfNotNullConstraint, "relational_kinds_test"},
    {ObjectKind::kForeignKey, "ALTER TABLE … ADD FOREIGN KEY", "ALTER TABLE … DROP CONSTRAINT", kOfForeignKey,
     "relational_kinds_test"},
    {ObjectKind::kIndex, "CREATE INDEX", "DROP INDEX", kOfIndex, "relational_kinds_test"},
    {ObjectKind::kStatistics, "CREATE STATISTICS", "DROP STATISTICS", kOfStatistics, "relational_kinds_test"},
    {ObjectKind::kFunction, "CREATE FUNCTION", "DROP FUNCTION", kOfFunction, "kinds_test"},
    {ObjectKind::kProcedure, "CREATE PROCEDURE", "DROP PROCEDURE", kOfProcedure, "kinds_test"},
    {ObjectKind::kAggregate, "CREATE AGGREGATE", "DROP AGGREGATE", kOfAggregate, "kinds_test"},
    {ObjectKind::kTrigger, "CREATE TRIGGER", "DROP TRIGGER", kOfTrigger, "kinds_test"},
    {ObjectKind::kRule, "CREATE RULE", "DROP RULE", kOfTrigger, "kinds_test"},
    {ObjectKind::kPolicy, "CREATE POLICY", "DROP POLICY", kOfPolicy, "kinds_test"},
    {ObjectKind::kEventTrigger, "CREATE EVENT TRIGGER", "DROP EVENT TRIGGER", kOfEventTrigger, "kinds_test"},
    {ObjectKind::kOperator, "CREATE OPERATOR", "DROP OPERATOR", kOfOperator, "kinds_test"},
    {ObjectKind::kOperatorFamily, "CREATE OPERATOR FAMILY", "DROP OPERATOR FAMILY", kOfOperatorFamily, "kinds_test"},
    {ObjectKind::kOperatorClass, "CREATE OPERATOR CLASS", "DROP OPERATOR CLASS", kOfCollation, "kinds_test"},
    {ObjectKind::kCast, "CREATE CAST", "DROP CAST", kOfAccessMethod, "kinds_test"},
    {ObjectKind::kConversion, "CREATE CONVERSION", "DROP CONVERSION", kOfOperator, "kinds_test"},
    {ObjectKind::kTextSearchParser, "CREATE TEXT SEARCH PARSER", "DROP TEXT SEARCH PARSER", kOfAccessMethod,
     "kinds_test"},
    {ObjectKind::kTextSearchTemplate, "CREATE TEXT SEARCH TEMPLATE", "DROP TEXT SEARCH TEMPLATE", kOfAccessMethod,
     "kinds_test"},
    {ObjectKind::kTextSearchDictionary, "CREATE TEXT SEARCH DICTIONARY", "DROP TEXT SEARCH DICTIONARY",
     kOfTextSearchDictionary, "kinds_test"},
    {ObjectKind::kTextSearchConfiguration, "CREATE TEXT SEARCH CONFIGURATION", "DROP TEXT SEARCH CONFIGURATION",
     kOfTextSearchConfiguration, "kinds_test"},
    {ObjectKind::kForeignDataWrapper, "CREATE FOREIGN DATA WRAPPER", "DROP FOREIGN DATA WRAPPER", kOfForeignDataWrapper,
     "kinds_test"},
    {ObjectKind::kForeignServer, "CREATE SERVER", "DROP SERVER", kOfForeignServer, "kinds_test"},
    {ObjectKind::kPublication, "CREATE PUBLICATION", "DROP PUBLICATION", kOfPublication, "kinds_test"},
    {ObjectKind::kDefaultPrivileges, "ALTER DEFAULT PRIVILEGES … GRANT", "ALTER DEFAULT PRIVILEGES … REVOKE",
     kOfDefaultPrivileges, "kinds_test"},
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
                                         "not enforced",
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
