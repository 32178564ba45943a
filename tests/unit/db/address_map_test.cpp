#include "core/db/inspect/address_map.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(AddressMap, FindsWhatWasAddedAndNothingElse) {
  AddressMap<int> map;
  EXPECT_EQ(map.Find({Catalog::kRelation, 1, 0}), nullptr);
  constexpr int kTables = 5000;
  for (int oid = 1; oid <= kTables; ++oid) {
    for (std::uint32_t column = 0; column < 9; ++column) {
      map.Add({Catalog::kRelation, static_cast<Oid>(oid), column}, oid * 100 + static_cast<int>(column));
    }
  }
  for (int oid = 1; oid <= kTables; ++oid) {
    for (std::uint32_t column = 0; column < 9; ++column) {
      const int* found = map.Find({Catalog::kRelation, static_cast<Oid>(oid), column});
      ASSERT_NE(found, nullptr);
      ASSERT_EQ(*found, oid * 100 + static_cast<int>(column));
    }
    ASSERT_EQ(map.Find({Catalog::kConstraint, static_cast<Oid>(oid), 0}), nullptr);
    ASSERT_EQ(map.Find({Catalog::kRelation, static_cast<Oid>(oid), 9}), nullptr);
  }
  EXPECT_EQ(map.Find({Catalog::kRelation, 0, 0}), nullptr);
}

TEST(AddressMap, KeepsTheFirstValue) {
  AddressMap<int> map;
  map.Add({Catalog::kRelation, 7, 0}, 1);
  map.Add({Catalog::kRelation, 7, 0}, 2);
  EXPECT_EQ(*map.Find({Catalog::kRelation, 7, 0}), 1);
}

}  // namespace
}  // namespace sluice
