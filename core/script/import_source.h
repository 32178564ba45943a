// The folders of plain SQL that other tools keep, read as they are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace sluice {

enum class ImportFormat {
  kGolangMigrate,  // NAME.up.sql, NAME.down.sql
  kPrisma,         // NAME/migration.sql, NAME/down.sql
};

struct SourceFile {
  std::string path;
  std::string text;  // without a byte order mark
};

struct SourceMigration {
  std::string name;
  SourceFile up;
  std::optional<SourceFile> down;
};

struct ImportSource {
  std::vector<SourceMigration> migrations;  // in the order in which that tool applies them
  std::vector<std::string> ignored;         // paths in the folder that belong to no migration
};

// Errors: kFile (the folder or a file can't be read), kScript (a down without an up, a file that is not UTF-8, nothing
// to import); all of them at once.
Result<ImportSource> ReadImportSource(ImportFormat format, const std::string& directory);

}  // namespace sluice
