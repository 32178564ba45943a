#include "core/script/slug.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(SlugTest, IsTheWordsOfTheMessageInLowerCase) {
  EXPECT_EQ(Slug("add tenant webhook"), "add_tenant_webhook");
  EXPECT_EQ(Slug("Add  tenant.webhook_url (#42)!"), "add_tenant_webhook_url_42");
  EXPECT_EQ(Slug(""), "");
  EXPECT_EQ(Slug("--- !"), "");
}

TEST(SlugTest, IsCutBetweenWordsAtFortyCharacters) {
  EXPECT_EQ(Slug("one two three four five six seven eight nine ten"), "one_two_three_four_five_six_seven_eight");
  EXPECT_EQ(Slug(std::string(50, 'x')), std::string(40, 'x'));
  EXPECT_EQ(Slug("aaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbb"), "aaaaaaaaaaaaaaaaaaa_bbbbbbbbbbbbbbbbbbbb");
}

TEST(SlugTest, KeepsTheLettersOfEveryScript) {
  EXPECT_EQ(Slug("größe ändern – sofort"), "größe_ändern_sofort");
  EXPECT_EQ(Slug("テナント を 追加"), "テナント_を_追加");
}

}  // namespace
}  // namespace sluice
