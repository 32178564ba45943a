#include "operator/manager/manager.h"

#include <iostream>

namespace sluice::manager {

int RunOperator(const Settings&) {
  std::cerr << "error: this build of sluice-operator can't run yet\n";
  return 1;
}

int ReleaseDeployments(const Settings&) {
  std::cerr << "error: this build of sluice-operator can't let Deployments go yet\n";
  return 1;
}

}  // namespace sluice::manager
