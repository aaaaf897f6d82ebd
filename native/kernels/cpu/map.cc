// Where all elements are of the type that is computed in, the loop runs over the tensors' memory itself. Otherwise it
// runs over blocks that stay in the first-level cache: operands are loaded into them, and results stored from them.
// Bytes moved: every operand once; the loops reach memory bandwidth from about 32 KiB upwards. Elements that stay as
// they are go by the C library, which writes lines of the cache that it has not read before.
#include "kernels/cpu/map.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/plan.h"
#include "kernels/cpu/source.h"
#include "kernels/rounding.h"
#include "kernels/table.h"

namespace dtrain::cpu {

namespace {

// loop(n, pointers, strides, out, stride of out) over blocks of N operands. Not inlined, because the blocks would make
// the frame of every call large.
template <int N, class Loop>
[[gnu::noinline]] void runInBlocks(Plan<N + 1>& plan, const Source (&sources)[N], UnaryLoop store, int64_t size,
                                   const Loop& loop) {
  plan.run([&](int64_t n, auto& p, auto& s) {
    Block blocks[N], results;
    for (int64_t at = 0; at < n; at += kBlock) {
      const int64_t count = std::min(kBlock, n - at);
      char* from[N];
      int64_t strides[N];
      for (int i = 0; i < N; i++) {
        strides[i] = s[i + 1];
        from[i] = const_cast<char*>(sources[i](count, p[i + 1] + at * s[i + 1], strides[i], blocks[i]));
      }
      char* const to = p[0] + at * s[0];
      if (!store) {
        loop(count, from, strides, to, s[0]);
      } else {
        loop(count, from, strides, results.bytes, size);
        store(count, results.bytes, size, to, s[0]);
      }
    }
  });
}

// The same over blocks, or over the tensors' memory itself where nothing has to be converted.
template <int N, class Loop>
void run(Plan<N + 1>& plan, const Source (&sources)[N], Compute compute, const Tensor& out, bool predicate,
         const Loop& loop) {
  const bool stores = !predicate && out.dtype() != typeOf(compute);
  bool direct = !stores;
  for (const Source& s : sources) direct = direct && s.direct();
  if (direct) return plan.run([&](int64_t n, auto& p, auto& s) { loop(n, &p[1], &s[1], p[0], s[0]); });
  const UnaryLoop store = stores ? loops().convert.store[indexOf(compute)][indexOf(out.dtype())] : nullptr;
  runInBlocks<N>(plan, sources, store, itemSize(typeOf(compute)), loop);
}

template <class Loop>
Loop existing(const char* what, const Loop (&row)[kComputes], DType common) {
  const Loop loop = row[indexOf(computeOf(common))];
  check(loop, Code::internal, what, ": there is no kernel for ", common);
  return loop;
}

void mapAs(UnaryLoop loop, const Tensor& x, DType common, const Tensor& out) {
  Plan<2> plan(out);
  plan.set(1, x);
  Source sources[1];
  sources[0].set(x, common, isRounded(x, common, out, false));
  run<1>(plan, sources, computeOf(common), out, false,
         [&](int64_t n, char* const* p, const int64_t* s, char* to, int64_t so) { loop(n, p[0], s[0], to, so); });
}

}  // namespace

void map(const char* what, const UnaryRow& row, const Tensor& x, DType common, const Tensor& out) {
  mapAs(existing(what, row, common), x, common, out);
}

namespace {
// loop(n, pointers, strides, out, stride of out) over operands of which some may be numbers.
template <int N, class Loop>
void mapOperands(const Operand* const (&operands)[N], DType common, const Tensor& out, bool predicate,
                 const Loop& loop) {
  alignas(double) char numbers[N][sizeof(double)];  // in the type that is computed in
  Plan<N + 1> plan(out);
  Source sources[N];
  for (int i = 0; i < N; i++) {
    if (!operands[i]->isTensor()) {
      storeNumber(rounded(operands[i]->number, common, predicate), typeOf(computeOf(common)), numbers[i]);
      plan.setScalar(i + 1, numbers[i]);
      continue;
    }
    plan.set(i + 1, operands[i]->tensor);
    sources[i].set(operands[i]->tensor, common, isRounded(operands[i]->tensor, common, out, predicate));
  }
  run<N>(plan, sources, computeOf(common), out, predicate, loop);
}
}  // namespace

void map(const char* what, const BinaryRow& row, const Operand& x, const Operand& y, double alpha, DType common,
         const Tensor& out, bool predicate) {
  const BinaryLoop loop = existing(what, row, common);
  mapOperands<2>({&x, &y}, common, out, predicate,
                 [&](int64_t n, char* const* p, const int64_t* s, char* to, int64_t so) {
                   loop(n, p[0], s[0], p[1], s[1], alpha, to, so);
                 });
}

void map(const char* what, const TernaryRow& row, const Operand& x, const Operand& y, const Operand& z, DType common,
         const Tensor& out) {
  const TernaryLoop loop = existing(what, row, common);
  mapOperands<3>({&x, &y, &z}, common, out, false,
                 [&](int64_t n, char* const* p, const int64_t* s, char* to, int64_t so) { loop(n, p, s, to, so); });
}

void fill(const Tensor& out, double value) {
  char element[sizeof(double)];
  const int64_t size = itemSize(out.dtype());
  storeNumber(value, out.dtype(), element);
  const bool sameBytes = std::all_of(element, element + size, [&](char byte) { return byte == element[0]; });
  Plan<2> plan(out);
  plan.setScalar(1, element);
  const UnaryLoop loop = loops().convert.move[indexOfSize(size)];
  plan.run([&](int64_t n, auto& p, auto& s) {
    if (sameBytes && s[0] == size) std::memset(p[0], element[0], n * size);
    else loop(n, p[1], s[1], p[0], s[0]);
  });
}

void convert(const Tensor& x, const Tensor& out) {
  const ConvertLoops& convert = loops().convert;
  const DType from = x.dtype(), to = out.dtype();
  // One pass: elements as they are, or with a type that is computed in on one side.
  const UnaryLoop loop = from == to        ? convert.move[indexOfSize(itemSize(from))]
                         : isCompute(from) ? convert.store[indexOf(computeOf(from))][indexOf(to)]
                         : isCompute(to)   ? convert.load[indexOf(from)][indexOf(computeOf(to))]
                                           : nullptr;
  if (loop) {
    Plan<2> plan(out);
    plan.set(1, x);
    const int64_t size = itemSize(to);
    const auto row = [&](int64_t n, auto& p, auto& s) {
      if (from == to && s[0] == size && s[1] == size) std::memmove(p[0], p[1], n * size);
      else loop(n, p[1], s[1], p[0], s[0]);
    };
    if (!plan.runInTiles(row)) plan.run(row);
    return;
  }
  // Two passes, through the type that `from` is computed in.
  mapAs(convert.move[indexOfSize(itemSize(typeOf(computeOf(from))))], x, from, out);
}

}  // namespace dtrain::cpu
