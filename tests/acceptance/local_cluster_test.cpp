#include "core/db/local_cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/base/checksum.h"
#include "core/config/connection.h"
#include "tests/acceptance/scratch_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Until something that another process does has come to pass; it always does, or the test run ends by its own limit.
void WaitFor(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

bool IsRunning(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text[name_end + 2] != 'Z' && text[name_end + 2] != 'X';
}

pid_t ParentOf(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  return std::stoi(text.substr(text.rfind(')') + 4));
}

// A run of Sluice in a process of its own, to be killed: says a line, then does nothing.
class OtherRun {
 public:
  explicit OtherRun(const std::function<std::string()>& body) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    process_ = fork();
    if (process_ == 0) {
      const std::string line = Say(body) + "\n";
      if (write(ends[1], line.data(), line.size()) < 0) _exit(1);
      while (true) pause();
    }
    close(ends[1]);
    char c = 0;
    while (read(ends[0], &c, 1) == 1 && c != '\n') said_ += c;
    close(ends[0]);
  }
  ~OtherRun() { Kill(); }
  OtherRun(const OtherRun&) = delete;
  OtherRun& operator=(const OtherRun&) = delete;

  const std::string& said() const { return said_; }
  static std::string Say(const std::function<std::string()>& body) {
    try {
      return body();
    } catch (const std::exception& error) {
      return std::string("it failed: ") + error.what();
    }
  }
  void Kill() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    process_ = 0;
  }

 private:
  pid_t process_ = 0;
  std::string said_;
};

class LocalClusterTest : public ScratchTest {
 protected:
  LocalClusterTest() {
    ForgetServer();
    // So that what other tests leave and sweep is not seen here.
    std::filesystem::create_directory(directory / "tmp");
    setenv("TMPDIR", (directory / "tmp").c_str(), 1);
  }
  ~LocalClusterTest() override { unsetenv("TMPDIR"); }

  std::string Places() {
    std::string names;
    for (const auto& entry : std::filesystem::directory_iterator(directory / "tmp")) names += entry.path().string();
    return names;
  }
  // Where the server's files of this run are: the only place there is.
  std::filesystem::path Place() { return std::filesystem::directory_iterator(directory / "tmp")->path(); }

  static std::string ValueIn(const ConnectionSettings& connection, const std::string& sql) {
    return Session(BuildConninfo(connection)).Value(sql);
  }

  // Another process has such a server with a database in it, and says which process the server is.
  std::string OpenAndTellPostmaster() {
    ScratchServer* scratch = Open().release();
    const auto* database = new ScratchDatabase(*scratch->Create());
    return ValueIn(database->connection(), kPostmaster);
  }
  static constexpr const char* kPostmaster = "SELECT (regexp_split_to_array(pg_read_file('postmaster.pid'), '\\n'))[1]";
};

