// Convolution through cuDNN 9, opened at first use. What belongs to a shape (descriptors, algorithms) is cached per
// device. cuDNN's handle serves one thread at a time, so a lock is held until a call has been queued.
//
// cuDNN's heuristics name algorithms, best first. Taken are those that compute sums of products, and of them those that
// give the same bits on every run before the others; one that is refused, or needs more memory than there is, makes way
// for the next. FFT and Winograd, which spread NaN and infinity over a tile and lose bits, only take part where
// `backends.cudnn.benchmark` lets all algorithms run for their time: decision 17.
//
// Halves are multiplied by the tensor cores, exactly, and added up as float32. A bias is added afterwards, to sums that
// have been rounded, as PyTorch does.
#include "kernels/conv.h"

#include <cudnn.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/cuda.h"
#include "core/library.h"
#include "kernels/choices.h"
#include "kernels/copy.h"
#include "kernels/plan-cache.h"
#include "kernels/table.h"

namespace dtrain::cuda {

namespace {

struct Cudnn {
  Cudnn() { library.requireVersion(static_cast<long>(cudnnGetVersion()), 90000, 100000); }
  Library library{"cuDNN 9", "libcudnn.so.9", "nvidia-cudnn-cu13"};
  DT_LIBRARY_FUNCTION(cudnnGetVersion);
  DT_LIBRARY_FUNCTION(cudnnGetErrorString);
  DT_LIBRARY_FUNCTION(cudnnCreate);
  DT_LIBRARY_FUNCTION(cudnnSetStream);
  DT_LIBRARY_FUNCTION(cudnnCreateTensorDescriptor);
  DT_LIBRARY_FUNCTION(cudnnSetTensorNdDescriptorEx);
  DT_LIBRARY_FUNCTION(cudnnDestroyTensorDescriptor);
  DT_LIBRARY_FUNCTION(cudnnCreateFilterDescriptor);
  DT_LIBRARY_FUNCTION(cudnnSetFilterNdDescriptor);
  DT_LIBRARY_FUNCTION(cudnnDestroyFilterDescriptor);
  DT_LIBRARY_FUNCTION(cudnnCreateConvolutionDescriptor);
  DT_LIBRARY_FUNCTION(cudnnSetConvolutionNdDescriptor);
  DT_LIBRARY_FUNCTION(cudnnSetConvolutionGroupCount);
  DT_LIBRARY_FUNCTION(cudnnSetConvolutionMathType);
  DT_LIBRARY_FUNCTION(cudnnDestroyConvolutionDescriptor);
  DT_LIBRARY_FUNCTION(cudnnGetConvolutionForwardAlgorithm_v7);
  DT_LIBRARY_FUNCTION(cudnnGetConvolutionBackwardDataAlgorithm_v7);
  DT_LIBRARY_FUNCTION(cudnnGetConvolutionBackwardFilterAlgorithm_v7);
  DT_LIBRARY_FUNCTION(cudnnConvolutionForward);
  DT_LIBRARY_FUNCTION(cudnnConvolutionBackwardData);
  DT_LIBRARY_FUNCTION(cudnnConvolutionBackwardFilter);
  DT_LIBRARY_FUNCTION(cudnnAddTensor);

  // The call has done nothing, for a reason that may be the algorithm's.
  static bool refused(cudnnStatus_t status) {
    return status >= CUDNN_STATUS_BAD_PARAM && status < CUDNN_STATUS_EXECUTION_FAILED;
  }

