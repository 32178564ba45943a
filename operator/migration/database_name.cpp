#include "operator/migration/database_name.h"

namespace sluice::migration {

std::string NameOf(const api::DatabaseRef& database) {
  if (database.url_from) return "secret/" + database.url_from->name + "/" + database.url_from->key;
  return database.host + ":" + std::to_string(database.port) + "/" + database.name;
}

std::vector<std::string> DatabasesOf(const api::SchemaMigration& resource) {
  std::vector<std::string> databases = {NameOf(resource.spec.database)};
  if (resource.spec.validation) databases.push_back(NameOf(resource.spec.validation->database));
  return databases;
}

}  // namespace sluice::migration
