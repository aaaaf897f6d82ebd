// What ranks with the same wrapper tell each other around a collective, and the messages when they do not agree: which
// batch they were given, what their replicas returned. The texts are written by one rank and read by all, so a message
// can show both sides.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "comm/group.h"
#include "comm/messages.h"

namespace dtrain {

// A wrapper as it is called in messages. Its number is the same on all ranks, which make all of them in one order.
struct Wrapper {
  std::string name;  // of the class
  int64_t number;
};

enum class Talk : int64_t { forward, backward, gradients };
// What exchange() puts before a message.
constexpr size_t kTalkBytes = 2 * sizeof(int64_t);

// Every rank's message, by rank. Throws on all ranks when they talk about different things or wrappers. Collective, on
// the CPU; blocks.
std::vector<std::string> exchange(Group& group, const Wrapper& wrapper, Talk about, std::string_view mine);

// What a rank was given: dtypes, sizes, some of the values, and `call`, which says how the module is called.
std::string batchText(const std::vector<Tensor>& xs, std::string_view call);
// For two that differ.
[[noreturn]] void failBatches(const Wrapper& wrapper, std::string_view first, int rank, std::string_view other);

// What a replica returned: its structure, and of each tensor dtype, device and sizes beyond dim 0.
std::string outputText(const std::string& structure, const std::vector<Tensor>& xs);
// For two that differ.
[[noreturn]] void failOutputs(const Wrapper& wrapper, std::string_view first, int rank, std::string_view other);
std::string structureOf(std::string_view output);
// Its tensors, without rows, for a module on this device.
std::vector<Tensor> withoutRows(std::string_view output, Device module);

}  // namespace dtrain
