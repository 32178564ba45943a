#include "cmd/sluice-operator/program.h"

#include <iostream>
#include <utility>

#include "cmd/sluice-operator/options.h"
#include "operator/api/resource_schema.h"
#include "operator/manager/manager.h"

namespace sluice::operator_cli {
namespace {

int Print(const std::string& text) {
  std::cout << text << std::flush;
  if (std::cout) return 0;
  std::cerr << "error: standard output can't be written\n";
  return 1;
}

}  // namespace

int RunProgram(const std::vector<std::string>& words) {
  Result<Request> request = ParseCommandLine(words);
  if (!request.ok()) {
    std::cerr << "error: " << request.error().message << "\n";
    if (!request.error().hint.empty()) std::cerr << "  help: " << request.error().hint << "\n";
    return 2;
  }
  switch (request->command) {
    case Command::kRun:
      return manager::RunOperator(request->settings);
    case Command::kRelease:
      return manager::ReleaseDeployments(request->settings);
    case Command::kCrd:
      return Print(api::CustomResourceDefinition());
    case Command::kReference:
      return Print(api::Reference() + "\n" + FlagReference());
    case Command::kVersion:
      return Print("sluice-operator " SLUICE_VERSION "\n");
    case Command::kHelp:
      return Print(request->help);
  }
  return 2;
}

}  // namespace sluice::operator_cli
