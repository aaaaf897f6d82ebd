// The device language: indices, barriers, warps, atomics. The tests named "emulation kernels" hold for every order and
// number of workers, so one test runs them all again under those settings.
#include <algorithm>
#include <numeric>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

__global__ void writeIndices(uint3* threads, uint3* blocks, dim3* shapes) {
  const size_t threadsPerBlock = static_cast<size_t>(blockDim.x) * blockDim.y * blockDim.z;
  const size_t block =
      blockIdx.x + static_cast<size_t>(gridDim.x) * (blockIdx.y + static_cast<size_t>(gridDim.y) * blockIdx.z);
  const size_t thread =
      threadIdx.x + static_cast<size_t>(blockDim.x) * (threadIdx.y + static_cast<size_t>(blockDim.y) * threadIdx.z);
  const size_t i = block * threadsPerBlock + thread;
  threads[i] = threadIdx;
  blocks[i] = blockIdx;
  shapes[2 * i] = gridDim;
  shapes[2 * i + 1] = blockDim;
}

bool equal(uint3 a, uint3 b) { return a.x == b.x && a.y == b.y && a.z == b.z; }

TEST("emulation kernels: every thread of every block has its own indices") {
  const Stream stream;
  const dim3 grid(3, 2, 4), block(5, 3, 2);
  const size_t n = 24 * 30;
  auto* threads = allocate<uint3>(stream, n);
  auto* blocks = allocate<uint3>(stream, n);
  auto* shapes = allocate<dim3>(stream, 2 * n);
  ok(launch(stream, writeIndices, grid, block, threads, blocks, shapes));
  const auto gotThreads = download(stream, threads, n), gotBlocks = download(stream, blocks, n);
  const auto gotShapes = download(stream, shapes, 2 * n);
  for (unsigned i = 0; i < n; i++) {
    const unsigned t = i % 30, b = i / 30;
    EXPECT(equal(gotThreads[i], {t % 5, t / 5 % 3, t / 15}));
    EXPECT(equal(gotBlocks[i], {b % 3, b / 3 % 2, b / 6}));
    EXPECT(equal(gotShapes[2 * i], grid) && equal(gotShapes[2 * i + 1], block));
  }
}

// Every round each thread passes its value to the next one through shared memory.
__global__ void rotate(int* values, int rounds) {
  __shared__ int box[256];
  int mine = values[threadIdx.x];
  for (int r = 0; r < rounds; r++) {
    box[threadIdx.x] = mine;
    __syncthreads();
    mine = box[(threadIdx.x + 1) % blockDim.x];
    __syncthreads();
  }
  values[threadIdx.x] = mine;
}

TEST("emulation kernels: threads exchange values through shared memory and barriers") {
  const Stream stream;
  for (const int n : {1, 2, 33, 256}) {
    std::vector<int> values(static_cast<size_t>(n));
    std::iota(values.begin(), values.end(), 0);
    int* p = upload(stream, values);
    ok(launch(stream, rotate, 1, n, p, 7));
    const auto got = download(stream, p, values.size());
    for (int i = 0; i < n; i++) EXPECT(got[static_cast<size_t>(i)] == (i + 7) % n);
  }
}

__global__ void votes(int* out, int n) {
  const int t = static_cast<int>(threadIdx.x), b = static_cast<int>(blockIdx.x);
  const int count = __syncthreads_count(t < n + b);
  const int all = __syncthreads_and(t < n + b), any = __syncthreads_or(t >= n + b);
  int* o = out + (b * static_cast<int>(blockDim.x) + t) * 3;
  o[0] = count;
  o[1] = all;
  o[2] = any;
}

TEST("emulation kernels: barriers count and vote") {
  const Stream stream;
  int* p = allocate<int>(stream, 3 * 100 * 3);
  ok(launch(stream, votes, 3, 100, p, 98));
  const auto got = download(stream, p, 3 * 100 * 3);
  for (int b = 0; b < 3; b++)
    for (int t = 0; t < 100; t++) {
      const int* o = &got[static_cast<size_t>(b * 100 + t) * 3];
      EXPECT(o[0] == 98 + b && (o[1] != 0) == (b == 2) && (o[2] != 0) == (b != 2));
    }
}

