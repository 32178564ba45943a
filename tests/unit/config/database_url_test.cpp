#include "core/config/database_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

// `keyword=value` of each part, with blanks between.
std::string Parts(std::string_view url) {
  const auto parts = ParseDatabaseUrl(url, "DATABASE_URL");
  if (!parts.ok()) return parts.error().message + " / " + parts.error().hint;
  std::string text;
  for (const auto& [keyword, value] : *parts) text += (text.empty() ? "" : " ") + keyword + "=" + value;
  return text;
}

TEST(DatabaseUrlTest, ReadsAllParts) {
  EXPECT_EQ(Parts("postgresql://me:secret@db.example:5433/app?sslmode=require"),
            "user=me password=secret dbname=app sslmode=require host=db.example port=5433");
}

TEST(DatabaseUrlTest, EveryPartMayBeMissing) {
  EXPECT_EQ(Parts("postgres://"), "");
  EXPECT_EQ(Parts("postgresql:///app"), "dbname=app");
  EXPECT_EQ(Parts("postgresql://me@/app"), "user=me dbname=app");
  EXPECT_EQ(Parts("postgresql://:5433/app"), "dbname=app port=5433");
}

// Another source's port belongs to another host.
TEST(DatabaseUrlTest, AHostWithoutAPortIsAtPostgresOwn) {
  EXPECT_EQ(Parts("postgresql://db"), "host=db port=5432");
  EXPECT_EQ(Parts("postgresql:///?host=/run/postgresql"), "host=/run/postgresql port=5432");
}

TEST(DatabaseUrlTest, TheDriverOfSqlalchemyIsNoMatter) {
  for (const std::string driver : {"asyncpg", "psycopg", "psycopg2", "pg8000", "psycopg_async"}) {
    EXPECT_EQ(Parts("postgresql+" + driver + "://db/app"), "dbname=app host=db port=5432");
  }
}

TEST(DatabaseUrlTest, DecodesPercent) {
  EXPECT_EQ(Parts("postgresql://a%40b:p%2Fw%3A%25@db/my%20app"),
            "user=a@b password=p/w:% dbname=my app host=db port=5432");
}

TEST(DatabaseUrlTest, APlusIsABlankInSqlalchemysQueriesOnly) {
  EXPECT_EQ(Parts("postgresql://db?application_name=a+b"), "application_name=a+b host=db port=5432");
  EXPECT_EQ(Parts("postgresql+psycopg://db?application_name=a+b"), "application_name=a b host=db port=5432");
  EXPECT_EQ(Parts("postgresql+psycopg://me:a+b@db"), "user=me password=a+b host=db port=5432");
}

TEST(DatabaseUrlTest, AnAtInThePasswordIsUnderstood) {
  EXPECT_EQ(Parts("postgresql://me:p@ss@db/app"), "user=me password=p@ss dbname=app host=db port=5432");
}

TEST(DatabaseUrlTest, ReadsSeveralHosts) {
  EXPECT_EQ(Parts("postgresql://h1:5433,h2,[::1]:5434/app"), "dbname=app host=h1,h2,::1 port=5433,5432,5434");
  EXPECT_EQ(Parts("postgresql://h1,h2/app"), "dbname=app host=h1,h2 port=5432");
  EXPECT_EQ(Parts("postgresql+asyncpg:///app?host=h1:5433&host=h2:5434"), "dbname=app host=h1,h2 port=5433,5434");
  EXPECT_EQ(Parts("postgresql:///app?host=h1,h2&port=5433,5434"), "dbname=app host=h1,h2 port=5433,5434");
}

TEST(DatabaseUrlTest, ReadsIpv6Addresses) {
  EXPECT_EQ(Parts("postgresql://[2001:db8::1]/app"), "dbname=app host=2001:db8::1 port=5432");
  EXPECT_THAT(Parts("postgresql://2001:db8::1/app"), HasSubstr("an IPv6 address needs brackets"));
}

TEST(DatabaseUrlTest, ReadsSocketDirectories) {
  EXPECT_EQ(Parts("postgresql://%2Frun%2Fpostgresql:5433/app"), "dbname=app host=/run/postgresql port=5433");
  EXPECT_EQ(Parts("postgresql://me@/app?host=/run/postgresql"), "user=me dbname=app host=/run/postgresql port=5432");
}

