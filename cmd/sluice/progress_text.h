// The words of progress: one line for each event of a run. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/observer.h"

namespace sluice::cli {

// `12 ms`, `3.4 s`, `2m10s`.
std::string ElapsedText(std::chrono::milliseconds elapsed);

// `[2/10] upgrade 6ee06edc35dd add tenant webhook`; the count only where there are several steps.
std::string StepText(const StepPosition& position);

std::string WorkingText(const StepPosition& position, std::chrono::milliseconds elapsed, std::string_view progress);
std::string BlockedText(const StepPosition& position, const std::vector<OtherSession>& blockers,
                        std::chrono::milliseconds waited);
std::string RetryText(const StepPosition& position, const Error& error, std::chrono::milliseconds pause);
// What `sluice wait` waits for, and who is at work on it.
std::string WaitingForRevisionsText(const std::vector<std::string>& missing, const OtherSession& migrator);
std::string NoticeText(const ServerReport& notice);

// The beginning of a line of UTF-8, at most `width` bytes and no part of a character.
std::string CutToWidth(const std::string& text, std::size_t width);

}  // namespace sluice::cli
