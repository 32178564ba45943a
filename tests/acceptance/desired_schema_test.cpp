#include "core/engine/desired_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/acceptance/scratch_fixture.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using Files = std::vector<std::pair<std::string, std::string>>;

class DesiredSchemaTest : public ScratchTest {
 protected:
  std::string Failure(const Files& files) {
    auto sources = MakeModelSources(files);
    if (!sources.ok()) return Told(sources.error());
    const auto scratch = Open();
    auto prepared = PrepareDesiredSchema(Context(), *scratch, *sources);
    return prepared.ok() ? "no error" : Told(prepared.error());
  }
  std::vector<std::string> Notes(const DesiredSchema& schema) {
    std::vector<std::string> notes;
    for (const ModelNote& note : schema.models.notes) {
      notes.push_back(note.file + ":" + std::to_string(note.line) + ": " + note.message);
    }
    return notes;
  }
};

TEST_F(DesiredSchemaTest, StatementsMayStandInAnyOrder) {
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"a.sql",
                                                   "CREATE VIEW w AS SELECT * FROM v;\n"
                                                   "CREATE VIEW v AS SELECT kind FROM t;\n"
                                                   "CREATE TABLE t (id int REFERENCES u, kind k DEFAULT f());\n"},
                                                  {"b.sql",
                                                   "CREATE FUNCTION f() RETURNS k LANGUAGE sql AS $$SELECT 'a'::k$$;\n"
                                                   "CREATE TYPE k AS ENUM ('a');\n"
                                                   "CREATE TABLE u (id int PRIMARY KEY);"}});
  EXPECT_EQ(ConnectTo(schema.database.conninfo()).Value("SELECT count(*) FROM w"), "0");
  EXPECT_THAT(Notes(schema), IsEmpty());
}

TEST_F(DesiredSchemaTest, TheSecondRunLoadsNothing) {
  const Files files{{"a.sql", "SET transaction_timeot = 0;\nCREATE TABLE t ();"}};
  const auto scratch = Open();
  const DesiredSchema first = Prepare(*scratch, files);
  EXPECT_FALSE(first.database.reused());
  EXPECT_THAT(Notes(first), SizeIs(1));
  const DesiredSchema second = Prepare(*scratch, files);
  EXPECT_TRUE(second.database.reused());
  EXPECT_EQ(Notes(second), Notes(first));
}

TEST_F(DesiredSchemaTest, ASyntaxErrorIsShownWhereItIs) {
  const std::string told = Failure({{"models/a.sql", "CREATE TABLE fine ();\n\nCREATE TABLE ä (\n  id int,,\n);\n"}});
  EXPECT_THAT(told, HasSubstr("model: syntax error at or near \",\" at models/a.sql:4\n  id int,,\n         ^"));
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

TEST_F(DesiredSchemaTest, WhatNoOrderSolvesIsReportedTogether) {
  const std::string told = Failure({{"a.sql",
                                     "CREATE VIEW a AS SELECT * FROM b;\nCREATE VIEW b AS SELECT * FROM a;\n"
                                     "CREATE TABLE t (id nonsense);\nCREATE INDEX ON t (wrong);"}});
  EXPECT_THAT(told, HasSubstr("relation \"b\" does not exist at a.sql:1"));
  EXPECT_THAT(told, HasSubstr("relation \"a\" does not exist at a.sql:2"));
  EXPECT_THAT(told, HasSubstr("type \"nonsense\" does not exist at a.sql:3"));
}

TEST_F(DesiredSchemaTest, TwoModelsOfOneNameNameBothPlaces) {
  const std::string told = Failure({{"a.sql", "\nCREATE TABLE t ();"}, {"b.sql", "CREATE VIEW \"t\" AS SELECT 1;"}});
  EXPECT_THAT(told, HasSubstr("relation \"t\" already exists at b.sql:1"));
  EXPECT_THAT(told, HasSubstr("the models make it in a.sql:2 too"));
}

TEST_F(DesiredSchemaTest, ASecondModelThatOnlyMakesWhatIsMissingIsNoted) {
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"a.sql", "CREATE TABLE t ();\nCREATE TABLE u ();"},
                                                  {"b.sql", "CREATE TABLE IF NOT EXISTS t (other int);"}});
  EXPECT_THAT(Notes(schema), ElementsAre("b.sql:1: ignored: the models make t in a.sql:1 already"));
}

TEST_F(DesiredSchemaTest, WhatOnlyTheOwnerOfAnExtensionMayDoIsNoted) {
  ConnectAs("with_createdb", "NOSUPERUSER CREATEDB");
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(
      *scratch,
      {{"a.sql", "COMMENT ON EXTENSION plpgsql IS 'x';\nCREATE TABLE t ();\nALTER TABLE t OWNER TO postgres;"}});
  EXPECT_THAT(Notes(schema), ElementsAre(HasSubstr("a.sql:1: ignored: must be owner of extension plpgsql"),
                                         HasSubstr("a.sql:3: ignored: must be ")));
}

