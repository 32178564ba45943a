// What was computed once, kept in files under a key, up to a size: what was not used for the longest time goes first.
// Several processes may use one directory at once. Nothing here fails: what can't be kept or read is computed again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

class FileCache {
 public:
  // `directory` is made when something is to be kept, for this user alone. Empty, or a limit of 0 bytes: keeps nothing.
  FileCache(std::string directory, std::uint64_t limit) : directory_(std::move(directory)), limit_(limit) {}

  // The bytes kept under `key` (letters and digits, a hash); empty when there are none, or when a crash broke them.
  std::optional<std::string> Get(const std::string& key) const;

  // Keeps `bytes`, and removes others where it is too much then.
  void Put(const std::string& key, std::string_view bytes) const;

 private:
  bool keeps() const { return !directory_.empty() && limit_ > 0; }
  std::string PathOf(const std::string& key) const { return directory_ + "/" + key; }
  void Trim() const;

  std::string directory_;
  std::uint64_t limit_;
};

}  // namespace sluice
