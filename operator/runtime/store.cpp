#include "operator/runtime/store.h"

namespace sluice::runtime {

std::string KeyOf(const kube::Json& object) {
  const std::string space = kube::TextAt(object, {"metadata", "namespace"});
  const std::string name = kube::TextAt(object, {"metadata", "name"});
  return space.empty() ? name : space + "/" + name;
}

}  // namespace sluice::runtime
