#include "core/base/file_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace sluice {
namespace {

class FileCacheTest : public testing::Test {
 protected:
  FileCacheTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-cache-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~FileCacheTest() override { std::filesystem::remove_all(directory_); }

  // As if it had been used that many hours ago.
  void Age(const std::string& key, int hours) {
    std::filesystem::last_write_time(directory_ / "kept" / key,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours));
  }

  std::filesystem::path directory_;
};

TEST_F(FileCacheTest, GivesBackWhatWasKept) {
  const FileCache cache(directory_ / "kept", 1000);
  EXPECT_FALSE(cache.Get("a1"));
  cache.Put("a1", std::string("with \0 in it", 12));
  EXPECT_EQ(cache.Get("a1"), std::string("with \0 in it", 12));
  cache.Put("a1", "another");
  EXPECT_EQ(FileCache(directory_ / "kept", 1000).Get("a1"), "another");
}

TEST_F(FileCacheTest, WhatWasUnusedForTheLongestTimeGoesFirst) {
  const FileCache cache(directory_ / "kept", 3 * 164);  // 100 bytes and a checksum each
  for (const char* key : {"a", "b", "c"}) cache.Put(key, std::string(100, 'x'));
  Age("a", 3);
  Age("b", 2);
  Age("c", 1);
  EXPECT_TRUE(cache.Get("a"));
  cache.Put("d", std::string(100, 'x'));
  EXPECT_TRUE(cache.Get("a"));
  EXPECT_FALSE(cache.Get("b"));
  EXPECT_TRUE(cache.Get("c"));
  EXPECT_TRUE(cache.Get("d"));
}

TEST_F(FileCacheTest, ABrokenFileIsAsGoodAsNone) {
  const FileCache cache(directory_ / "kept", 1000);
  cache.Put("a", "some bytes");
  std::filesystem::resize_file(directory_ / "kept" / "a", 70);
  EXPECT_FALSE(cache.Get("a"));
}

TEST_F(FileCacheTest, OnlyThisUserReadsIt) {
  const FileCache cache(directory_ / "kept", 1000);
  cache.Put("a", "some bytes");
  struct stat info {};
  ASSERT_EQ(stat((directory_ / "kept").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
}

TEST_F(FileCacheTest, KeepsNothingWithoutAPlaceOrALimit) {
  FileCache("", 1000).Put("a", "some bytes");
  const FileCache none(directory_ / "kept", 0);
  none.Put("a", "some bytes");
  EXPECT_FALSE(none.Get("a"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "kept"));
}

}  // namespace
}  // namespace sluice
