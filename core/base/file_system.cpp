#include "core/base/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace sluice {
namespace {

Error FileError(const std::string& what, const std::string& path, int error_number) {
  return MakeError(ErrorCode::kFile, what + " " + path + ": " + std::strerror(error_number));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status WriteAll(int fd, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("can't write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

bool FileExists(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0;
}

bool DirectoryExists(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

Result<std::string> ReadFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return FileError("can't read", path, errno);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return FileError("can't read", path, errno);
  if (S_ISDIR(info.st_mode)) return FileError("can't read", path, EISDIR);
  std::string content(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t filled = 0;
  while (true) {
    if (filled == content.size()) {
      // A regular file ends here; what has no size in advance (a pipe, /proc) goes on.
      if (S_ISREG(info.st_mode) && filled > 0 && info.st_size == static_cast<off_t>(filled)) break;
      char probe = 0;
      const ssize_t more = read(file.get(), &probe, 1);
      if (more < 0 && errno == EINTR) continue;
      if (more < 0) return FileError("can't read", path, errno);
      if (more == 0) break;
      content.push_back(probe);
      ++filled;
      content.resize(std::max<std::size_t>(2 * content.size(), 4096));
    }
    const ssize_t got = read(file.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("can't read", path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

Status CreateFile(const std::string& path, std::string_view content) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) {
    if (errno == EEXIST) return MakeError(ErrorCode::kExists, path + " exists already");
    return FileError("can't create", path, errno);
  }
  Status written = WriteAll(file.get(), path, content);
  if (!written.ok()) unlink(path.c_str());
  return written;
}

Status ReplaceFile(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".new";
  struct stat info {};
  const mode_t mode = stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0666;
  {
    const Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0) return FileError("can't create", temporary, errno);
    Status written = WriteAll(file.get(), temporary, content);
    if (written.ok() && fsync(file.get()) != 0) written = FileError("can't write", temporary, errno);
    if (!written.ok()) {
      unlink(temporary.c_str());
      return written;
    }
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int error_number = errno;
    unlink(temporary.c_str());
    return FileError("can't replace", path, error_number);
  }
  return {};
}

Status RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) != 0) return FileError("can't remove", path, errno);
  return {};
}

Status CreateDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return FileError("can't create directory", path, error.value());
  return {};
}

Result<std::vector<std::string>> ListDirectory(const std::string& path) {
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return FileError("can't read directory", path, errno);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sluice
