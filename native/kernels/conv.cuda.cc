// Convolution through cuDNN 9, opened at first use. Its heuristics name algorithms, best first, and the first one that
// gives the same bits on every run is taken. float32 is exact: no TF32. What belongs to a shape (descriptors,
// algorithm) is cached per device. cuDNN's handle serves one thread at a time, so a lock is held until a call has been
// queued.
#include <cudnn.h>

#include <array>
#include <map>
#include <mutex>
#include <span>

#include "core/cuda.h"
#include "core/library.h"
#include "kernels/cuda.h"

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
  DT_LIBRARY_FUNCTION(cudnnSetTensor4dDescriptor);
  DT_LIBRARY_FUNCTION(cudnnDestroyTensorDescriptor);
  DT_LIBRARY_FUNCTION(cudnnCreateFilterDescriptor);
  DT_LIBRARY_FUNCTION(cudnnSetFilter4dDescriptor);
  DT_LIBRARY_FUNCTION(cudnnDestroyFilterDescriptor);
  DT_LIBRARY_FUNCTION(cudnnCreateConvolutionDescriptor);
  DT_LIBRARY_FUNCTION(cudnnSetConvolution2dDescriptor);
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

  void check(cudnnStatus_t status, const char* what) const {
    dtrain::check(status == CUDNN_STATUS_SUCCESS, Code::internal, "conv2d: ", what,
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

cudnnDataType_t typeOf(const Tensor& x) { return x.dtype() == DType::float32 ? CUDNN_DATA_FLOAT : CUDNN_DATA_DOUBLE; }

int size(const Tensor& x, int dim) {
  dtrain::check(x.size(dim) <= INT32_MAX, Code::unsupported,
                "conv2d: a dimension above 2147483647 is not supported, got shape ", x.sizes());
  return static_cast<int>(x.size(dim));
}

Owned<cudnnTensorDescriptor_t> image(const Tensor& x, bool asBias = false) {
  auto desc = make(dnn().cudnnCreateTensorDescriptor, dnn().cudnnDestroyTensorDescriptor);
  const auto at = [&](int dim) { return asBias && dim != 1 ? 1 : size(x, dim); };
  dnn().check(dnn().cudnnSetTensor4dDescriptor(desc.get(), CUDNN_TENSOR_NCHW, typeOf(x), at(0), at(1), at(2), at(3)),
              "describing a tensor");
  return desc;
}

Owned<cudnnFilterDescriptor_t> filter(const Tensor& w) {
  auto desc = make(dnn().cudnnCreateFilterDescriptor, dnn().cudnnDestroyFilterDescriptor);
  dnn().check(dnn().cudnnSetFilter4dDescriptor(desc.get(), typeOf(w), CUDNN_TENSOR_NCHW, size(w, 0), size(w, 1),
                                               size(w, 2), size(w, 3)),
              "describing the weights");
  return desc;
}

Owned<cudnnConvolutionDescriptor_t> convolution(const Tensor& x, const Conv2d& p) {
  auto desc = make(dnn().cudnnCreateConvolutionDescriptor, dnn().cudnnDestroyConvolutionDescriptor);
  const auto number = [](int64_t n) { return static_cast<int>(std::min<int64_t>(n, INT32_MAX)); };
  dnn().check(dnn().cudnnSetConvolution2dDescriptor(desc.get(), number(p.padding[0]), number(p.padding[1]),
                                                    number(p.stride[0]), number(p.stride[1]), number(p.dilation[0]),
                                                    number(p.dilation[1]), CUDNN_CROSS_CORRELATION, typeOf(x)),
              "describing the convolution");
  dnn().check(dnn().cudnnSetConvolutionGroupCount(desc.get(), number(p.groups)), "setting the groups");
  if (x.dtype() == DType::float32)  // the default would allow TF32
    dnn().check(dnn().cudnnSetConvolutionMathType(desc.get(), CUDNN_FMA_MATH), "setting the kind of arithmetic");
  return desc;
}

enum class Pass { forward, gradInput, gradWeight };

struct Plan {
  Owned<cudnnTensorDescriptor_t> x, y, bias;
  Owned<cudnnFilterDescriptor_t> w;
  Owned<cudnnConvolutionDescriptor_t> conv;
  int algorithm;
  int64_t workspace;  // bytes
};

// Asks get(most, &found, list) for algorithms, best first, and leaves the first usable one in the plan.
template <class Choice, class Get>
void choose(Plan& plan, Get&& get) {
  constexpr size_t most = size_t{1} << 30;  // of workspace; one that needs more is rarely worth it
  std::array<Choice, 16> list;
  int found = 0;
  dnn().check(get(static_cast<int>(list.size()), &found, list.data()), "choosing an algorithm");
  for (const Choice& c : std::span(list.data(), found)) {
    const bool exact = c.mathType == CUDNN_FMA_MATH || c.mathType == CUDNN_DEFAULT_MATH;
    if (c.status != CUDNN_STATUS_SUCCESS || c.determinism != CUDNN_DETERMINISTIC || !exact || c.memory > most) continue;
    plan.algorithm = c.algo;
    plan.workspace = static_cast<int64_t>(c.memory);
    return;
  }
  fail(Code::unsupported, "conv2d: cuDNN has no deterministic algorithm for this convolution on this device");
}

struct State {
  State() { dnn().check(dnn().cudnnCreate(&handle), "starting cuDNN"); }
  std::mutex mutex;
  cudnnHandle_t handle;
  using Key = std::array<int64_t, 16>;
  std::map<Key, Plan> plans;
};

Plan makePlan(cudnnHandle_t handle, Pass pass, const Tensor& x, const Tensor& w, const Tensor& y, const Conv2d& p) {
  Plan plan{image(x), image(y), image(y, true), filter(w), convolution(x, p), 0, 0};
  const auto &xd = plan.x, &yd = plan.y;
  switch (pass) {
    case Pass::forward:
      choose<cudnnConvolutionFwdAlgoPerf_t>(plan, [&](auto... rest) {
        return dnn().cudnnGetConvolutionForwardAlgorithm_v7(handle, xd.get(), plan.w.get(), plan.conv.get(), yd.get(),
                                                            rest...);
      });
      break;
    case Pass::gradInput:
      choose<cudnnConvolutionBwdDataAlgoPerf_t>(plan, [&](auto... rest) {
        return dnn().cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, plan.w.get(), yd.get(), plan.conv.get(),
                                                                 xd.get(), rest...);
      });
      break;
    case Pass::gradWeight:
      choose<cudnnConvolutionBwdFilterAlgoPerf_t>(plan, [&](auto... rest) {
        return dnn().cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, xd.get(), yd.get(), plan.conv.get(),
                                                                   plan.w.get(), rest...);
      });
  }
  return plan;
}

