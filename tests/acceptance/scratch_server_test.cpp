#include "core/engine/scratch_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/checksum.h"
#include "tests/acceptance/scratch_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ScratchServerTest : public ScratchTest {
 protected:
  // Makes the table `state` in the database, and counts how often it is asked to.
  ScratchServer::Builder MakesTable() {
    return [this](const ScratchDatabase& database) -> Result<std::string> {
      ++built_;
      Session(database.conninfo()).Run("CREATE TABLE state ()");
      return std::string("payload of it");
    };
  }
  PreparedDatabase Prepared(ScratchServer& scratch, const std::string& key) {
    auto prepared = scratch.Prepared(Sha256Hex(key), MakesTable());
    if (!prepared.ok()) throw std::runtime_error(Told(prepared.error()));
    return *std::move(prepared);
  }
  int built_ = 0;
};

TEST_F(ScratchServerTest, IsTheConfiguredServerWhereTheRoleMayCreateDatabases) {
  ConnectAs("with_createdb", "CREATEDB");
  const auto scratch = Open();
  EXPECT_TRUE(scratch->is_configured_server());
  EXPECT_FALSE(scratch->is_private());
  EXPECT_EQ(scratch->major_version(), server().MajorVersion());
  EXPECT_EQ(scratch->remark(), "");
}

TEST_F(ScratchServerTest, ADatabaseIsEmptyAndLooksLikeTheConfiguredOneAndGoesAtTheEnd) {
  const auto scratch = Open();
  {
    auto made = scratch->Create();
    ASSERT_TRUE(made.ok()) << Told(made.error());
    EXPECT_THAT(Databases("sluice_"), ElementsAre(made->name()));
    const std::string locale =
        "SELECT pg_encoding_to_char(encoding) || datcollate || datctype FROM pg_database WHERE "
        "datname = current_database()";
    Session session = ConnectTo(made->conninfo());
    EXPECT_EQ(session.Value(locale), Value(locale));
    EXPECT_EQ(session.Value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0");
    // An open session does not keep it.
  }
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

TEST_F(ScratchServerTest, ARunSweepsWhatADeadOneLeftAndNothingElse) {
  const auto living = Open();
  auto kept = living->Create();
  ASSERT_TRUE(kept.ok());
  Sql("CREATE DATABASE sluice_scratch_00c0ffee");
  Sql("CREATE DATABASE sluice_scratch_of_mine");
  const auto next = Open();
  EXPECT_THAT(Databases("sluice_"), ::testing::UnorderedElementsAre(kept->name(), "sluice_scratch_of_mine"));
}

TEST_F(ScratchServerTest, DatabasesBelongToTheRoleOfTheScripts) {
  Sql("DROP ROLE IF EXISTS scripts_role");
  Sql("CREATE ROLE scripts_role");
  settings.role = "scripts_role";
  {
    const auto scratch = Open();
    auto made = scratch->Create();
    ASSERT_TRUE(made.ok()) << Told(made.error());
    EXPECT_EQ(Value("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '" + made->name() + "'"),
              "scripts_role");
  }
  Sql("DROP ROLE scripts_role");
}

TEST_F(ScratchServerTest, WithoutCreatedbTheThrowAwayServerOfThatVersionIsUsed) {
  ConnectAs("without_createdb", "NOCREATEDB");
  const auto scratch = Open();
  EXPECT_TRUE(scratch->is_private());
  EXPECT_THAT(scratch->remark(), HasSubstr("the role without_createdb may not create databases"));
  EXPECT_EQ(scratch->major_version(), server().MajorVersion());
}

TEST_F(ScratchServerTest, ScratchUrlComesFirstAndMustDo) {
  ConnectAs("without_createdb", "NOCREATEDB");
  settings.scratch = settings.connection;
  auto refused = ScratchServer::Open(Context());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kScratch);
  EXPECT_THAT(refused.error().hint, HasSubstr("ALTER ROLE without_createdb CREATEDB"));
  ConnectAs("postgres", "");
  std::swap(*settings.scratch, settings.connection);
  const auto scratch = Open();
  EXPECT_EQ(scratch->Describe(), "the server of scratch_url");
}

TEST_F(ScratchServerTest, WithoutAnyServerTheErrorNamesTheWaysOut) {
  ConnectAs("without_createdb", "NOCREATEDB");
  settings.postgres_bin = directory;
  auto refused = ScratchServer::Open(Context());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConfig);  // a directory that is set must be right
  EXPECT_THAT(refused.error().message, HasSubstr("postgres_bin"));
}