template <class T>
__global__ void warpSums(const T* x, T* sums) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  T v = x[i];
  for (int d = 16; d > 0; d /= 2) v += __shfl_xor_sync(0xffffffff, v, d);
  sums[i] = v;  // every lane has the sum
}

template <class T>
void checkWarpSums() {
  const Stream stream;
  std::vector<T> x(4 * 96);
  for (size_t i = 0; i < x.size(); i++) x[i] = static_cast<T>(i % 37);
  T* in = upload(stream, x);
  T* out = allocate<T>(stream, x.size());
  ok(launch(stream, warpSums<T>, 4, 96, in, out));
  const auto got = download(stream, out, x.size());
  for (size_t i = 0; i < x.size(); i++) {
    const auto* warp = &x[i / 32 * 32];
    EXPECT(got[i] == std::accumulate(warp, warp + 32, T(0)));
  }
}

TEST("emulation kernels: a warp adds up by shuffles, in every type") {
  checkWarpSums<int>();
  checkWarpSums<unsigned>();
  checkWarpSums<long>();
  checkWarpSums<unsigned long>();
  checkWarpSums<long long>();
  checkWarpSums<unsigned long long>();
  checkWarpSums<float>();
  checkWarpSums<double>();
}

__global__ void shuffles(int* out) {
  const int t = static_cast<int>(threadIdx.x);
  int* o = out + t * 8;
  o[0] = __shfl_sync(0xffffffff, t, 5);
  o[1] = __shfl_sync(0xffffffff, t, 5, 8);
  o[2] = __shfl_up_sync(0xffffffff, t, 3);
  o[3] = __shfl_down_sync(0xffffffff, t, 3, 16);
  o[4] = __shfl_xor_sync(0xffffffff, t, 9, 8);
  o[5] = static_cast<int>(__ballot_sync(0xffffffff, t % 3 == 0));
  o[6] = __any_sync(0xffffffff, t == 40) + 2 * __all_sync(0xffffffff, t < 63);
  // Half a warp at a time, in different branches.
  const unsigned half = t % 32 < 16 ? 0x0000ffff : 0xffff0000;
  o[7] = t % 32 < 16 ? __shfl_xor_sync(half, t, 1) : __shfl_xor_sync(half, 100 + t, 2);
  __syncwarp();
}

TEST("emulation kernels: shuffles and votes follow CUDA's rules at the edges of segments") {
  const Stream stream;
  int* p = allocate<int>(stream, 64 * 8);
  ok(launch(stream, shuffles, 1, 64, p));
  const auto got = download(stream, p, 64 * 8);
  for (int t = 0; t < 64; t++) {
    const int* o = &got[static_cast<size_t>(t) * 8];
    const int warp = t / 32 * 32, lane = t % 32;
    EXPECT(o[0] == warp + 5 && o[1] == t / 8 * 8 + 5);
    EXPECT(o[2] == (lane < 3 ? t : t - 3));
    EXPECT(o[3] == (lane % 16 + 3 > 15 ? t : t + 3));
    EXPECT(o[4] == ((lane ^ 9) <= lane / 8 * 8 + 7 ? warp + (lane ^ 9) : t));
    unsigned ballot = 0;
    for (int i = 0; i < 32; i++) ballot |= static_cast<unsigned>((warp + i) % 3 == 0) << i;
    EXPECT(static_cast<unsigned>(o[5]) == ballot);
    EXPECT(o[6] == (warp == 32 ? 1 : 2));
    EXPECT(o[7] == (lane < 16 ? (t ^ 1) : 100 + (t ^ 2)));
  }
}

// Each block adds up its part; the last block to finish adds up the blocks' sums.
__global__ void sumAll(const double* x, int64_t n, double* parts, unsigned* finished, double* out) {
  __shared__ double warps[32];
  __shared__ bool last;
  double sum = 0;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n;
       i += static_cast<int64_t>(gridDim.x) * blockDim.x)
    sum += x[i];
  for (int d = 16; d > 0; d /= 2) sum += __shfl_down_sync(0xffffffff, sum, static_cast<unsigned>(d));
  if (threadIdx.x % warpSize == 0) warps[threadIdx.x / warpSize] = sum;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (unsigned w = 1; w < blockDim.x / warpSize; w++) sum += warps[w];
    parts[blockIdx.x] = sum;
    __threadfence();
    last = atomicAdd(finished, 1u) == gridDim.x - 1;
  }
  __syncthreads();
  if (last && threadIdx.x == 0) {
    double total = 0;
    for (unsigned b = 0; b < gridDim.x; b++) total += parts[b];
    *out = total;
  }
}

