// Parts of a tensor along a dimension. What covers all of it is recorded as one node, so that a backward pass writes
// the gradients side by side, once, in place of adding up as many tensors of zeros.
#include "ops/split.h"

#include "ops/creation.h"
#include "ops/in-place.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

int splitDim(const char* op, const Tensor& x, int64_t dim) {
  check(x.dim() > 0, Code::shape, op, ": a 0-d tensor cannot be split");
  return wrapDim(op, dim, x.dim());
}

// Each part costs an object, whether it has elements or not.
void checkCount(const char* op, int64_t count) {
  constexpr int64_t most = int64_t{1} << 20;
  check(count <= most, Code::argument, op, ": expected at most ", most, " parts, got ", count);
}

// d parts = the gradients side by side
std::vector<Tensor> parted(const char* name, const Tensor& x, const std::vector<int64_t>& lengths, int d) {
  std::vector<Tensor> parts;
  {
    const NoGrad guard;
    int64_t at = 0;
    for (const int64_t length : lengths) {
      parts.push_back(slice(x, d, at, at + length, 1));
      at += length;
    }
  }
  if (!parts.empty() && recording(x)) {
    std::vector<Dims> shapes;
    for (const Tensor& part : parts) shapes.push_back(part.sizes());
    recordMany(
        name, parts, {x},
        [d, shapes, dtype = x.dtype(), device = x.device()](const Grads& dy) {
          note("dim", d);
          std::vector<Tensor> all;
          for (size_t i = 0; i < shapes.size(); i++)
            all.push_back(i < dy.size() && dy[i].defined() ? dy[i] : full(shapes[i], 0, dtype, device));
          return Grads{cat(all, d)};
        },
        Keeps::nothing);
  }
  for (const Tensor& part : parts) markView(part, x);
  return parts;
}

// Lengths of `size` that sum up to n, the last one smaller; one of 0 if n is.
std::vector<int64_t> lengthsOf(int64_t n, int64_t size) {
  std::vector<int64_t> lengths;
  for (int64_t at = 0; at < n; at += size) lengths.push_back(std::min(size, n - at));
  return lengths.empty() ? std::vector<int64_t>{0} : lengths;
}

}  // namespace

std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t dim) {
  const int d = splitDim("split", x, dim);
  check(size >= 0, Code::argument, "split: the size must not be negative, got ", size);
  check(size > 0 || x.size(d) == 0, Code::argument, "split: parts of size 0 do not cover dim ", d, " of size ",
        x.size(d));
  return parted("SplitBackward0", x, lengthsOf(x.size(d), size), d);
}

std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim) {
  check(chunks > 0, Code::argument, "chunk: the number of chunks must be a positive integer, got ", chunks);
  const int d = splitDim("chunk", x, dim);
  const int64_t n = x.size(d);
  if (n > 0) return parted("SplitBackward0", x, lengthsOf(n, (n - 1) / chunks + 1), d);
  checkCount("chunk", chunks);
  return parted("SplitWithSizesBackward0", x, std::vector<int64_t>(chunks, 0), d);
}

std::vector<Tensor> splitWithSizes(const Tensor& x, const std::vector<int64_t>& sizes, int64_t dim) {
  const int d = splitDim("splitWithSizes", x, dim);
  int64_t sum = 0;
  for (const int64_t size : sizes) {
    check(size >= 0, Code::argument, "splitWithSizes: sizes must not be negative, got ", size);
    check(!__builtin_add_overflow(sum, size, &sum), Code::argument, "splitWithSizes: the sizes are too large");
  }
  check(sum == x.size(d), Code::argument, "splitWithSizes: the sizes sum up to ", sum, ", not to the ", x.size(d),
        " of dim ", d);
  return parted("SplitWithSizesBackward0", x, sizes, d);
}

std::vector<Tensor> tensorSplit(const Tensor& x, const std::vector<int64_t>& indices, int64_t dim) {
  const int d = splitDim("tensorSplit", x, dim);
  std::vector<Tensor> parts;
  int64_t from = 0;
  for (const int64_t to : indices) {
    parts.push_back(slice(x, d, from, to, 1));
    from = to;
  }
  parts.push_back(slice(x, d, from, x.size(d), 1));
  return parts;
}

std::vector<Tensor> tensorSplitSections(const Tensor& x, int64_t sections, int64_t dim) {
  const int d = splitDim("tensorSplit", x, dim);
  check(sections > 0, Code::argument, "tensorSplit: the number of sections must be positive, got ", sections);
  checkCount("tensorSplit", sections);
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < sections; i++) lengths.push_back(x.size(d) / sections + (i < x.size(d) % sections));
  return parted("SplitWithSizesBackward0", x, lengths, d);
}

}  // namespace dtrain