  void check(cudnnStatus_t status, const char* what) const {
    dtrain::check(status == CUDNN_STATUS_SUCCESS, Code::internal, "convolution: ", what,
                  " failed: ", status == CUDNN_STATUS_SUCCESS ? "" : cudnnGetErrorString(status));
  }
};

// Never destroyed, like all that is cached here: a static destructor could run after those of the driver.
const Cudnn& dnn() {
  static const auto* loaded = new Cudnn;
  return *loaded;
}

// Owns one of cuDNN's descriptors.
template <class T>
using Owned = std::unique_ptr<std::remove_pointer_t<T>, cudnnStatus_t (*)(T)>;

template <class T>
Owned<T> make(cudnnStatus_t (*create)(T*), cudnnStatus_t (*destroy)(T)) {
  T made;
  dnn().check(create(&made), "making a descriptor");
  return {made, destroy};
}

cudnnDataType_t typeOf(DType dtype) {
  switch (dtype) {
    case DType::float64: return CUDNN_DATA_DOUBLE;
    case DType::float16: return CUDNN_DATA_HALF;
    case DType::bfloat16: return CUDNN_DATA_BFLOAT16;
    default: return CUDNN_DATA_FLOAT;
  }
}

using Ints = std::array<int, 5>;

Ints sizesOf(const Tensor& x) {
  Ints sizes{};
  for (int i = 0; i < x.dim(); i++) {
    dtrain::check(x.size(i) <= INT32_MAX, Code::unsupported,
                  "convolution: a dimension above 2147483647 is not supported, got shape ", x.sizes());
    sizes[i] = static_cast<int>(x.size(i));
  }
  return sizes;
}

Owned<cudnnTensorDescriptor_t> image(const Tensor& x, bool asBias = false) {
  auto desc = make(dnn().cudnnCreateTensorDescriptor, dnn().cudnnDestroyTensorDescriptor);
  Ints sizes = sizesOf(x);
  if (asBias) sizes = {1, sizes[1], 1, 1, 1};
  dnn().check(
      dnn().cudnnSetTensorNdDescriptorEx(desc.get(), CUDNN_TENSOR_NCHW, typeOf(x.dtype()), x.dim(), sizes.data()),
      "describing a tensor");
  return desc;
}

Owned<cudnnFilterDescriptor_t> filter(const Tensor& w) {
  auto desc = make(dnn().cudnnCreateFilterDescriptor, dnn().cudnnDestroyFilterDescriptor);
  dnn().check(
      dnn().cudnnSetFilterNdDescriptor(desc.get(), typeOf(w.dtype()), CUDNN_TENSOR_NCHW, w.dim(), sizesOf(w).data()),
      "describing the weights");
  return desc;
}

Owned<cudnnConvolutionDescriptor_t> convolution(const Tensor& x, const ConvWindow& p) {
  auto desc = make(dnn().cudnnCreateConvolutionDescriptor, dnn().cudnnDestroyConvolutionDescriptor);
  const auto numbers = [](const int64_t* from) {
    std::array<int, 3> to;
    std::ranges::transform(from, from + 3, to.begin(), [](int64_t n) { return static_cast<int>(n); });
    return to;
  };
  dnn().check(dnn().cudnnSetConvolutionNdDescriptor(
                  desc.get(), p.dims, numbers(p.padding).data(), numbers(p.stride).data(), numbers(p.dilation).data(),
                  CUDNN_CROSS_CORRELATION, typeOf(dtrain::typeOf(computeOf(x.dtype())))),
              "describing the convolution");
  dnn().check(dnn().cudnnSetConvolutionGroupCount(desc.get(), static_cast<int>(std::min<int64_t>(p.groups, INT32_MAX))),
              "setting the groups");
  return desc;
}

enum class Pass { forward, gradInput, gradWeight };

// Those that add up products, as the definition does.
bool plain(cudnnConvolutionFwdAlgo_t a) {
  return a == CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM || a == CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM ||
         a == CUDNN_CONVOLUTION_FWD_ALGO_GEMM || a == CUDNN_CONVOLUTION_FWD_ALGO_DIRECT;
}
bool plain(cudnnConvolutionBwdDataAlgo_t a) {
  return a == CUDNN_CONVOLUTION_BWD_DATA_ALGO_0 || a == CUDNN_CONVOLUTION_BWD_DATA_ALGO_1;
}
bool plain(cudnnConvolutionBwdFilterAlgo_t a) {
  return a == CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0 || a == CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1 ||
         a == CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3;
}

struct Algorithm {
  int number;
  cudnnMathType_t math;
  int64_t workspace;  // bytes
  bool sameBits;      // on every run
};

struct Plan {
  Owned<cudnnTensorDescriptor_t> x, y, bias;
  Owned<cudnnFilterDescriptor_t> w;
  Owned<cudnnConvolutionDescriptor_t> conv;
  cudnnMathType_t math;
  std::vector<Algorithm> algorithms;  // the first is used; the others stand in for it
};

void setMath(const Plan& plan, cudnnMathType_t math) {
  dnn().check(dnn().cudnnSetConvolutionMathType(plan.conv.get(), math), "setting the arithmetic");
}

// What a plan depends on besides its shapes.
struct Allowed {
  bool tf32 = libraryChoices.convTf32, benchmark = libraryChoices.convBenchmark,
       deterministic = libraryChoices.convDeterministic || libraryChoices.deterministic;
  auto operator<=>(const Allowed&) const = default;
};

struct Key {
  Pass pass;
  DType dtype;
  ConvShape shape;
  Allowed allowed;
  auto operator<=>(const Key&) const = default;
};

// Asks get(most, &found, list) for algorithms, best first, and leaves the usable ones in the plan.
template <class Choice, class Get>
void choose(Plan& plan, const Allowed& allowed, Get&& get) {
  constexpr size_t most = size_t{1} << 30;  // of workspace; one that needs more is rarely worth it
  std::array<Choice, 16> list;
  int found = 0;
  dnn().check(get(static_cast<int>(list.size()), &found, list.data()), "choosing an algorithm");
  for (const Choice& c : std::span(list.data(), found)) {
    const bool known = std::ranges::count(plan.algorithms, static_cast<int>(c.algo), &Algorithm::number) > 0;
    if (c.status != CUDNN_STATUS_SUCCESS || c.memory > most || known) continue;
    const bool halves = plan.math == CUDNN_TENSOR_OP_MATH;
    const bool exact = c.mathType == CUDNN_FMA_MATH || c.mathType == CUDNN_DEFAULT_MATH;
    if (!exact && !((allowed.tf32 || halves) && c.mathType == CUDNN_TENSOR_OP_MATH)) continue;
    if (!allowed.benchmark && !plain(c.algo)) continue;
    const cudnnMathType_t math = exact && !halves ? plan.math : c.mathType;
    plan.algorithms.push_back({c.algo, math, static_cast<int64_t>(c.memory), c.determinism == CUDNN_DETERMINISTIC});
  }
  dtrain::check(!plan.algorithms.empty(), Code::unsupported,
                "convolution: cuDNN has no algorithm for this convolution on this device");
  if (!allowed.deterministic) return;
  const auto others = std::ranges::stable_partition(plan.algorithms, std::identity(), &Algorithm::sameBits);
  if (others.begin() != plan.algorithms.begin()) plan.algorithms.erase(others.begin(), others.end());
}

struct State {
  State() { dnn().check(dnn().cudnnCreate(&handle), "starting cuDNN"); }
  std::mutex mutex;
  cudnnHandle_t handle;
  PlanCache<Key, Plan, 1024> plans;
};

Plan makePlan(cudnnHandle_t handle, Pass pass, const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p,
              const Allowed& allowed) {
  // The default would allow TF32.
  const cudnnMathType_t math = isHalf(x.dtype())                              ? CUDNN_TENSOR_OP_MATH
                               : x.dtype() == DType::float32 && !allowed.tf32 ? CUDNN_FMA_MATH
                                                                              : CUDNN_DEFAULT_MATH;
  Plan plan{image(x), image(y), image(y, true), filter(w), convolution(x, p), math, {}};
  setMath(plan, math);
  const auto &xd = plan.x, &yd = plan.y;
  switch (pass) {
    case Pass::forward:
      choose<cudnnConvolutionFwdAlgoPerf_t>(plan, allowed, [&](auto... rest) {
        return dnn().cudnnGetConvolutionForwardAlgorithm_v7(handle, xd.get(), plan.w.get(), plan.conv.get(), yd.get(),
                                                            rest...);
      });
      break;
    case Pass::gradInput:
      choose<cudnnConvolutionBwdDataAlgoPerf_t>(plan, allowed, [&](auto... rest) {
        return dnn().cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, plan.w.get(), yd.get(), plan.conv.get(),
                                                                 xd.get(), rest...);
      });
      break;
    case Pass::gradWeight:
      choose<cudnnConvolutionBwdFilterAlgoPerf_t>(plan, allowed, [&](auto... rest) {
        return dnn().cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, xd.get(), yd.get(), plan.conv.get(),
                                                                   plan.w.get(), rest...);
      });
  }
  return plan;
}

