// Messages in at most two collectives: the first carries the length and the beginning of each, the second what is left
// of the longest.
#include "comm/messages.h"

#include <algorithm>

namespace dtrain {

std::vector<std::string> exchangeMessages(Communicator& cpu, std::string_view mine) {
  constexpr int64_t kLength = sizeof(int64_t), kFirst = kLength + kShortMessage;
  const int ranks = cpu.worldSize();
  const auto length = static_cast<int64_t>(mine.size());
  const Tensor first = empty({kFirst}, DType::uint8), firsts = empty({ranks, kFirst}, DType::uint8);
  std::memcpy(first.bytes(), &length, kLength);
  std::memcpy(first.bytes() + kLength, mine.data(), std::min(mine.size(), kShortMessage));
  cpu.allGather(first, firsts)->wait();

  std::vector<int64_t> lengths(ranks);
  std::vector<std::string> all;
  for (int r = 0; r < ranks; r++) {
    const char* theirs = firsts.bytes() + r * kFirst;
    std::memcpy(&lengths[r], theirs, kLength);
    all.emplace_back(theirs + kLength, std::min(static_cast<size_t>(lengths[r]), kShortMessage));
  }
  const int64_t rest = *std::max_element(lengths.begin(), lengths.end()) - static_cast<int64_t>(kShortMessage);
  if (rest <= 0) return all;

  const Tensor second = empty({rest}, DType::uint8), seconds = empty({ranks, rest}, DType::uint8);
  if (mine.size() > kShortMessage)
    std::memcpy(second.bytes(), mine.data() + kShortMessage, mine.size() - kShortMessage);
  cpu.allGather(second, seconds)->wait();
  for (int r = 0; r < ranks; r++)
    all[r].append(seconds.bytes() + r * rest, lengths[r] - static_cast<int64_t>(all[r].size()));
  return all;
}

}  // namespace dtrain
