// Whatever a server sends: the answer's head and chunks, then a list or the events of a watch. In pieces of any size it
// must come to the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/model/termination_report.h"
#include "operator/http/response_reader.h"
#include "operator/k8s/json_access.h"
#include "operator/k8s/list_reader.h"
#include "operator/k8s/watch_reader.h"

namespace {

// What was made of the bytes; the same for all sizes of pieces.
std::string Read(std::string_view bytes, std::size_t size) {
  sluice::http::ResponseReader response;
  sluice::kube::ListReader list;
  sluice::kube::WatchReader watch;
  std::string told;
  bool list_ok = true;
  bool watch_ok = true;
  const auto sink = [&](const sluice::http::Response&, std::string_view piece) {
    list_ok = list_ok && list.Feed(piece,
                                   [&](const sluice::kube::Json& object) {
                                     told += "L" + sluice::kube::JsonText(object);
                                     return sluice::Status();
                                   })
                             .ok();
    watch_ok = watch_ok && watch
                               .Feed(piece,
                                     [&](const sluice::kube::WatchEvent& event) {
                                       told += "W" + event.resource_version;
                                       return sluice::Status();
                                     })
                               .ok();
    return true;
  };
  bool ok = true;
  while (ok && !bytes.empty()) {
    const std::string_view piece = bytes.substr(0, size);
    ok = response.Feed(piece, sink).ok();
    bytes.remove_prefix(piece.size());
  }
  return told + (ok && response.End().ok() && list_ok && list.End().ok() ? "=" : "!");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)sluice::DecodeReport(bytes).ok();
  const std::string whole = Read(bytes, bytes.size() + 1);
  const std::string letters = Read(bytes, 1);
  // A whole answer is the same however it arrives; of one that breaks off the order of lists and events may differ.
  if (whole.ends_with("=") != letters.ends_with("=")) std::abort();
  return 0;
}
