// Whatever stands in a SchemaMigration: it is read, and its status is written within its limits, the same a second
// time.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "core/base/utf8.h"
#include "operator/api/schema_migration_codec.h"
#include "operator/k8s/json_access.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::optional<sluice::api::Json> object = sluice::kube::ParseJson(bytes);
  if (!object) return 0;
  const sluice::api::SchemaMigration read = sluice::api::ReadSchemaMigration(*object);
  const sluice::api::Json status = sluice::api::WriteStatus(read.status);
  if (sluice::FindInvalidUtf8(status.dump()) != std::string_view::npos) std::abort();
  const sluice::api::SchemaMigration again = sluice::api::ReadSchemaMigration({{"status", status}});
  if (sluice::api::WriteStatus(again.status) != status) std::abort();
  return 0;
}