State& state(Device device) {
  static std::mutex mutex;
  static auto* const states = new std::map<int, State>;
  const std::lock_guard lock(mutex);
  use(device.index);  // a new handle belongs to the current device
  return (*states)[device.index];
}

// Images `from` to `from + n` of a contiguous batch.
Tensor images(const Tensor& x, int64_t from, int64_t n) {
  Dims sizes = x.sizes();
  sizes[0] = n;
  return alias(x, sizes, x.strides(), x.impl()->offset + from * x.stride(0));
}

// What a call of cuDNN takes. x and y are those of a part of the batch; the result is one of x, w and y.
struct Call {
  const char* name;
  cudnnHandle_t handle;
  const Plan& plan;
  void *x, *w, *y;
  const void *one, *zero, *keep;  // keep: what the result is multiplied with before
  int algorithm = 0;
  void* workspace = nullptr;
  size_t workspaceBytes = 0;
};

// Runs f(Call) with one algorithm. What keeps it from running is returned, where another one may do better.
template <class F>
std::optional<Error> attempt(const Algorithm& algorithm, Call call, Device device, F&& f) {
  try {
    const Tensor workspace = empty({algorithm.workspace}, DType::uint8, device);  // free again, for later work
    // After the allocation, which may run finalizers that make another device current.
    dnn().check(dnn().cudnnSetStream(call.handle, stream(device)), "choosing the stream");
    setMath(call.plan, algorithm.math);
    call.algorithm = algorithm.number;
    call.workspace = workspace.bytes();
    call.workspaceBytes = static_cast<size_t>(algorithm.workspace);
    const cudnnStatus_t status = f(call);
    if (Cudnn::refused(status))
      return Error(Code::unsupported, str("convolution: ", call.name, " failed: ", dnn().cudnnGetErrorString(status)));
    dnn().check(status, call.name);
    return {};
  } catch (const Error& e) {
    if (e.code != Code::outOfMemory) throw;
    return e;
  }
}

