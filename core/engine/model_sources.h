// The declared models as the project has them: files of SQL, or what a program prints.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/engine/interrupt.h"
#include "core/model/settings.h"
#include "core/sql/model_text.h"

namespace sluice {

struct ModelSources {
  std::vector<ModelText> models;  // in the order in which they are loaded
  std::string hash;               // of their names and texts: SHA-256, hex digits
};

// Reads the files of the setting `models` (of directories all *.sql files, below them too, in the order of their names;
// what begins with a dot is left out), or runs its program. Errors: kModel (nothing is set or found, with the places
// where it looked; a program that fails, with the end of its standard error; a text that is no model: ReadModelText,
// SettleDrops), kFile, kTimeout, kInterrupted.
Result<ModelSources> ReadModels(const ModelsSetting& setting, const Interrupt& interrupt);

// The same from texts that somebody has read already.
Result<ModelSources> MakeModelSources(std::vector<std::pair<std::string, std::string>> files);

}  // namespace sluice
