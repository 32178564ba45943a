// What an import has made, and what its proof has shown, for people and for programs. Pure.
#pragma once

#include <optional>
#include <string>

#include "cmd/sluice/palette.h"
#include "core/engine/import_proof.h"
#include "core/script/import_writer.h"

namespace sluice::cli {

std::string ImportText(const ImportReport& report);

// Differences stand there as `sluice diff -o tree` writes them, from Alembic's database to that of the scripts.
std::string ImportProofText(const ImportProof& proof, const Palette& palette);

std::string ImportJson(const ImportReport& report, const std::optional<ImportProof>& proof);

}  // namespace sluice::cli