// Runs every algorithm twice, with a result that nobody sees, and sorts them by the time of the second run.
template <class F>
void measure(Plan& plan, Call call, void* Call::*result, const Tensor& like, F&& f) {
  const Device device = like.device();
  const Tensor scratch = empty(like.sizes(), like.dtype(), device);
  call.*result = scratch.bytes();
  call.keep = call.zero;
  const Event start(device, true), end(device, true);
  std::vector<std::pair<double, Algorithm>> times;
  for (const Algorithm& algorithm : plan.algorithms) {
    if (attempt(algorithm, call, device, f)) continue;
    start.record(stream(device));
    if (attempt(algorithm, call, device, f)) continue;
    end.record(stream(device));
    end.synchronize();
    times.emplace_back(start.elapsedMs(end), algorithm);
  }
  if (times.empty()) return;  // the call itself says why
  std::ranges::stable_sort(times, {}, &std::pair<double, Algorithm>::first);
  plan.algorithms.clear();
  for (const auto& [ms, algorithm] : times) plan.algorithms.push_back(algorithm);
}

// Calls f(Call) with the handle on the current stream: once, or for parts of the batch where x or y has more elements
// than cuDNN can count. `result` is what f computes.
template <class F>
void convolve(Pass pass, const char* name, void* Call::*result, const Tensor& x, const Tensor& w, const Tensor& y,
              const ConvWindow& p, F&& f) {
  constexpr int64_t most = INT32_MAX;
  const int64_t batch = x.size(0), image = std::max(x.numel(), y.numel()) / batch;
  dtrain::check(image <= most, Code::unsupported, "convolution: an image of more than ", most,
                " elements is not supported, got input ", x.sizes(), " and output ", y.sizes());
  const Device device = x.device();
  const Allowed allowed;
  State& s = state(device);
  const std::lock_guard lock(s.mutex);
  const int64_t step = most / image;
  for (int64_t i = 0; i < batch; i += step) {
    const Tensor xs = images(x, i, std::min(step, batch - i)), ys = images(y, i, std::min(step, batch - i));
    const Key key{pass, x.dtype(), ConvShape(xs, w, p), allowed};
    bool fresh = false;
    Plan& plan = s.plans.get(key, [&] {
      fresh = true;
      return makePlan(s.handle, pass, xs, w, ys, p, allowed);
    });
    dispatchFloat("convolution", x.dtype(), [&](auto zero) {
      const ComputeType<decltype(zero)> one = 1, none = 0;
      const void* const keep = i > 0 && pass == Pass::gradWeight ? &one : &none;  // parts of one sum
      const Call call{name, s.handle, plan, xs.bytes(), w.bytes(), ys.bytes(), &one, &none, keep};
      if (fresh && allowed.benchmark)
        measure(plan, call, result, pass == Pass::forward ? ys : pass == Pass::gradInput ? xs : w, f);
      while (const std::optional<Error> failed = attempt(plan.algorithms.front(), call, device, f)) {
        if (plan.algorithms.size() == 1) throw *failed;
        plan.algorithms.erase(plan.algorithms.begin());  // for good, or every call would try in vain
      }
    });
  }
}

