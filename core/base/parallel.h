// The same work on many items, on as many threads as the machine has processors.
#pragma once

#include <cstddef>
#include <functional>

namespace sluice {

// Calls `work` once for every number below `count`, from several threads at once where each has `worth_a_thread` items
// or more; the caller's thread is one of them. Returns when all is done. `work` must not throw.
void ParallelFor(std::size_t count, std::size_t worth_a_thread, const std::function<void(std::size_t)>& work);

}  // namespace sluice
