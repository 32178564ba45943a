#include <string>
#include <vector>

#include "cmd/sluice/console.h"
#include "cmd/sluice/program.h"

int main(int argc, char** argv) {
  sluice::cli::Console console;
  return sluice::cli::RunProgram(std::vector<std::string>(argv + 1, argv + argc), console);
}
