#include "core/diff/alterable.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

using enum AttributeName;

Change How(ObjectKind kind, AttributeName attribute, std::string from, std::string to, int server_major = 15) {
  SchemaObject before;
  before.id.kind = kind;
  before.Set(attribute, std::move(from));
  SchemaObject after;
  after.id.kind = kind;
  after.Set(attribute, std::move(to));
  return HowChanged(before, after, attribute, server_major);
}

TEST(AlterableTest, LabelsAreAddedAnywhereAndNeverMoved) {
  EXPECT_EQ(How(ObjectKind::kEnum, kLabels, "'a'\n'b'", "'z'\n'a'\n'm'\n'b'\n'c'"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kEnum, kLabels, "", "'a'"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kEnum, kLabels, "'a'\n'b'", "'b'\n'a'"), Change::kReplaced);
  EXPECT_EQ(How(ObjectKind::kEnum, kLabels, "'a'\n'b'", "'a'"), Change::kReplaced);
  EXPECT_EQ(How(ObjectKind::kEnum, kLabels, "'a\nb'", "'a\nb'\n'c'"), Change::kInPlace);
}

TEST(AlterableTest, DefaultsOfArgumentsMayChangeAndNotGo) {
  const auto how = [](const char* from, const char* to) { return How(ObjectKind::kFunction, kArguments, from, to); };
  EXPECT_EQ(how("a integer", "a integer DEFAULT 1"), Change::kInPlace);
  EXPECT_EQ(how("a text DEFAULT 'x, y'::text", "a text DEFAULT 'x'::text"), Change::kInPlace);
  EXPECT_EQ(how("a integer DEFAULT 1", "a integer"), Change::kRebuilt);
  EXPECT_EQ(how("a integer", "b integer"), Change::kRebuilt);
  EXPECT_EQ(how("a integer", "a integer, OUT b integer"), Change::kRebuilt);
  EXPECT_EQ(how("\"a DEFAULT b\" integer", "\"a DEFAULT b\" integer DEFAULT 2"), Change::kInPlace);
}

TEST(AlterableTest, AFunctionIsReplacedUnlessItsSortChanges) {
  EXPECT_EQ(How(ObjectKind::kFunction, kProperties, "STRICT", "STABLE\nSET a TO '\nWINDOW\n'"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kFunction, kProperties, "WINDOW", "STABLE"), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kAggregate, kDefinition, "SFUNC = a", "SFUNC = b"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kAggregate, kDefinition, "SFUNC = a", "SFUNC = a,\nHYPOTHETICAL"), Change::kRebuilt);
}

TEST(AlterableTest, OnlyAForeignKeyBecomesEnforcedInPlace) {
  EXPECT_EQ(How(ObjectKind::kCheckConstraint, kValidity, "not valid", "", 18), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kCheckConstraint, kValidity, "not enforced", "", 18), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kCheckConstraint, kValidity, "", "not enforced", 18), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kForeignKey, kValidity, "not enforced", "", 18), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kForeignKey, kValidity, "", "not enforced", 18), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kForeignKey, kValidity, "not enforced", "not valid", 18), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kForeignKey, kValidity, "", "not valid"), Change::kRebuilt);
}

TEST(AlterableTest, TriggersAreReplacedSincePostgres14) {
  EXPECT_EQ(How(ObjectKind::kTrigger, kDefinition, "CREATE TRIGGER a", "CREATE TRIGGER b", 14), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kTrigger, kDefinition, "CREATE TRIGGER a", "CREATE TRIGGER b", 13), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kTrigger, kDefinition, "CREATE TRIGGER a", "CREATE CONSTRAINT TRIGGER a"),
            Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kTrigger, kEnabled, "disabled", ""), Change::kInPlace);
}

TEST(AlterableTest, APolicyKeepsItsExpressions) {
  EXPECT_EQ(How(ObjectKind::kPolicy, kPredicate, "(a)", "(b)"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kPolicy, kPredicate, "(a)", ""), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kPolicy, kProperties, "", "FOR SELECT"), Change::kRebuilt);
}

TEST(AlterableTest, AnOperatorGetsPartnersSincePostgres17) {
  EXPECT_EQ(How(ObjectKind::kOperator, kProperties, "RESTRICT = a", "JOIN = b"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kOperator, kProperties, "", "HASHES", 17), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kOperator, kProperties, "", "HASHES", 16), Change::kRebuilt);
  EXPECT_EQ(How(ObjectKind::kOperator, kProperties, "HASHES", "", 17), Change::kRebuilt);
}

TEST(AlterableTest, APublicationOfAllTablesIsAnother) {
  EXPECT_EQ(How(ObjectKind::kPublication, kMembers, "TABLE a", "TABLE b"), Change::kInPlace);
  EXPECT_EQ(How(ObjectKind::kPublication, kMembers, "TABLE a", "ALL TABLES"), Change::kRebuilt);
}

}  // namespace
}  // namespace sluice
