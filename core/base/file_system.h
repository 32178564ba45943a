// The few file operations Sluice needs. Every failure is kFile and names the path and the system's reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice {

bool FileExists(const std::string& path);
bool DirectoryExists(const std::string& path);

// The whole file, bytes as they are.
Result<std::string> ReadFile(const std::string& path);

// Creates a file that isn't there yet (O_EXCL); kExists when it is.
Status CreateFile(const std::string& path, std::string_view content);

// Replaces a file: a temporary file beside it, fsync, rename.
Status ReplaceFile(const std::string& path, std::string_view content);

// Removes a file that is there.
Status RemoveFile(const std::string& path);

Status CreateDirectories(const std::string& path);

// Names (not paths) in a directory, sorted bytewise, without "." and "..".
Result<std::vector<std::string>> ListDirectory(const std::string& path);

}  // namespace sluice
