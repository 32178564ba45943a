// What `sluice init` makes: sluice.yaml, `.env.example` and versions/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sluice {

// The texts of the new files. The first loads without an error, and sets nothing but what it shows.
std::string_view SluiceYamlTemplate();
std::string_view EnvExampleTemplate();

struct InitReport {
  std::vector<std::string> made;  // paths, in the order made; directories end with `/`
  std::vector<std::string> left;  // what was there already, and was not touched
};

// Makes a project in `directory` (made when it isn't there). Never overwrites. Errors: kFile, naming the path; what was
// made before stays.
Result<InitReport> InitProject(const std::string& directory);

}  // namespace sluice