TEST("emulation kernels: a grid adds up, its last block adds up the blocks") {
  const Stream stream;
  std::vector<double> x(10007);
  std::iota(x.begin(), x.end(), 1.0);
  const double* in = upload(stream, x);
  auto* parts = allocate<double>(stream, 9);
  auto* finished = zeros<unsigned>(stream, 1);
  auto* out = allocate<double>(stream, 1);
  ok(launch(stream, sumAll, 9, 256, in, static_cast<int64_t>(x.size()), parts, finished, out));
  EXPECT(download(stream, out, 1)[0] == 10007.0 * 10008 / 2);
}

struct Counters {
  int sum, least, most, either, both, exchanged, difference;
  unsigned count, unsignedMost;
  unsigned long long wide, wideMost;
  long long wideLeast;
  float single;
  double twice;
  unsigned products;
};

__global__ void count(Counters* c) {
  const int t = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  atomicAdd(&c->sum, t);
  atomicSub(&c->difference, 1);
  atomicMin(&c->least, -t);
  atomicMax(&c->most, t);
  atomicMax(&c->unsignedMost, 0xfffffff0u + static_cast<unsigned>(t % 8));
  atomicOr(&c->either, 1 << t % 7);
  atomicAnd(&c->both, ~(1 << t % 7));
  atomicExch(&c->exchanged, t);
  atomicAdd(&c->count, 1u);
  atomicAdd(&c->wide, 1ull << 33);
  atomicMax(&c->wideMost, 1ull << t % 64);
  atomicMin(&c->wideLeast, -(1ll << t % 40));
  atomicAdd(&c->single, 0.5f);
  atomicAdd(&c->twice, 0.25);
  unsigned old = atomicAdd(&c->products, 0u);  // what atomicCAS is for
  for (;;) {
    const unsigned seen = atomicCAS(&c->products, old, old * 3 + 1);
    if (seen == old) break;
    old = seen;
  }
}

TEST("emulation kernels: atomics lose nothing") {
  const Stream stream;
  auto* p = zeros<Counters>(stream, 1);
  const int n = 12 * 64;
  ok(launch(stream, count, 12, 64, p));
  const Counters c = download(stream, p, 1)[0];
  EXPECT(c.sum == n * (n - 1) / 2 && c.least == 1 - n && c.most == n - 1 && c.difference == -n);
  EXPECT(c.either == 127 && c.both == 0 && c.exchanged >= 0 && c.exchanged < n);
  EXPECT(c.count == static_cast<unsigned>(n) && c.unsignedMost == 0xfffffff7u);
  EXPECT(c.wide == static_cast<unsigned long long>(n) << 33 && c.wideMost == 1ull << 63 && c.wideLeast == -(1ll << 39));
  EXPECT(c.single == 0.5f * n && c.twice == 0.25 * n);
  unsigned products = 0;
  for (int i = 0; i < n; i++) products = products * 3 + 1;
  EXPECT(c.products == products);
}

struct Nested {
  float scale;
  int64_t sizes[4];
  const float* from;
};

__global__ void useArguments(Nested nested, float* out, int8_t small, double wide, const float* nothing) {
  if (nothing == nullptr) *out = nested.scale * nested.from[nested.sizes[2]] + small + static_cast<float>(wide);
}

TEST("emulation kernels: arguments are converted, and copied at the call") {
  const Stream stream;
  const float* from = upload<float>(stream, {1, 2, 3, 4});
  float* out = allocate<float>(stream, 1);
  Gate gate(stream);
  Nested nested{10, {0, 1, 2, 3}, from};
  cudaLaunchConfig_t config{};
  config.stream = stream;
  int small = 5;
  ok(cudaLaunchKernelEx(&config, useArguments, nested, out, small, 0.5f, nullptr));
  nested = {};
  small = 0;
  gate.open();
  EXPECT(download(stream, out, 1)[0] == 35.5f);
}