TEST(DatabaseUrlTest, AsyncpgsSslIsSslmode) {
  EXPECT_EQ(Parts("postgresql+asyncpg:///?ssl=verify-full"), "sslmode=verify-full");
  EXPECT_EQ(Parts("postgresql+asyncpg:///?ssl=true"), "sslmode=require");
  EXPECT_EQ(Parts("postgresql+asyncpg:///?ssl=False"), "sslmode=disable");
}

TEST(DatabaseUrlTest, WhatOnlyTunesADriverIsLeftOut) {
  EXPECT_EQ(Parts("postgresql+asyncpg:///app?prepared_statement_cache_size=0&sslmode=prefer"),
            "dbname=app sslmode=prefer");
}

TEST(DatabaseUrlTest, AnUnknownParameterIsNamed) {
  EXPECT_EQ(Parts("postgresql://db?sslmod=require"),
            "DATABASE_URL can't be read: the parameter `sslmod` is unknown / did you mean \"sslmode\"?");
  EXPECT_THAT(Parts("postgresql://db/app?schema=public"), HasSubstr("set search_path"));
}

TEST(DatabaseUrlTest, RefusesWhatIsNoUrlOfPostgres) {
  EXPECT_THAT(Parts(""), HasSubstr("does not begin with postgresql://"));
  EXPECT_THAT(Parts("host=db dbname=app"), HasSubstr("does not begin with postgresql://"));
  EXPECT_THAT(Parts("mysql+pymysql://db/app"), HasSubstr("`mysql` is not PostgreSQL"));
  EXPECT_THAT(Parts("jdbc:postgresql://db/app"), HasSubstr("remove `jdbc:`"));
  EXPECT_THAT(Parts("postgresql://db:port/app"), HasSubstr("its port is not a number"));
  EXPECT_THAT(Parts("postgresql://[::1/app"), HasSubstr("its port is not a number"));
  EXPECT_THAT(Parts("postgresql://db?sslmode"), HasSubstr("not of the form name=value"));
  EXPECT_THAT(Parts("postgresql://me:50%@db/app"), HasSubstr("not well percent-encoded"));
  EXPECT_THAT(Parts("postgresql://me:%00@db/app"), HasSubstr("not well percent-encoded"));
}

// A password with raw `/`, `?`, `:` or `@` cuts the URL in the wrong places; none of the pieces may be shown.
TEST(DatabaseUrlTest, NoErrorShowsAPieceOfAPassword) {
  for (const std::string url :
       {"postgresql://me:hun/ter2@db/app", "postgresql://me:hun?ter2@db/app", "postgresql://me:hun?ter2=x@db/app",
        "postgresql://me:hun/te:r2@db:x/app", "postgresql://me:hunter2:x@db:hunter2/app",
        "postgresql://me:hun@/ter2@db", "postgresql://me:hunter2%zz@db/app", "me:hunter2@db/app",
        "postgresql://me:12/34ter2@db"}) {
    const auto parts = ParseDatabaseUrl(url, "DATABASE_URL");
    ASSERT_FALSE(parts.ok()) << url;
    EXPECT_THAT(parts.error().message + parts.error().hint, Not(HasSubstr("ter2"))) << url;
    EXPECT_EQ(RedactDatabaseUrl(url), "***");
  }
}

TEST(RedactDatabaseUrlTest, HidesPasswordsOnly) {
  EXPECT_EQ(RedactDatabaseUrl("postgresql+asyncpg://me:secret@h1:1,h2/app?ssl=require&sslpassword=secret&password=x"),
            "postgresql+asyncpg://me:***@h1:1,h2/app?ssl=require&sslpassword=***&password=***");
  EXPECT_EQ(RedactDatabaseUrl("postgresql://me@db/app"), "postgresql://me@db/app");
  EXPECT_EQ(RedactDatabaseUrl("postgresql://me:p@ss@db/app"), "postgresql://me:***@db/app");
}

}  // namespace
}  // namespace sluice
