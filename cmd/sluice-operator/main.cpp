#include <string>
#include <vector>

#include "cmd/sluice-operator/program.h"

int main(int argc, char** argv) {
  return sluice::operator_cli::RunProgram(std::vector<std::string>(argv + 1, argv + argc));
}
