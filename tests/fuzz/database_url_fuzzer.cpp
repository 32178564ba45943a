// Any text as a database URL: parts that libpq knows, or an error; what is shown of it never holds its password.
#include <cstdint>
#include <cstdlib>

#include "core/config/database_url.h"
#include "core/config/setting_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A password that nothing else in the text looks like, before what the fuzzer makes.
  const std::string secret = "s3cr3t-0f-th3-t3st";
  const std::string rest(reinterpret_cast<const char*>(data), size);
  if (rest.find(secret) != std::string::npos) return 0;
  for (const std::string& url : {rest, "postgresql://me:" + secret + rest}) {
    const auto parts = sluice::ParseDatabaseUrl(url, "DATABASE_URL");
    if (!parts.ok()) {
      if (parts.error().message.find(secret) != std::string::npos) std::abort();
      continue;
    }
    for (const auto& [keyword, value] : *parts) {
      if (sluice::FindConnectionKeyword(keyword) == nullptr) std::abort();
    }
    if (sluice::RedactDatabaseUrl(url).find(secret) != std::string::npos) std::abort();
  }
  return 0;
}