TEST_F(DesiredSchemaTest, AMissingExtensionIsNamed) {
  const std::string told = Failure({{"a.sql", "CREATE EXTENSION no_such_thing;\nCREATE TABLE t (c no_such_type);"}});
  EXPECT_THAT(told, HasSubstr("no_such_thing"));
  EXPECT_THAT(told, HasSubstr("install the extension on the configured server"));
}

TEST_F(DesiredSchemaTest, ManyStatementsLoadInOneGo) {
  std::string text;
  for (int i = 300; i > 0; --i) {
    const std::string n = std::to_string(i);
    text += "CREATE TABLE t" + n + " (id int PRIMARY KEY, up int REFERENCES t" + std::to_string(i - 1) + ");\n";
  }
  text += "CREATE TABLE t0 (id int PRIMARY KEY);\n";
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"a.sql", text}});
  EXPECT_EQ(ConnectTo(schema.database.conninfo()).Value("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"),
            "300");
}

TEST_F(DesiredSchemaTest, WhatPgDumpWritesIsAccepted) {
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"structure.sql", R"(--
-- PostgreSQL database dump
--
\restrict fWo2bTgk

SET statement_timeout = 0;
SET transaction_timeout_of_the_future = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET client_min_messages = warning;

ALTER TABLE IF EXISTS ONLY public.child DROP CONSTRAINT IF EXISTS child_parent_fkey;
ALTER TABLE IF EXISTS public.parent ALTER COLUMN id DROP DEFAULT;
DROP VIEW IF EXISTS public.both;
DROP SEQUENCE IF EXISTS public.parent_id_seq;
DROP TABLE IF EXISTS public.parent;
BEGIN;
COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE public.parent (
    id integer NOT NULL
);
ALTER TABLE public.parent OWNER TO no_such_owner;
CREATE SEQUENCE public.parent_id_seq AS integer OWNED BY public.parent.id;
ALTER TABLE ONLY public.parent ALTER COLUMN id SET DEFAULT nextval('public.parent_id_seq'::regclass);
CREATE TABLE public.child (parent integer);
CREATE VIEW public.both AS
 SELECT parent.id FROM public.parent, public.child;
COPY public.parent (id) FROM stdin;
1
2
\.
SELECT pg_catalog.setval('public.parent_id_seq', 2, true);
ALTER TABLE ONLY public.parent ADD CONSTRAINT parent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.child
    ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent) REFERENCES public.parent(id);
GRANT SELECT ON TABLE public.child TO no_such_reader;
INSERT INTO public.child VALUES (1);
COMMIT;
\unrestrict fWo2bTgk
)"}});
  Session session = ConnectTo(schema.database.conninfo());
  EXPECT_EQ(session.Value("SELECT count(*) FROM public.both"), "0");
  EXPECT_EQ(session.Value("SELECT count(*) FROM pg_constraint WHERE contype IN ('p', 'f') AND connamespace = "
                          "'public'::regnamespace"),
            "2");
  EXPECT_THAT(Notes(schema),
              UnorderedElementsAre(HasSubstr("structure.sql:7: ignored: unrecognized configuration parameter"),
                                   "structure.sql:27: ignored: role \"no_such_owner\" does not exist",
                                   HasSubstr("structure.sql:33: COPY: rows are not"),
                                   HasSubstr("structure.sql:37: SELECT: rows are not"),
                                   "structure.sql:41: ignored: role \"no_such_reader\" does not exist",
                                   HasSubstr("structure.sql:42: INSERT: rows are not")));
}

TEST_F(DesiredSchemaTest, AServerOfOurOwnHasTheRolesThatTheModelsName) {
  ForgetServer();
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(*scratch, {{"a.sql",
                                                   "CREATE TABLE t (a int);\nALTER TABLE t OWNER TO models_owner;\n"
                                                   "GRANT SELECT ON t TO models_reader;\n"
                                                   "CREATE POLICY p ON t TO models_writer USING (true);"}});
  EXPECT_THAT(Notes(schema), IsEmpty());
  EXPECT_EQ(ConnectTo(schema.database.conninfo()).Value("SELECT relowner::regrole FROM pg_class WHERE relname = 't'"),
            "models_owner");
}

TEST_F(DesiredSchemaTest, FunctionBodiesAreNotChecked) {
  const auto scratch = Open();
  Prepare(*scratch,
          {{"a.sql", "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM not_there';"}});
}

TEST_F(DesiredSchemaTest, ASettingHoldsForTheRestOfItsFileAlsoWhenAStatementIsTriedAgain) {
  const auto scratch = Open();
  const DesiredSchema schema =
      Prepare(*scratch, {{"a.sql",
                          "CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE t (k kind);\n"
                          "SET search_path = public;\nCREATE TYPE kind AS ENUM ();\n"},
                         {"b.sql", "CREATE TYPE app.kind AS ENUM ('a');\nCREATE TABLE u ();"}});
  Session session = ConnectTo(schema.database.conninfo());
  EXPECT_EQ(session.Value("SELECT to_regclass('app.t') IS NOT NULL AND to_regclass('public.u') IS NOT NULL"), "t");
}

