// Whatever a server sends as a list or as the events of a watch. In pieces of any size it must come to the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/model/termination_report.h"
#include "operator/k8s/json_access.h"
#include "operator/k8s/list_reader.h"
#include "operator/k8s/watch_reader.h"

namespace {

// What was made of the bytes; the same for all sizes of pieces.
std::string Read(std::string_view bytes, std::size_t size) {
  sluice::kube::ListReader list;
  sluice::kube::WatchReader watch;
  std::string told;
  const auto take_object = [&](const sluice::kube::Json& object) {
    told += "L" + sluice::kube::JsonText(object);
    return sluice::Status();
  };
  const auto take_event = [&](const sluice::kube::WatchEvent& event) {
    told += "W" + event.resource_version;
    return sluice::Status();
  };
  bool list_ok = true;
  bool watch_ok = true;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, size);
    list_ok = list_ok && list.Feed(piece, take_object).ok();
    watch_ok = watch_ok && watch.Feed(piece, take_event).ok();
    bytes.remove_prefix(piece.size());
  }
  return told + (list_ok && list.End().ok() ? "=" : "!");
}

// A report that can be read can be written again, and fits.
void CheckReport(std::string_view bytes) {
  const auto report = sluice::DecodeReport(bytes);
  if (!report.ok()) return;
  const std::string text = sluice::EncodeReport(*report);
  if (text.size() > sluice::kLargestReport || !sluice::DecodeReport(text).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckReport(bytes);
  const std::string whole = Read(bytes, bytes.size() + 1);
  const std::string letters = Read(bytes, 1);
  // A whole list is the same however it arrives; of one that breaks off the order of objects and events may differ.
  if (whole.ends_with("=") != letters.ends_with("=")) std::abort();
  return 0;
}
