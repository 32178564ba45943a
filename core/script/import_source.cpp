#include "core/script/import_source.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/base/error_list.h"
#include "core/base/file_system.h"
#include "core/base/source_excerpt.h"
#include "core/base/utf8.h"
#include "core/script/script_lines.h"

namespace sluice {
namespace {

constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";

// The files of one migration, before they are read.
struct Paths {
  std::string up;
  std::string down;
};

class SourceReader {
 public:
  explicit SourceReader(const std::string& directory) : directory_(directory) {}

  Result<ImportSource> Read(ImportFormat format) {
    SLUICE_TRY(const std::vector<std::string> names, ListDirectory(directory_));
    for (const std::string& name : names) format == ImportFormat::kPrisma ? AddFolder(name) : AddFile(name);
    for (const auto& [name, paths] : found_) ReadMigration(name, paths);
    if (format == ImportFormat::kGolangMigrate) SortByNumber();
    if (found_.empty()) errors_.Add(NothingFound(format));
    if (!errors_.empty()) return std::move(errors_).Take();
    return std::move(source_);
  }

 private:
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  void AddFile(const std::string& name) {
    if (name.ends_with(kUp)) {
      found_[name.substr(0, name.size() - kUp.size())].up = Path(name);
    } else if (name.ends_with(kDown)) {
      found_[name.substr(0, name.size() - kDown.size())].down = Path(name);
    } else {
      source_.ignored.push_back(Path(name));
    }
  }

  void AddFolder(const std::string& name) {
    const std::string up = Path(name) + "/migration.sql";
    const std::string down = Path(name) + "/down.sql";
    if (!FileExists(up) && !FileExists(down)) {
      source_.ignored.push_back(Path(name));
      return;
    }
    found_[name] = {FileExists(up) ? up : "", FileExists(down) ? down : ""};
  }

  void ReadMigration(const std::string& name, const Paths& paths) {
    if (paths.up.empty()) {
      return errors_.Add(MakeError(ErrorCode::kScript, paths.down + " has no file beside it that goes up",
                                   "add the file, or remove this one"));
    }
    SourceMigration migration;
    migration.name = name;
    migration.up = ReadSource(paths.up);
    if (!paths.down.empty()) migration.down = ReadSource(paths.down);
    source_.migrations.push_back(std::move(migration));
  }

  SourceFile ReadSource(const std::string& path) {
    Result<std::string> text = ReadFile(path);
    if (!text.ok()) {
      errors_.Add(std::move(text).error());
      return {path, {}};
    }
    if (const std::size_t invalid = FindInvalidUtf8(*text); invalid != std::string_view::npos) {
      Error error = MakeError(ErrorCode::kScript, "the file is not UTF-8", "save it as UTF-8");
      error.where = LocateOffset(path, *text, invalid);
      errors_.Add(std::move(error));
    }
    return {path, text->substr(ByteOrderMarkSize(*text))};
  }

  // golang-migrate applies 2_b before 10_a.
  void SortByNumber() {
    const auto key = [](const SourceMigration& migration) {
      const std::string_view name = migration.name;
      const std::size_t zeros = std::min(name.find_first_not_of('0'), name.size());
      const std::size_t end = std::min(name.find_first_not_of("0123456789", zeros), name.size());
      const std::string_view digits = name.substr(zeros, end - zeros);
      return std::make_tuple(digits.size(), digits, name);
    };
    std::stable_sort(source_.migrations.begin(), source_.migrations.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
  }

  Error NothingFound(ImportFormat format) const {
    return format == ImportFormat::kPrisma
               ? MakeError(ErrorCode::kScript, directory_ + " holds no migration of Prisma",
                           "name the folder whose subfolders hold a migration.sql each, usually prisma/migrations")
               : MakeError(ErrorCode::kScript, directory_ + " holds no migration of golang-migrate",
                           "name the folder of the files NAME.up.sql and NAME.down.sql");
  }

  const std::string& directory_;
  std::map<std::string, Paths> found_;  // by name, bytewise: the order of Prisma
  ImportSource source_;
  ErrorList errors_;
};

}  // namespace

Result<ImportSource> ReadImportSource(ImportFormat format, const std::string& directory) {
  return SourceReader(directory).Read(format);
}

}  // namespace sluice