TEST_F(LocalClusterTest, IsPrivateAndGoesAtTheEnd) {
  pid_t postmaster = 0;
  {
    const auto scratch = Open();
    EXPECT_TRUE(scratch->is_private());
    EXPECT_EQ(scratch->major_version(), server().MajorVersion());
    EXPECT_THAT(scratch->Describe(), StartsWith("a throw-away PostgreSQL"));
    auto database = scratch->Create();
    ASSERT_TRUE(database.ok()) << Told(database.error());
    Session session = ConnectTo(database->conninfo());
    EXPECT_EQ(session.Value("SHOW listen_addresses"), "");
    EXPECT_EQ(session.Value("SHOW fsync"), "off");
    EXPECT_EQ(session.Value("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"),
              "UTF8");
    postmaster = std::stoi(session.Value(kPostmaster));
    struct stat info {};
    ASSERT_EQ(stat(Place().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
    ASSERT_EQ(stat(("/proc/" + std::to_string(postmaster)).c_str(), &info), 0);
    EXPECT_NE(info.st_uid, 0U);
  }
  EXPECT_FALSE(IsRunning(postmaster));
  EXPECT_THAT(Places(), IsEmpty());
}

TEST_F(LocalClusterTest, StatesAreKeptForTheNextRun) {
  int built = 0;
  for (int run = 0; run < 2; ++run) {
    const auto scratch = Open();
    auto prepared = scratch->Prepared(Sha256Hex("key"), [&](const ScratchDatabase& database) -> Result<std::string> {
      ++built;
      Session(database.conninfo()).Run("CREATE TABLE state ()");
      return std::string();
    });
    ASSERT_TRUE(prepared.ok()) << Told(prepared.error());
    EXPECT_EQ(prepared->reused(), run == 1);
    EXPECT_EQ(ValueIn(prepared->connection(), "SELECT to_regclass('state')"), "state");
  }
  EXPECT_EQ(built, 1);
}

TEST_F(LocalClusterTest, TwoRunsAtOnceDoNotShareAServer) {
  const auto first = Open();
  const auto second = Open();
  auto one = first->Create();
  auto other = second->Create();
  ASSERT_TRUE(one.ok() && other.ok());
  const std::string directory_of = "SHOW data_directory";
  EXPECT_NE(ValueIn(one->connection(), directory_of), ValueIn(other->connection(), directory_of));
}

TEST_F(LocalClusterTest, WithoutACacheNothingIsLeft) {
  settings.cache_directory.clear();
  { const auto scratch = Open(); }
  EXPECT_THAT(Places(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(directory / "cache"));
}

TEST_F(LocalClusterTest, TheRoleOfTheScriptsIsThere) {
  settings.role = "app owner";
  const auto scratch = Open();
  auto database = scratch->Create();
  ASSERT_TRUE(database.ok()) << Told(database.error());
  EXPECT_EQ(ValueIn(database->connection(),
                    "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"),
            "app owner");
}

TEST_F(LocalClusterTest, KeptDataThatAreBrokenAreMadeAnew) {
  std::string data;
  {
    const auto scratch = Open();
    auto database = scratch->Create();
    data = ValueIn(database->connection(), "SHOW data_directory");
  }
  std::filesystem::remove(std::filesystem::path(data) / "PG_VERSION");
  const auto scratch = Open();
  EXPECT_TRUE(scratch->Create().ok());
}

TEST_F(LocalClusterTest, DataOfAnotherBootOfTheMachineAreNotTrusted) {
  std::string data;
  {
    const auto scratch = Open();
    data = ValueIn(scratch->Create()->connection(), "SHOW data_directory");
  }
  const std::filesystem::path mark = std::filesystem::path(data) / "mark";
  std::ofstream(mark) << "of the first boot";
  { const auto scratch = Open(); }
  EXPECT_TRUE(std::filesystem::exists(mark));
  std::ofstream(std::filesystem::path(data).parent_path() / "boot") << "another";
  { const auto scratch = Open(); }
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(LocalClusterTest, AServerThatDoesNotStartSaysWhy) {
  const std::filesystem::path bin = directory / "bin";
  std::filesystem::create_directory(bin);
  std::ofstream(bin / "initdb") << "#!/bin/sh\nmkdir -p \"$2\"\n";
  std::ofstream(bin / "postgres") << "#!/bin/sh\n[ \"$1\" = --version ] && echo 'postgres (PostgreSQL) 17.2' && exit\n"
                                     "echo 'FATAL:  no memory' >&2\nexit 1\n";
  for (const char* program : {"initdb", "postgres"}) {
    std::filesystem::permissions(bin / program, std::filesystem::perms(0755));
  }
  settings.postgres_bin = bin;
  auto failed = ScratchServer::Open(Context());
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kScratch);
  EXPECT_THAT(failed.error().message, HasSubstr("did not start"));
  EXPECT_EQ(failed.error().server.message, "FATAL:  no memory");
  EXPECT_THAT(failed.error().hint,
              ::testing::AllOf(HasSubstr("CREATEDB"), HasSubstr("scratch_url"), HasSubstr("the package postgresql")));
  EXPECT_THAT(Places(), IsEmpty());
}

TEST_F(LocalClusterTest, DoesNotOutliveARunThatIsKilled) {
  OtherRun other([this] { return OpenAndTellPostmaster(); });
  const pid_t postmaster = std::stoi(other.said());
  EXPECT_TRUE(IsRunning(postmaster));
  other.Kill();
  WaitFor([&] { return !IsRunning(postmaster) && Places().empty(); });
  // Its data are kept all the same, and the database it had is swept.
  const auto scratch = Open();
  auto database = scratch->Create();
  ASSERT_TRUE(database.ok()) << Told(database.error());
  EXPECT_EQ(ValueIn(database->connection(), "SELECT count(*) FROM pg_database WHERE datname LIKE 'sluice_scratch_%'"),
            "1");
}

TEST_F(LocalClusterTest, DoesNotOutliveItsKeeperEither) {
  OtherRun other([this] { return OpenAndTellPostmaster(); });
  const pid_t postmaster = std::stoi(other.said());
  kill(ParentOf(postmaster), SIGKILL);
  other.Kill();
  WaitFor([&] { return !IsRunning(postmaster); });
  const std::string left = Places();
  EXPECT_NE(left, "");
  {
    const auto scratch = Open();
    EXPECT_THAT(Places(), ::testing::Not(HasSubstr(left)));
    EXPECT_TRUE(scratch->Create().ok());
  }
  EXPECT_THAT(Places(), IsEmpty());
}

class ScratchKillTest : public ScratchTest {};

TEST_F(ScratchKillTest, TheNextRunDropsWhatAKilledOneLeftOnASharedServer) {
  OtherRun other([this] {
    auto* scratch = Open().release();
    return (new ScratchDatabase(*scratch->Create()))->name();
  });
  const std::string name = other.said();
  EXPECT_THAT(Databases("sluice_"), ::testing::ElementsAre(name));
  // While it lives, nobody touches it.
  { const auto scratch = Open(); }
  EXPECT_THAT(Databases("sluice_"), ::testing::ElementsAre(name));
  other.Kill();
  WaitFor([&] {
    return Value(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name = '' AND pid <> "
               "pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()") == "0";
  });
  { const auto scratch = Open(); }
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

}  // namespace
}  // namespace sluice::testing
