#include "core/base/file_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/file_system.h"

namespace sluice {
namespace {

constexpr std::size_t kChecksumDigits = 64;

bool WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> FileCache::Get(const std::string& key) const {
  if (!keeps() || !FileExists(PathOf(key))) return std::nullopt;
  auto content = ReadFile(PathOf(key));
  if (!content.ok() || content->size() < kChecksumDigits) return std::nullopt;
  // Files are not synchronised to the disk, so a crash of the machine may leave half of one.
  std::string bytes = content->substr(kChecksumDigits);
  if (content->compare(0, kChecksumDigits, Sha256Hex(bytes)) != 0) return std::nullopt;
  utimensat(AT_FDCWD, PathOf(key).c_str(), nullptr, 0);
  return bytes;
}

void FileCache::Put(const std::string& key, std::string_view bytes) const {
  if (!keeps() || !CreateDirectories(directory_).ok() || chmod(directory_.c_str(), 0700) != 0) return;
  std::string temporary = PathOf(".new-XXXXXX");
  const int fd = mkstemp(temporary.data());
  if (fd < 0) return;
  const bool written = WriteAll(fd, Sha256Hex(bytes)) && WriteAll(fd, bytes);
  close(fd);
  if (!written || rename(temporary.c_str(), PathOf(key).c_str()) != 0) {
    unlink(temporary.c_str());
    return;
  }
  Trim();
}

void FileCache::Trim() const {
  struct Entry {
    timespec used{};
    std::uint64_t size = 0;
    std::string path;
  };
  const auto names = ListDirectory(directory_);
  if (!names.ok()) return;
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  for (const std::string& name : *names) {
    struct stat info {};
    if (stat(PathOf(name).c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    entries.push_back({info.st_mtim, static_cast<std::uint64_t>(info.st_size), PathOf(name)});
    total += entries.back().size;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.used.tv_sec, a.used.tv_nsec) < std::pair(b.used.tv_sec, b.used.tv_nsec);
  });
  for (const Entry& entry : entries) {
    if (total <= limit_) return;
    if (unlink(entry.path.c_str()) == 0) total -= entry.size;
  }
}

}  // namespace sluice
