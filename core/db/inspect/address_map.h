// Catalog addresses → values. A schema of thousands of tables has hundreds of thousands of addresses that are looked up
// a few times each: they lie in one block, without a node for each.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/db/inspect/catalog.h"

namespace sluice {

template <typename Value>
class AddressMap {
 public:
  // Keeps what is there already. REQUIRES: address.oid != 0, PostgreSQL's "no object".
  void Add(const CatalogAddress& address, Value value) {
    if (2 * (size_ + 1) > slots_.size()) Grow();
    Slot& slot = slots_[Place(address)];
    if (slot.address.oid != 0) return;
    slot = {address, std::move(value)};
    ++size_;
  }

  // nullptr when there is none. Valid until the next Add.
  const Value* Find(const CatalogAddress& address) const {
    if (size_ == 0) return nullptr;
    const Slot& slot = slots_[Place(address)];
    return slot.address.oid == 0 ? nullptr : &slot.value;
  }

 private:
  struct Slot {
    CatalogAddress address;  // oid 0: the slot is free
    Value value{};
  };

  // The slot of the address, or the free one where it belongs.
  std::size_t Place(const CatalogAddress& address) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t place = CatalogAddressHash()(address) & mask;
    while (slots_[place].address.oid != 0 && slots_[place].address != address) place = (place + 1) & mask;
    return place;
  }

  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    std::swap(old, slots_);
    for (Slot& slot : old) {
      if (slot.address.oid != 0) slots_[Place(slot.address)] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half of them taken
  std::size_t size_ = 0;
};

}  // namespace sluice
