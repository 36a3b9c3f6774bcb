#include "harness/run/board.h"

#include <algorithm>
#include <utility>

namespace conformance {
namespace {

// What a result takes in memory, about: the bytes of its messages, which may be megabytes.
std::size_t bytes_of(const CaseResult& result) {
  std::size_t bytes = result.test.body.size() + result.request.body.size();
  for (const std::optional<wire::Exchange>* exchange : {&result.stimulus, &result.control}) {
    if (!*exchange) continue;
    bytes += (*exchange)->sent.size() + (*exchange)->received.size();
    if ((*exchange)->response) bytes += (*exchange)->response->body.size();
  }
  return bytes;
}

}  // namespace

void Board::reset() {
  const std::lock_guard lock(mutex_);
  results_.clear();
  bytes_ = 0;
  closed_ = unread_ = false;
}

void Board::post(std::size_t index, CaseResult result) {
  {
    std::unique_lock lock(mutex_);
    taken_.wait(lock,
                [this] { return unread_ || awaited_ || (results_.size() < most_results && bytes_ < most_bytes); });
    if (!unread_) {
      bytes_ += bytes_of(result);
      results_.insert_or_assign(index, std::move(result));
    }
  }
  arrived_.notify_all();
}

void Board::abandon() {
  {
    const std::lock_guard lock(mutex_);
    unread_ = true;
  }
  taken_.notify_all();
}

void Board::close(std::string why) {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    why_ = std::move(why);
  }
  arrived_.notify_all();
}

std::optional<CaseResult> Board::take(std::size_t index) {
  std::unique_lock lock(mutex_);
  awaited_ = !results_.contains(index);
  if (awaited_) taken_.notify_all();
  arrived_.wait(lock, [&] { return closed_ || results_.contains(index); });
  awaited_ = false;
  const auto found = results_.find(index);
  if (found == results_.end()) return std::nullopt;
  CaseResult result = std::move(found->second);
  results_.erase(found);
  bytes_ -= std::min(bytes_, bytes_of(result));
  taken_.notify_all();
  return result;
}

std::string Board::why() {
  const std::lock_guard lock(mutex_);
  return why_;
}

}  // namespace conformance