void conv(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y) {
  if (y.numel() == 0) return;
  if (w.numel() == 0) {  // no input channels
    if (!bias.defined()) return kernels<CopyKernels>(y).fill(y, 0);
    Dims sizes(p.dims + 1, 1);
    sizes[0] = bias.size(0);
    return kernels<CopyKernels>(y).copy(alias(bias, sizes, contiguousStrides(sizes), bias.impl()->offset), y);
  }
  convolve(Pass::forward, "cudnnConvolutionForward", &Call::y, x, w, y, p, [&](const Call& c) {
    const cudnnStatus_t status =
        dnn().cudnnConvolutionForward(c.handle, c.one, c.plan.x.get(), c.x, c.plan.w.get(), c.w, c.plan.conv.get(),
                                      static_cast<cudnnConvolutionFwdAlgo_t>(c.algorithm), c.workspace,
                                      c.workspaceBytes, c.keep, c.plan.y.get(), c.y);
    if (status == CUDNN_STATUS_SUCCESS && bias.defined())
      dnn().check(dnn().cudnnAddTensor(c.handle, c.one, c.plan.bias.get(), bias.bytes(), c.one, c.plan.y.get(), c.y),
                  "cudnnAddTensor");
    return status;
  });
}

void convGradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx) {
  if (dy.numel() == 0 || w.numel() == 0) return kernels<CopyKernels>(dx).fill(dx, 0);
  convolve(Pass::gradInput, "cudnnConvolutionBackwardData", &Call::x, dx, w, dy, p, [&](const Call& c) {
    return dnn().cudnnConvolutionBackwardData(c.handle, c.one, c.plan.w.get(), c.w, c.plan.y.get(), c.y,
                                              c.plan.conv.get(),
                                              static_cast<cudnnConvolutionBwdDataAlgo_t>(c.algorithm), c.workspace,
                                              c.workspaceBytes, c.keep, c.plan.x.get(), c.x);
  });
}

void convGradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw) {
  if (dy.numel() == 0 || x.numel() == 0) return kernels<CopyKernels>(dw).fill(dw, 0);
  convolve(Pass::gradWeight, "cudnnConvolutionBackwardFilter", &Call::w, x, dw, dy, p, [&](const Call& c) {
    return dnn().cudnnConvolutionBackwardFilter(c.handle, c.one, c.plan.x.get(), c.x, c.plan.y.get(), c.y,
                                                c.plan.conv.get(),
                                                static_cast<cudnnConvolutionBwdFilterAlgo_t>(c.algorithm), c.workspace,
                                                c.workspaceBytes, c.keep, c.plan.w.get(), c.w);
  });
}

}  // namespace

const Fill table(cudaTable<ConvKernels>,
                 {.conv = conv, .convGradInput = convGradInput, .convGradWeight = convGradWeight});

}  // namespace dtrain::cuda
