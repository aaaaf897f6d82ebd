// Messages of different lengths to everybody: what ranks must tell each other before they can share tensors of which
// only some of them know the sizes. A short message, the usual one, is a single collective with everything in it.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "comm/communicator.h"

namespace dtrain {

// Every rank's message, by rank. Collective, on the CPU; blocks.
std::vector<std::string> exchangeMessages(Communicator& cpu, std::string_view mine);
// The longest message that needs no second collective.
constexpr size_t kShortMessage = 8184;

// Numbers and bytes in a message, read in the order in which they were written.
class MessageWriter {
 public:
  void number(int64_t value) { raw(&value, sizeof value); }
  void text(std::string_view text) {
    number(static_cast<int64_t>(text.size()));
    raw(text.data(), text.size());
  }
  void raw(const void* data, size_t bytes) {
    if (bytes > 0) message_.append(static_cast<const char*>(data), bytes);
  }
  const std::string& message() const { return message_; }

 private:
  std::string message_;
};

class MessageReader {
 public:
  explicit MessageReader(std::string_view message) : left_(message) {}
  int64_t number() {
    int64_t value;
    std::memcpy(&value, raw(sizeof value), sizeof value);
    return value;
  }
  std::string_view text() {
    const auto bytes = static_cast<size_t>(number());
    return {raw(bytes), bytes};
  }
  const char* raw(size_t bytes) {
    const char* data = left_.data();
    left_.remove_prefix(bytes);
    return data;
  }

 private:
  std::string_view left_;
};

}  // namespace dtrain
