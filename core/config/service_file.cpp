#include "core/config/service_file.h"

#include <cstddef>
#include <string_view>

#include "core/base/file_system.h"
#include "core/config/setting_table.h"

namespace sluice {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\f\v");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\f\v") - begin + 1);
}

struct ServiceSection {
  bool found = false;
  std::vector<ServiceEntry> entries;
};

Error LineError(const std::string& file, int line, const std::string& why) {
  return MakeError(ErrorCode::kConfig, why + " in line " + std::to_string(line) + " of " + file);
}

Result<ServiceSection> ReadSection(const std::string& file, const std::string& name) {
  SLUICE_TRY(const std::string text, ReadFile(file));
  ServiceSection section;
  bool inside = false;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string_view line = Trim(std::string_view(text).substr(begin, end - begin));
    begin = end == std::string::npos ? text.size() : end + 1;
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('[')) {
      inside = line == "[" + name + "]";
      section.found = section.found || inside;
      continue;
    }
    if (!inside) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return LineError(file, number, "`=` is missing");
    const std::string keyword(line.substr(0, equals));
    if (keyword == "service" || FindConnectionKeyword(keyword) == nullptr) {
      return LineError(file, number, "`" + keyword + "` is not a connection parameter");
    }
    section.entries.push_back({keyword, std::string(line.substr(equals + 1)), file, number});
  }
  return section;
}

}  // namespace

Result<std::vector<ServiceEntry>> ReadService(const ServiceRequest& request) {
  std::string user_file = request.file;
  if (user_file.empty() && !request.home.empty()) user_file = request.home + "/.pg_service.conf";
  const std::string system_file =
      (request.system_directory.empty() ? "/etc/postgresql-common" : request.system_directory) + "/pg_service.conf";
  for (const std::string& file : {user_file, system_file}) {
    const bool named = file == request.file;
    if (file.empty() || (!named && !FileExists(file))) continue;
    SLUICE_TRY(ServiceSection section, ReadSection(file, request.name));
    if (section.found) return std::move(section.entries);
  }
  return MakeError(ErrorCode::kConfig, "there is no service `" + request.name + "`",
                   "services are sections of " + (user_file.empty() ? system_file : user_file));
}

}  // namespace sluice