const Plan& planFor(State& s, Pass pass, const Tensor& x, const Tensor& w, const Tensor& y, const Conv2d& p) {
  constexpr size_t most = 1024;  // shapes change rarely; forget everything rather than grow
  const State::Key key{static_cast<int64_t>(pass),
                       static_cast<int64_t>(x.dtype()),
                       x.size(0),
                       x.size(1),
                       x.size(2),
                       x.size(3),
                       w.size(0),
                       w.size(2),
                       w.size(3),
                       p.stride[0],
                       p.stride[1],
                       p.padding[0],
                       p.padding[1],
                       p.dilation[0],
                       p.dilation[1],
                       p.groups};
  const auto found = s.plans.find(key);
  if (found != s.plans.end()) return found->second;
  if (s.plans.size() >= most) s.plans.clear();
  return s.plans.emplace(key, makePlan(s.handle, pass, x, w, y, p)).first->second;
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

// What a call of cuDNN takes. x and y are those of a part of the batch.
struct Call {
  cudnnHandle_t handle;
  const Plan& plan;
  void *workspace, *x, *y;
  const void *one, *zero;
  bool first;  // part
};

// Calls f(Call) with the handle on the current stream: once, or for parts of the batch where x or y has more elements
// than cuDNN can count.
template <class F>
void convolve(Pass pass, const Tensor& x, const Tensor& w, const Tensor& y, const Conv2d& p, F&& f) {
  constexpr int64_t most = INT32_MAX;
  const int64_t batch = x.size(0), image = std::max(x.numel(), y.numel()) / batch;
  dtrain::check(image <= most, Code::unsupported, "conv2d: an image of more than ", most,
                " elements is not supported, got input ", x.sizes(), " and output ", y.sizes());
  const Device device = x.device();
  State& s = state(device);
  const std::lock_guard lock(s.mutex);
  const int64_t step = most / image;
  for (int64_t i = 0; i < batch; i += step) {
    const Tensor xs = images(x, i, std::min(step, batch - i)), ys = images(y, i, std::min(step, batch - i));
    const Plan& plan = planFor(s, pass, xs, w, ys, p);
    const Tensor workspace =
        empty({plan.workspace}, DType::uint8, device);  // free again, for later work of this stream
    // After the allocation, which may run finalizers that make another device current.
    dnn().check(dnn().cudnnSetStream(s.handle, stream(device)), "choosing the stream");
    dispatchFloat("conv2d", x.dtype(), [&](auto zero) {
      const decltype(zero) one = 1;
      f(Call{s.handle, plan, workspace.bytes(), xs.bytes(), ys.bytes(), &one, &zero, i == 0});
    });
  }
}

}  // namespace

