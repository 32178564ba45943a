// Chance, so that those who wait for the same thing don't all come back at the same moment.
#pragma once

namespace sluice {

// A number in [0, 1), evenly spread. Each thread has its own source.
double Chance();

}  // namespace sluice
