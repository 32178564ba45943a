// Tables of Sluice that a later program of the same major version has made: an older image reads and writes them.
#include <gmock/gmock.h>

#include "core/engine/repair.h"
#include "core/engine/status.h"
#include "core/engine/wait.h"
#include "tests/acceptance/migration_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPartial[] =
    "-- sluice:upgrade transaction=off\nCREATE TABLE p (id int);\nINSERT INTO p VALUES (1), (1);\n"
    "CREATE UNIQUE INDEX CONCURRENTLY p_id ON p (id);\n-- sluice:downgrade\nDROP TABLE p;\n";

class LaterLayoutTest : public MigrationTest {
 protected:
  // What a later minor layout may do: new columns, in any place, with defaults, new indexes, new tables.
  void ChangeLayout() {
    for (const std::string_view table : kBookkeepingTables) {
      const std::string name = "sluice." + std::string(table);
      Sql("ALTER TABLE " + name + " ADD COLUMN later text NOT NULL DEFAULT 'later', ADD COLUMN unknown jsonb");
      Sql("CREATE INDEX ON " + name + " (later)");
    }
    Sql("CREATE TABLE sluice.later (id int); UPDATE sluice.layout SET minor = minor + 1");
  }
};

TEST_F(LaterLayoutTest, EverythingGoesOnWithLaterTables) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  ChangeLayout();
  WriteTable("b2", "a1");
  Write("c3", "b2", kPartial);
  const RunReport upgraded = Upgrade();
  ASSERT_TRUE(upgraded.error);
  EXPECT_EQ(upgraded.error->server.sqlstate, "23505") << Why(upgraded);
  EXPECT_THAT(VersionRows(), ElementsAre("b2"));

  const Result<StatusReport> status = ReadStatus(Context(), Files());
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(status->partial.size(), 1u);

  Sql("DELETE FROM p WHERE ctid = '(0,1)'");
  const RunReport repaired = Repair(Context(), Files(), {"c3", RepairAction::kResume, 0});
  ASSERT_FALSE(repaired.error) << Why(repaired);
  EXPECT_FALSE(WaitForRevisions(Context(), Files(), {}).error);

  Remove("c3");
  const RunReport back = Downgrade("base");
  ASSERT_FALSE(back.error) << Why(back);
  EXPECT_THAT(VersionRows(), IsEmpty());
  const RunReport stamped = Stamp({"b2"});
  ASSERT_FALSE(stamped.error) << Why(stamped);
  EXPECT_EQ(Value("SELECT count(*) FROM sluice.event WHERE later <> 'later'"), "0");
  EXPECT_EQ(Value("SELECT minor FROM sluice.layout"), std::to_string(kLayoutMinor + 1));
}

TEST_F(LaterLayoutTest, ALaterMajorLayoutIsRefusedBeforeAnythingRuns) {
  WriteTable("a1", "");
  ASSERT_FALSE(Upgrade().error);
  Sql("UPDATE sluice.layout SET major = major + 1");
  WriteTable("b2", "a1");
  const RunReport report = Upgrade();
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->code, ErrorCode::kBookkeeping);
  EXPECT_THAT(report.error->hint, HasSubstr("at least as new"));
  EXPECT_FALSE(HasTable("b2"));
}

}  // namespace
}  // namespace sluice::testing