TEST_F(DesiredSchemaTest, WhatCannotRunInATransactionRunsByItself) {
  const auto scratch = Open();
  const DesiredSchema schema = Prepare(
      *scratch, {{"a.sql",
                  "CREATE TYPE k AS ENUM ('a');\nALTER TYPE k ADD VALUE 'b';\n"
                  "CREATE TABLE t (a k DEFAULT 'b');\nCREATE INDEX CONCURRENTLY i ON t (a);\nCREATE TABLE u ();"}});
  EXPECT_EQ(ConnectTo(schema.database.conninfo()).Value("SELECT to_regclass('i') IS NOT NULL"), "t");
}

TEST_F(DesiredSchemaTest, ASettingThatIsRefusedIsTheConfigurations) {
  settings.session_settings = {{"work_mem", "much"}};
  EXPECT_THAT(Failure({{"a.sql", "CREATE TABLE t ();"}}), HasSubstr("config: PostgreSQL refused a configured setting"));
}

TEST_F(DesiredSchemaTest, AnInterruptLeavesNothing) {
  std::thread stopper([this] {
    Session session = Connect();
    while (session.Value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(1000)%'") != "1") {
    }
    interrupt.signal = 2;
  });
  const std::string told = Failure({{"a.sql", "SELECT pg_sleep(1000);"}});
  stopper.join();
  EXPECT_THAT(told, HasSubstr("interrupted"));
  EXPECT_THAT(Databases("sluice_"), IsEmpty());
}

class ModelSourcesTest : public ScratchTest {
 protected:
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((directory / name).parent_path());
    std::ofstream(directory / name) << text;
  }
  std::string Failure() {
    const auto sources = ReadModels(settings.models, interrupt);
    return sources.ok() ? "no error" : Told(sources.error());
  }
};

TEST_F(ModelSourcesTest, DirectoriesAreReadInTheOrderOfNames) {
  Write("models/b.sql", "");
  Write("models/a/z.sql", "");
  Write("models/.hidden/x.sql", "");
  Write("models/README.md", "");
  Write("single.ddl", "");
  settings.models.paths = {directory / "models", directory / "single.ddl"};
  const auto sources = ReadModels(settings.models, interrupt);
  ASSERT_TRUE(sources.ok()) << Told(sources.error());
  std::vector<std::string> names;
  for (const ModelText& model : sources->models) {
    names.push_back(std::filesystem::relative(model.file, directory).string());
  }
  EXPECT_THAT(names, ElementsAre("models/a/z.sql", "models/b.sql", "single.ddl"));
}

TEST_F(ModelSourcesTest, WithoutAModelItSaysWhereItLooked) {
  EXPECT_THAT(Failure(), HasSubstr("`models` is not set"));
  std::filesystem::create_directory(directory / "models");
  settings.models.paths = {directory / "models"};
  EXPECT_THAT(Failure(), HasSubstr("there is no *.sql file in " + (directory / "models").string()));
  settings.models.paths = {directory / "elsewhere"};
  EXPECT_THAT(Failure(), HasSubstr((directory / "elsewhere").string() + ": it does not exist"));
}

TEST_F(ModelSourcesTest, AProgramPrintsThem) {
  settings.models.program = {"sh", "-c", "echo 'CREATE TABLE t ();'; head -c 1000000 /dev/zero >&2"};
  const auto sources = ReadModels(settings.models, interrupt);
  ASSERT_TRUE(sources.ok()) << Told(sources.error());
  EXPECT_THAT(sources->models, SizeIs(1));
  EXPECT_THAT(sources->models.front().statements, SizeIs(1));
}

TEST_F(ModelSourcesTest, AProgramThatFailsIsHeard) {
  settings.models.program = {"sh", "-c", "echo 'no module named app' >&2; exit 1"};
  EXPECT_THAT(Failure(), AllOf(HasSubstr("failed with exit code 1: sh -c"), HasSubstr("no module named app")));
  settings.models.program = {"sh", "-c", "echo warning >&2"};
  EXPECT_THAT(Failure(), AllOf(HasSubstr("printed nothing"), HasSubstr("warning")));
  settings.models.program = {"sh", "-c", "echo busy >&2; sleep 1000"};
  settings.models.timeout = std::chrono::milliseconds(300);
  EXPECT_THAT(Failure(),
              AllOf(HasSubstr("timeout: the program of `models` did not end within 300ms"), HasSubstr("busy")));
  settings.models.program = {"no-such-program-anywhere"};
  EXPECT_THAT(Failure(), HasSubstr("can't run no-such-program-anywhere"));
  settings.models.program = {"sh", "-c", "echo 'CREATE TABLE t ('; echo \"COMMENT ON TABLE t IS 'half\""};
  EXPECT_THAT(Failure(), HasSubstr(":2"));
}

TEST_F(DesiredSchemaTest, HalfAStatementIsShownWithItsLine) {
  EXPECT_THAT(Failure({{"output of print", "CREATE TABLE t ();\nCREATE TABLE u (\n  id int,\n"}}),
              AllOf(HasSubstr("syntax error at end of input"), HasSubstr("at output of print:3")));
}

}  // namespace
}  // namespace sluice::testing
