// The messages are numbers and texts in a row; whoever reads one knows what was written.
#include "comm/agreement.h"

#include <algorithm>

#include "core/generator.h"
#include "core/runtime.h"

namespace dtrain {

namespace {

constexpr int kSamples = 64;

// A checksum of up to 64 elements, anywhere. Those of a GPU are not looked at: the host would have to wait for it.
uint64_t sampleOf(const Tensor& x) {
  if (!x.device().isCpu()) return 0;
  const int64_t n = x.numel(), item = itemSize(x.dtype());
  uint64_t sum = 0;
  for (int64_t k = 0; k < std::min<int64_t>(n, kSamples); k++) {
    int64_t i = n <= kSamples ? k : static_cast<int64_t>(mixed(k) % n), at = x.isContiguous() ? i : 0;
    for (int d = x.isContiguous() ? 0 : x.dim(); d-- > 0; i /= x.size(d)) at += i % x.size(d) * x.stride(d);
    uint64_t element = 0;
    std::memcpy(&element, x.bytes() + at * item, item);
    sum = mixed(sum ^ element);
  }
  return sum;
}

void writeSizes(MessageWriter& out, const Dims& sizes) {
  out.number(sizes.size());
  for (int64_t size : sizes) out.number(size);
}

Dims readSizes(MessageReader& in) {
  Dims sizes;
  for (int64_t left = in.number(); left > 0; left--) sizes.push(in.number());
  return sizes;
}

// As a person reads it.
std::string described(std::string_view output) {
  MessageReader in(output);
  std::string text(in.text());
  for (int64_t left = in.number(), first = left; left > 0; left--) {
    const auto dtype = static_cast<DType>(in.number());
    const bool cpu = in.number() == Device::cpu;
    text += str(left == first ? " with " : ", ", dtype, cpu ? " [rows" : " on cuda [rows");
    const Dims sizes = readSizes(in);
    for (int i = 1; i < sizes.size(); i++) text += str(", ", sizes[i]);
    text += ']';
  }
  return text;
}

}  // namespace

// Messages of one kind are read as such, so ranks that do different things must not read each other's.
std::vector<std::string> exchange(Group& group, const Wrapper& wrapper, Talk about, std::string_view mine) {
  MessageWriter out;
  out.number(static_cast<int64_t>(about));
  out.number(wrapper.number);
  out.raw(mine.data(), mine.size());
  std::vector<std::string> messages = exchangeMessages(group.cpu(), out.message());
  static const char* const kDoing[] = {"calls model ", "runs backward through model ",
                                       "averages the gradients of model "};
  const auto doing = [](std::string_view message) {
    MessageReader in(message);
    const char* text = kDoing[in.number()];
    return str(text, in.number());
  };
  for (size_t r = 1; r < messages.size(); r++)
    check(messages[r].compare(0, kTalkBytes, messages[0], 0, kTalkBytes) == 0, Code::distributed, wrapper.name,
          ": the ranks do different things: rank 0 ", doing(messages[0]), ", rank ", r, " ", doing(messages[r]),
          " (numbered as they were wrapped); every rank must make the same calls in the same order");
  for (std::string& message : messages) message.erase(0, kTalkBytes);
  return messages;
}

// `call` may be long, with a list in it; 200 characters and a checksum of the rest say enough.
std::string batchText(const std::vector<Tensor>& xs, std::string_view call) {
  constexpr size_t kShown = 200;
  MessageWriter out;
  out.number(static_cast<int64_t>(xs.size()));
  for (const Tensor& x : xs) {
    out.number(static_cast<int64_t>(x.dtype()));
    writeSizes(out, x.sizes());
    out.number(static_cast<int64_t>(sampleOf(x)));
  }
  out.text(call.size() <= kShown ? std::string(call) : str(call.substr(0, kShown), "…"));
  out.number(static_cast<int64_t>(std::hash<std::string_view>()(call)));
  return out.message();
}

void failBatches(const Wrapper& wrapper, std::string_view first, int rank, std::string_view other) {
  MessageReader a(first), b(other);
  const int64_t count = a.number(), theirs = b.number();
  constexpr const char* kRule =
      "; every rank must pass the same batch, so seed all ranks alike (manualSeed) and load the data in the same order";
  check(count == theirs, Code::distributed, wrapper.name, ": the ranks' batches differ: ", count,
        " tensors on rank 0 and ", theirs, " on rank ", rank, kRule);
  for (int64_t i = 0; i < count; i++) {
    const auto typeA = static_cast<DType>(a.number()), typeB = static_cast<DType>(b.number());
    const Dims sizesA = readSizes(a), sizesB = readSizes(b);
    const int64_t sampleA = a.number(), sampleB = b.number();
    check(typeA == typeB && sizesA == sizesB, Code::distributed, wrapper.name, ": the ranks' batches differ: input ", i,
          " is ", typeA, " of shape ", sizesA, " on rank 0 and ", typeB, " of shape ", sizesB, " on rank ", rank,
          kRule);
    check(sampleA == sampleB, Code::distributed, wrapper.name, ": the ranks' batches differ: input ", i, ", ", typeA,
          " of shape ", sizesA, ", has other values on rank ", rank, " than on rank 0", kRule);
  }
  fail(Code::distributed, wrapper.name, ": the ranks' calls differ: ", a.text(), " on rank 0, ", b.text(), " on rank ",
       rank, "; every rank must make the same calls with the same values, in the same mode");
}

std::string outputText(const std::string& structure, const std::vector<Tensor>& xs) {
  MessageWriter out;
  out.text(structure);
  out.number(static_cast<int64_t>(xs.size()));
  for (const Tensor& x : xs) {
    out.number(static_cast<int64_t>(x.dtype()));
    out.number(x.device().type);
    Dims sizes = x.sizes();
    sizes[0] = -1;
    writeSizes(out, sizes);
  }
  return out.message();
}

void failOutputs(const Wrapper& wrapper, std::string_view first, int rank, std::string_view other) {
  fail(Code::distributed, wrapper.name, ": the replicas returned different things: rank 0 ", described(first),
       ", rank ", rank, " ", described(other),
       "; what they return may differ in the values of tensors and in rows only");
}

std::string structureOf(std::string_view output) { return std::string(MessageReader(output).text()); }

std::vector<Tensor> withoutRows(std::string_view output, Device module) {
  MessageReader in(output);
  in.text();
  std::vector<Tensor> xs;
  for (int64_t left = in.number(); left > 0; left--) {
    const auto dtype = static_cast<DType>(in.number());
    Device device;
    if (in.number() == Device::cuda)
      device = module.isCpu() ? Device{Device::cuda, static_cast<int8_t>(currentCudaDevice())} : module;
    Dims sizes = readSizes(in);
    sizes[0] = 0;
    xs.push_back(empty(sizes, dtype, device));
  }
  return xs;
}

}  // namespace dtrain
