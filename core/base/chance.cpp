#include "core/base/chance.h"

#include <random>

namespace sluice {

double Chance() {
  static thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace sluice
