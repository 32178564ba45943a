#include "core/sql/model_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ModelText Read(const std::string& text) {
  auto model = ReadModelText("m.sql", text);
  EXPECT_TRUE(model.ok()) << model.error().message;
  return model.ok() ? *std::move(model) : ModelText{};
}

std::vector<std::string> Statements(const ModelText& model) {
  std::vector<std::string> statements;
  for (const ModelStatement& statement : model.statements) {
    statements.push_back(model.text.substr(statement.range.begin, statement.range.end - statement.range.begin));
  }
  return statements;
}

Error Refusal(const std::string& text) {
  const auto model = ReadModelText("m.sql", text);
  EXPECT_FALSE(model.ok());
  return model.ok() ? Error{} : model.error();
}

TEST(ModelTextTest, ReadsWhatPgDumpWritesForPsql) {
  const ModelText model = Read(
      "\\restrict abc'def\n"
      "CREATE TABLE t (a text);\n"
      "COPY public.t (a) FROM stdin;\n"
      "it's \\N; CREATE TABLE data ();\n"
      "\\.\n"
      "COPY t FROM stdin;\n"
      "\\.\r\n"
      "CREATE TABLE u (\n"
      ");\n"
      "\\unrestrict abc\n");
  EXPECT_THAT(Statements(model), ElementsAre("CREATE TABLE t (a text)", "COPY public.t (a) FROM stdin",
                                             "COPY t FROM stdin", "CREATE TABLE u (\n)"));
  EXPECT_EQ(model.statements.back().range.line, 8);
  ASSERT_EQ(model.notes.size(), 2U);
  EXPECT_EQ(model.notes[0].line, 3);
  EXPECT_THAT(model.notes[0].message, HasSubstr("rows are not part of the schema"));
}

TEST(ModelTextTest, ABackslashInAStringIsNoCommand) {
  EXPECT_THAT(Statements(Read("SELECT '\\connect', $$\\i$$;")), ElementsAre("SELECT '\\connect', $$\\i$$"));
}

TEST(ModelTextTest, OtherCommandsOfPsqlGetTheMend) {
  const Error error = Refusal("CREATE TABLE t ();\n\\i other.sql\n");
  EXPECT_EQ(error.code, ErrorCode::kModel);
  EXPECT_EQ(error.where.file, "m.sql");
  EXPECT_EQ(error.where.line, 2);
  EXPECT_THAT(error.message, HasSubstr("\\i is a command of psql"));
  EXPECT_THAT(error.hint, HasSubstr("remove the line"));
}

TEST(ModelTextTest, ReportsAllThatHasNoPlaceInAModel) {
  const Error error = Refusal("CREATE ROLE app;\nCREATE TABLE t ();\nCREATE DATABASE d;");
  EXPECT_EQ(error.message, "CREATE ROLE has no place in a model");
  EXPECT_THAT(error.hint, HasSubstr("roles belong to the whole server"));
  ASSERT_EQ(error.also.size(), 1U);
  EXPECT_EQ(error.also[0].where.line, 3);
}

TEST(ModelTextTest, HalfAQuoteIsShownWhereItBegins) {
  const Error error = Refusal("CREATE TABLE t ();\nCOMMENT ON TABLE t IS 'half");
  EXPECT_EQ(error.code, ErrorCode::kModel);
  EXPECT_EQ(error.where.line, 2);
}

TEST(ModelTextTest, TextThatIsNotUtf8IsRefused) {
  const Error error = Refusal("CREATE TABLE t ();\n-- \xe9t\xe9\n");
  EXPECT_EQ(error.message, "the text is not UTF-8");
  EXPECT_EQ(error.where.line, 2);
}

TEST(ModelTextTest, AByteOrderMarkIsNoText) {
  EXPECT_THAT(Statements(Read("\xEF\xBB\xBF"
                              "CREATE TABLE t ();")),
              ElementsAre("CREATE TABLE t ()"));
}

std::string Settle(std::vector<std::string> texts) {
  std::vector<ModelText> models;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    models.push_back(*ReadModelText(std::string(1, static_cast<char>('a' + i)) + ".sql", texts[i]));
  }
  const Status settled = SettleDrops(models);
  if (!settled.ok()) {
    const Error& error = settled.error();
    return error.where.file + ":" + std::to_string(error.where.line) + ": " + error.message;
  }
  std::string run;
  for (const ModelText& model : models) {
    for (const ModelStatement& statement : model.statements) {
      run += statement.kind == ModelStatementKind::kSchema ? 'r' : '-';
    }
  }
  return run;
}

TEST(ModelTextTest, DropsOfWhatIsNotThereYetAreIgnored) {
  EXPECT_EQ(Settle({"ALTER TABLE IF EXISTS ONLY public.t DROP CONSTRAINT IF EXISTS c;\n"
                    "ALTER TABLE IF EXISTS public.t ALTER COLUMN id DROP DEFAULT;\n"
                    "DROP TRIGGER IF EXISTS g ON public.t;\nDROP TABLE IF EXISTS public.t;\n"
                    "DROP OPERATOR IF EXISTS + (int, int);\n"
                    "CREATE TABLE public.t (id int);"}),
            "-----r");
}

TEST(ModelTextTest, ADropOfWhatTheModelsMakeIsRefused) {
  EXPECT_EQ(Settle({"CREATE TABLE app.t ();", "\nDROP TABLE IF EXISTS t;"}),
            "b.sql:2: DROP TABLE of what the models make in a.sql:1");
  EXPECT_EQ(Settle({"CREATE TABLE t (c int);\nALTER TABLE t DROP COLUMN c;"}),
            "a.sql:2: ALTER TABLE of what the models make in a.sql:1");
  EXPECT_EQ(Settle({"DROP TABLE t;"}), "a.sql:1: DROP TABLE, but the models have not made it");
}

TEST(ModelTextTest, TheSchemaPublicMayBeDropped) { EXPECT_EQ(Settle({"DROP SCHEMA public;"}), "r"); }

TEST(ModelTextTest, FindsWhoMadeAnObjectBefore) {
  std::vector<ModelText> models;
  models.push_back(*ReadModelText("a.sql", "CREATE TABLE t ();\nCREATE TABLE u ();"));
  models.push_back(*ReadModelText("b.sql", "CREATE TABLE t ();"));
  EXPECT_EQ(FindMaker(models, *MadeObject("CREATE VIEW t AS SELECT 1"), {1, 0}), "a.sql:1");
  EXPECT_THAT(FindMaker(models, *MadeObject("CREATE TABLE t ()"), {0, 0}), IsEmpty());
}

}  // namespace
}  // namespace sluice
