#include "operator/http/response_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice::http {
namespace {

constexpr std::size_t kLongestLine = 8 * 1024;
constexpr std::uint64_t kLargestBody = std::uint64_t{1} << 50;

Error NotHttp(std::string_view why) {
  return MakeError(ErrorCode::kConnectionLost, "the server's answer is not HTTP/1.1: " + std::string(why));
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

std::optional<std::uint64_t> Number(std::string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : LowerCase(digits)) {
    unsigned value = base;
    if (digit >= '0' && digit <= '9') value = static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') value = static_cast<unsigned>(digit - 'a') + 10;
    if (value >= base) return std::nullopt;
    number = number * base + value;
    if (number > kLargestBody) return std::nullopt;
  }
  return number;
}

}  // namespace

Status ResponseReader::Feed(std::string_view bytes, const BodySink& sink) {
  while (!bytes.empty() && !stopped_) {
    std::string line;
    switch (state_) {
      case State::kHead:
        SLUICE_CHECK(TakeHead(bytes));
        break;
      case State::kFixed:
      case State::kUntilEnd:
      case State::kChunk:
        TakeBody(bytes, sink);
        break;
      case State::kChunkSize: {
        SLUICE_TRY(const bool whole, TakeLine(bytes, line));
        if (whole) SLUICE_CHECK(TakeChunkSize(line));
        break;
      }
      case State::kChunkEnd: {
        SLUICE_TRY(const bool whole, TakeLine(bytes, line));
        if (whole && !line.empty()) return NotHttp("a chunk is longer than it says");
        if (whole) state_ = State::kChunkSize;
        break;
      }
      case State::kTrailer: {
        SLUICE_TRY(const bool whole, TakeLine(bytes, line));
        trailer_ += line.size();
        if (trailer_ > kLargestHead) return NotHttp("its trailer has no end");
        if (whole && line.empty()) state_ = State::kDone;
        break;
      }
      case State::kDone:
        reusable_ = false;
        return NotHttp("it goes on after its end");
    }
  }
  return {};
}

Status ResponseReader::End() {
  if (state_ == State::kUntilEnd) state_ = State::kDone;
  if (state_ == State::kDone) return {};
  return MakeError(ErrorCode::kConnectionLost, state_ == State::kHead
                                                   ? "the server ended the connection without an answer"
                                                   : "the server ended the connection in the middle of its answer");
}

Status ResponseReader::TakeHead(std::string_view& bytes) {
  // A piece of the end may be in `pending_` already.
  const std::size_t had = pending_.size();
  pending_ += bytes;
  std::size_t end = pending_.find("\r\n\r\n", had > 3 ? had - 3 : 0);
  if (std::min(end, pending_.size()) > kLargestHead) return NotHttp("its head is too long");
  if (end == std::string::npos) {
    constexpr std::string_view kBegin = "HTTP/1.";
    const std::string_view begin = std::string_view(pending_).substr(0, kBegin.size());
    if (!kBegin.starts_with(begin)) return NotHttp("it begins in another way");
    bytes = {};
    return {};
  }
  bytes.remove_prefix(end + 4 - had);
  const std::string head = pending_.substr(0, end);
  pending_.clear();
  SLUICE_CHECK(ReadHead(head));
  if (response_.status < 200 && response_.status != 101) {
    response_ = {};
    return {};
  }
  return ChooseBody();
}

Status ResponseReader::ReadHead(std::string_view head) {
  const std::string_view status_line = head.substr(0, head.find("\r\n"));
  const bool is_http = status_line.starts_with("HTTP/1.") && status_line.size() >= 12 && status_line[8] == ' ';
  const auto status = is_http ? Number(status_line.substr(9, 3), 10) : std::nullopt;
  if (!status || *status < 100) return NotHttp("it has no status");
  response_.status = static_cast<int>(*status);
  reusable_ = status_line[7] == '1';
  head.remove_prefix(std::min(head.size(), status_line.size() + 2));
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    SLUICE_CHECK(ReadHeaderLine(head.substr(0, end)));
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
  }
  return {};
}

Status ResponseReader::ReadHeaderLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return NotHttp("a line of its head is no header");
  response_.headers.push_back({std::string(line.substr(0, colon)), std::string(Trimmed(line.substr(colon + 1)))});
  return {};
}

Status ResponseReader::ChooseBody() {
  if (LowerCase(response_.Find("Connection")) == "close") reusable_ = false;
  const std::string coding = LowerCase(response_.Find("Transfer-Encoding"));
  const std::string_view length = response_.Find("Content-Length");
  if (bodyless_ || response_.status == 204 || response_.status == 304 || response_.status == 101) {
    state_ = State::kDone;
  } else if (coding == "chunked") {
    state_ = State::kChunkSize;
  } else if (!coding.empty()) {
    return NotHttp("its body is coded in an unknown way");
  } else if (!length.empty()) {
    const auto number = Number(length, 10);
    if (!number) return NotHttp("its length is not a number");
    left_ = *number;
    state_ = left_ == 0 ? State::kDone : State::kFixed;
  } else {
    reusable_ = false;
    state_ = State::kUntilEnd;
  }
  return {};
}

Status ResponseReader::TakeChunkSize(std::string_view line) {
  const auto size = Number(Trimmed(line.substr(0, line.find(';'))), 16);
  if (!size) return NotHttp("the size of a chunk is not a number");
  left_ = *size;
  state_ = left_ == 0 ? State::kTrailer : State::kChunk;
  return {};
}

Result<bool> ResponseReader::TakeLine(std::string_view& bytes, std::string& line) {
  const std::size_t end = bytes.find('\n');
  pending_ += bytes.substr(0, end);
  if (pending_.size() > kLongestLine) return NotHttp("a line between its chunks is too long");
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  if (end == std::string_view::npos) return false;
  line = std::exchange(pending_, {});
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

void ResponseReader::TakeBody(std::string_view& bytes, const BodySink& sink) {
  const bool counted = state_ != State::kUntilEnd;
  const std::size_t size =
      counted ? static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())) : bytes.size();
  stopped_ = !sink(response_, bytes.substr(0, size));
  bytes.remove_prefix(size);
  if (!counted) return;
  left_ -= size;
  if (left_ == 0) state_ = state_ == State::kChunk ? State::kChunkEnd : State::kDone;
}

}  // namespace sluice::http
