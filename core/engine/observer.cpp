#include "core/engine/observer.h"

#include "core/base/duration.h"

namespace sluice {

std::string DescribeSession(const OtherSession& session) {
  std::string text = "process " + std::to_string(session.pid) + ", user " + session.user;
  if (!session.application.empty()) text += ", " + session.application;
  if (!session.host.empty()) text += " on " + session.host;
  text += ", " + session.state + " for " + FormatDuration(session.age);
  if (!session.query.empty()) text += ": " + session.query;
  return text;
}

std::string DescribeSessions(const std::vector<OtherSession>& sessions) {
  std::string text;
  for (const OtherSession& session : sessions) text += (text.empty() ? "" : "; ") + DescribeSession(session);
  return text;
}

}  // namespace sluice