__global__ void doMaths(float* out) {
  sincospif(2.5f, out, out + 1);
  sincospif(-1.0f, out + 2, out + 3);
  sincospif(0.25f, out + 4, out + 5);
  out[6] = rsqrtf(16.0f) + static_cast<float>(rsqrt(4.0));
  out[7] = min(1.5f, NAN) + max(2, 3) + static_cast<float>(__popc(0xf0u) + __ffs(8) + __clz(1) + __clzll(1));
  out[8] = static_cast<float>(__umulhi(1u << 31, 6u) + __umul64hi(1ull << 63, 10ull) +
                              static_cast<unsigned>(-__mulhi(-(1 << 30), 8)));
  out[9] = __int_as_float(__float_as_int(7.0f)) + __uint_as_float(__float_as_uint(8.0f)) + __ldg(out + 6);
}

TEST("emulation kernels: the maths that CUDA adds to C's") {
  const Stream stream;
  float* p = allocate<float>(stream, 10);
  ok(launch(stream, doMaths, 1, 1, p));
  const auto got = download(stream, p, 10);
  const float r = std::sqrt(0.5f);
  const std::vector<float> expected{1, 0, 0, -1, r, r, 0.75f, 1.5f + 3 + 4 + 4 + 31 + 63, 3 + 5 + 2, 15.75f};
  for (size_t i = 0; i < expected.size(); i++) EXPECT(close(got[i], expected[i], 1e-6));
  EXPECT(got[1] == 0 && got[2] == 0);
}

TEST("emulation: kernels in every order of threads, and with several workers") {
  for (const char* settings : {"order=reverse", "order=shuffle,seed=1", "order=shuffle,seed=2", "workers=3",
                               "order=shuffle,workers=4", "protect=1,workers=2"}) {
    const Ended ended = runSelf("emulation kernels:", {str("DTRAIN_EMULATION=", settings)});
    expect(ended.status == 0 && ended.output.find(" passed, 0 failed") != std::string::npos &&
               ended.output.rfind("0 passed", 0) != 0,
           settings, ":\n", ended.output);
  }
}

__global__ void arrive(int* next, int* order) {
  order[atomicAdd(next, 1)] = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

std::vector<int> arrivals() {
  const Stream stream;
  int* next = zeros<int>(stream, 1);
  int* order = allocate<int>(stream, 5 * 8);
  ok(launch(stream, arrive, 5, 8, next, order));
  return download(stream, order, 5 * 8);
}

TEST("emulation: order=reverse runs threads and blocks backwards") {
  isolated("emulation: order=reverse runs", {"DTRAIN_EMULATION=order=reverse"}, [] {
    const auto got = arrivals();
    for (int i = 0; i < 40; i++) EXPECT(got[static_cast<size_t>(i)] == 39 - i);
  });
}

TEST("emulation: order=shuffle runs each thread once, in a mixed order that differs from launch to launch") {
  isolated("emulation: order=shuffle runs", {"DTRAIN_EMULATION=order=shuffle,seed=5"}, [] {
    auto first = arrivals();
    const auto second = arrivals();
    EXPECT(first != second && !std::is_sorted(first.begin(), first.end()));
    std::sort(first.begin(), first.end());
    for (int i = 0; i < 40; i++) EXPECT(first[static_cast<size_t>(i)] == i);
  });
}

// As rotate, once, with the first barrier forgotten.
__global__ void forgetBarrier(int* values) {
  __shared__ int box[64];
  box[threadIdx.x] = values[threadIdx.x];
  const int mine = box[(threadIdx.x + 1) % blockDim.x];
  __syncthreads();
  values[threadIdx.x] = mine;
}

TEST("emulation kernels: a forgotten barrier gives wrong values") {
  const Stream stream;
  std::vector<int> values(64);
  std::iota(values.begin(), values.end(), 1);
  int* p = upload(stream, values);
  ok(launch(stream, forgetBarrier, 1, 64, p));
  const auto got = download(stream, p, 64);
  int right = 0;
  for (int i = 0; i < 64; i++) right += got[static_cast<size_t>(i)] == (i + 1) % 64 + 1;
  EXPECT(right < 64);
}

}  // namespace
}  // namespace dtrain::test
