#include "cmd/sluice/report_json.h"

namespace sluice::cli {

void WriteDatabase(JsonWriter& json, const DatabaseState& database) {
  json.BeginObject().Member("name", database.database).Member("user", database.user);
  json.Member("server_version", database.server_version).EndObject();
}

void WritePartialMembers(JsonWriter& json, const PartialRevision& partial) {
  json.Member("revision", partial.revision).Member("direction", DirectionName(partial.direction));
  json.Key("done").Int(partial.done).Key("total").Int(partial.total).Key("in_doubt").Bool(partial.in_doubt);
}

void WriteWaiting(JsonWriter& json, const std::vector<WaitingRevision>& waiting) {
  json.BeginArray();
  for (const WaitingRevision& revision : waiting) {
    json.BeginObject().Member("revision", revision.revision).Member("contract", revision.contract).EndObject();
  }
  json.EndArray();
}

}  // namespace sluice::cli
