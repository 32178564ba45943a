#include "cmd/sluice/progress_text.h"

#include <algorithm>

#include "cmd/sluice/render.h"
#include "core/base/duration.h"

namespace sluice::cli {
namespace {

using std::chrono::milliseconds;

// `, section 2, statement 1`, as far as it is known.
std::string Within(const StepPosition& position) {
  std::string text;
  if (position.section > 0) text += ", section " + std::to_string(position.section);
  if (position.statement > 0) text += ", statement " + std::to_string(position.statement);
  return text;
}

}  // namespace

std::string ElapsedText(milliseconds elapsed) {
  const auto count = elapsed.count();
  if (count < 1000) return std::to_string(count) + " ms";
  if (count < 60'000) return std::to_string(count / 1000) + "." + std::to_string(count % 1000 / 100) + " s";
  return FormatDuration(milliseconds(count / 1000 * 1000));
}

std::string StepText(const StepPosition& position) {
  std::string text;
  if (position.count > 1) text = "[" + std::to_string(position.index + 1) + "/" + std::to_string(position.count) + "] ";
  text += std::string(StepKindName(position.kind)) + " " + position.revision;
  const std::string title = position.message.substr(0, position.message.find('\n'));
  return title.empty() ? text : text + " " + title;
}

std::string WorkingText(const StepPosition& position, milliseconds elapsed, std::string_view progress) {
  std::string text = StepText(position) + Within(position) + ": running for " + ElapsedText(elapsed);
  if (!progress.empty()) text += ", " + std::string(progress);
  return text;
}

std::string BlockedText(const StepPosition& position, const std::vector<OtherSession>& blockers, milliseconds waited) {
  std::string text = StepText(position) + Within(position) + ": waiting for a lock since " + ElapsedText(waited);
  for (const OtherSession& blocker : blockers) text += "; held by " + DescribeSession(blocker);
  return text;
}

std::string RetryText(const StepPosition& position, const Error& error, milliseconds pause) {
  return StepText(position) + Within(position) + ": " + error.message + "; trying again in " + ElapsedText(pause);
}

std::string WaitingForRevisionsText(const std::vector<std::string>& missing, const OtherSession& migrator) {
  constexpr std::size_t kNamed = 3;
  std::string text =
      Join({missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, missing.size()))});
  if (missing.size() > kNamed) text += " and " + std::to_string(missing.size() - kNamed) + " more";
  return text + (migrator.pid == 0 ? "; nobody is at work on it" : "; at work: " + DescribeSession(migrator));
}

std::string NoticeText(const ServerReport& notice) {
  std::string text = notice.severity + ": " + notice.message;
  if (!notice.detail.empty()) text += " (" + notice.detail + ")";
  if (!notice.hint.empty()) text += " (hint: " + notice.hint + ")";
  return text;
}

std::string CutToWidth(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
  while (width > 0 && continues(width)) --width;
  return text.substr(0, width);
}

}  // namespace sluice::cli