TEST_F(ScratchServerTest, AStateIsBuiltOnceAndReadFromThenOn) {
  std::string name;
  {
    const auto scratch = Open();
    const PreparedDatabase first = Prepared(*scratch, "key");
    EXPECT_FALSE(first.reused());
    EXPECT_EQ(first.payload(), "payload of it");
    name = first.name();
    EXPECT_THAT(name, StartsWith("sluice_cache_"));
    EXPECT_EQ(ConnectTo(first.conninfo()).Value("SELECT to_regclass('state')"), "state");
  }
  const auto scratch = Open();
  const PreparedDatabase again = Prepared(*scratch, "key");
  EXPECT_TRUE(again.reused());
  EXPECT_EQ(again.name(), name);
  EXPECT_EQ(again.payload(), "payload of it");
  EXPECT_EQ(built_, 1);
  const PreparedDatabase other = Prepared(*scratch, "another key");
  EXPECT_NE(other.name(), name);
  EXPECT_EQ(built_, 2);
}

TEST_F(ScratchServerTest, AFailedBuildLeavesNothing) {
  const auto scratch = Open();
  const auto failed = scratch->Prepared(Sha256Hex("key"), [](const ScratchDatabase&) -> Result<std::string> {
    return MakeError(ErrorCode::kModel, "no");
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

TEST_F(ScratchServerTest, ACopyIsPrivate) {
  const auto scratch = Open();
  const PreparedDatabase prepared = Prepared(*scratch, "key");
  {
    auto copy = prepared.Copy();
    ASSERT_TRUE(copy.ok()) << Told(copy.error());
    ConnectTo(copy->conninfo()).Run("DROP TABLE state");
  }
  EXPECT_EQ(ConnectTo(prepared.conninfo()).Value("SELECT to_regclass('state')"), "state");
  EXPECT_EQ(built_, 1);
  EXPECT_THAT(Databases("sluice_scratch_"), IsEmpty());
}

TEST_F(ScratchServerTest, ACopyIsBuiltAgainWhereOthersReadTheState) {
  const auto scratch = Open();
  const PreparedDatabase prepared = Prepared(*scratch, "key");
  Session reader = ConnectTo(prepared.conninfo());
  auto copy = prepared.Copy();
  ASSERT_TRUE(copy.ok()) << Told(copy.error());
  EXPECT_EQ(ConnectTo(copy->conninfo()).Value("SELECT to_regclass('state')"), "state");
  EXPECT_EQ(built_, 2);
}

TEST_F(ScratchServerTest, TwoRunsThatBuildTheSameStateShareTheFirstOne) {
  const auto scratch = Open();
  const auto other = Open();
  std::string first;
  auto prepared = scratch->Prepared(Sha256Hex("key"), [&](const ScratchDatabase& database) {
    first = Prepared(*other, "key").name();
    return MakesTable()(database);
  });
  ASSERT_TRUE(prepared.ok()) << Told(prepared.error());
  EXPECT_EQ(prepared->name(), first);
  EXPECT_THAT(Databases("sluice_"), ElementsAre(first));
}

TEST_F(ScratchServerTest, ARoleWithNothingButCreatedbWillDo) {
  ConnectAs("with_createdb", "NOSUPERUSER CREATEDB");
  for (int run = 0; run < 2; ++run) {
    const auto scratch = Open();
    const PreparedDatabase prepared = Prepared(*scratch, "key");
    EXPECT_EQ(prepared.reused(), run == 1);
    EXPECT_TRUE(prepared.Copy().ok());
  }
  settings.cache_size = 1;
  const auto scratch = Open();
  const PreparedDatabase prepared = Prepared(*scratch, "another key");
  EXPECT_THAT(Databases("sluice_"), ElementsAre(prepared.name()));
}

TEST_F(ScratchServerTest, TheCacheHasALimitAndTheOldestGoesFirst) {
  std::string first;
  std::string second;
  {
    const auto scratch = Open();
    first = Prepared(*scratch, "first").name();
    second = Prepared(*scratch, "second").name();
  }
  // Each is some megabytes; what is in use stays.
  Sql("COMMENT ON DATABASE " + first + " IS E'sluice cache 1 100\\n'");
  settings.cache_size = std::stoull(Value("SELECT 2 * pg_database_size('" + first + "') + 1000000"));
  const auto scratch = Open();
  const PreparedDatabase third = Prepared(*scratch, "third");
  EXPECT_THAT(Databases("sluice_cache_"), ::testing::UnorderedElementsAre(second, third.name()));
  settings.cache_size = 1;
  const PreparedDatabase fourth = Prepared(*scratch, "fourth");
  EXPECT_THAT(Databases("sluice_cache_"), ::testing::UnorderedElementsAre(third.name(), fourth.name()));
}

TEST_F(ScratchServerTest, WithoutACacheNothingIsKept) {
  settings.cache_size = 0;
  {
    const auto scratch = Open();
    const PreparedDatabase prepared = Prepared(*scratch, "key");
    EXPECT_EQ(ConnectTo(prepared.conninfo()).Value("SELECT to_regclass('state')"), "state");
  }
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

}  // namespace
}  // namespace sluice::testing