void conv2d(const Tensor& x, const Tensor& w, const Tensor& bias, const Conv2d& p, const Tensor& y) {
  if (y.numel() == 0) return;
  if (w.numel() == 0) {  // no input channels
    if (!bias.defined()) return fill(y, 0);
    return copy(alias(bias, {bias.size(0), 1, 1}, {1, 1, 1}, bias.impl()->offset), y);
  }
  convolve(Pass::forward, x, w, y, p, [&](const Call& c) {
    dnn().check(
        dnn().cudnnConvolutionForward(c.handle, c.one, c.plan.x.get(), c.x, c.plan.w.get(), w.bytes(),
                                      c.plan.conv.get(), static_cast<cudnnConvolutionFwdAlgo_t>(c.plan.algorithm),
                                      c.workspace, static_cast<size_t>(c.plan.workspace), c.zero, c.plan.y.get(), c.y),
        "cudnnConvolutionForward");
    if (bias.defined())
      dnn().check(dnn().cudnnAddTensor(c.handle, c.one, c.plan.bias.get(), bias.bytes(), c.one, c.plan.y.get(), c.y),
                  "cudnnAddTensor");
  });
}

void conv2dGradInput(const Tensor& dy, const Tensor& w, const Conv2d& p, const Tensor& dx) {
  if (dy.numel() == 0 || w.numel() == 0) return fill(dx, 0);
  convolve(Pass::gradInput, dx, w, dy, p, [&](const Call& c) {
    dnn().check(dnn().cudnnConvolutionBackwardData(
                    c.handle, c.one, c.plan.w.get(), w.bytes(), c.plan.y.get(), c.y, c.plan.conv.get(),
                    static_cast<cudnnConvolutionBwdDataAlgo_t>(c.plan.algorithm), c.workspace,
                    static_cast<size_t>(c.plan.workspace), c.zero, c.plan.x.get(), c.x),
                "cudnnConvolutionBackwardData");
  });
}

void conv2dGradWeight(const Tensor& dy, const Tensor& x, const Conv2d& p, const Tensor& dw) {
  if (dy.numel() == 0 || x.numel() == 0) return fill(dw, 0);
  convolve(Pass::gradWeight, x, dw, dy, p, [&](const Call& c) {
    dnn().check(dnn().cudnnConvolutionBackwardFilter(
                    c.handle, c.one, c.plan.x.get(), c.x, c.plan.y.get(), c.y, c.plan.conv.get(),
                    static_cast<cudnnConvolutionBwdFilterAlgo_t>(c.plan.algorithm), c.workspace,
                    static_cast<size_t>(c.plan.workspace), c.first ? c.zero : c.one, c.plan.w.get(), dw.bytes()),
                "cudnnConvolutionBackwardFilter");
  });
}

}  // namespace dtrain::cuda
