// See functions.h. Functions of the core are called by their full names here, because ours hide them.
#include "binding/functions.h"

#include <omp.h>

#include <atomic>
#include <cstring>

#include "autograd/engine.h"
#include "core/pinned.h"
#include "kernels/libraries.h"
#include "ops/conv.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/loss.h"
#include "ops/matmul.h"
#include "ops/optim.h"
#include "ops/random.h"
#include "ops/record.h"

namespace dtrain::binding {

namespace {

napi_env environment() { return instance().env; }

void set(napi_value object, const char* key, napi_value value) {
  napi_set_named_property(environment(), object, key, value);
}

napi_value makeObject() {
  napi_value out;
  napi_create_object(environment(), &out);
  return out;
}

// Stores the function given as first argument (null: none) and returns undefined.
napi_value keepFunction(napi_env env, napi_callback_info info, napi_ref Instance::*slot) {
  napi_value arg;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &arg, nullptr, nullptr);
  Instance& self = instance();
  if (self.*slot) napi_delete_reference(env, self.*slot);
  self.*slot = nullptr;
  if (n == 1 && !isNullish(env, arg)) napi_create_reference(env, arg, 1, &(self.*slot));
  return nullptr;
}

}  // namespace

napi_value setErrorFactory(napi_env env, napi_callback_info info) {
  return keepFunction(env, info, &Instance::makeError);
}
napi_value setCollector(napi_env env, napi_callback_info info) { return keepFunction(env, info, &Instance::collect); }

napi_value dispose(napi_env env, napi_callback_info info) {
  napi_value arg;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &arg, nullptr, nullptr);
  if (n == 1) disposeObject(env, arg);
  return nullptr;
}

napi_value memoryStats(Device device) {
  const MemoryStats s = allocator(device).stats();
  const napi_env env = environment();
  napi_value out = makeObject();
  set(out, "live", toJs(env, s.live));
  set(out, "peak", toJs(env, s.peak));
  set(out, "cached", toJs(env, s.cached));
  set(out, "budget", toJs(env, s.budget));
  set(out, "wrappers", toJs(env, wrapperCount()));
  set(out, "minorCollections", toJs(env, instance().minorCollections));
  set(out, "majorCollections", toJs(env, instance().majorCollections));
  set(out, "systemAllocations", toJs(env, s.systemAllocations));
  return out;
}

napi_value libraries() {
  const napi_env env = environment();
  napi_value out = makeObject();
  set(out, "openblas", toJs(env, openblasConfig()));
  set(out, "onednn", toJs(env, onednnVersion()));
  set(out, "loops", toJs(env, loopsName()));
  return out;
}

Tensor fromData(Bytes data, const Dims& sizes, DType dtype, Device device) {
  Tensor x = dtrain::empty(sizes, dtype, device);
  const size_t wanted = static_cast<size_t>(x.numel() * itemSize(dtype));
  check(data.size == wanted, Code::shape, "tensor: shape ", sizes, " of ", dtype, " needs ", wanted, " bytes, got ",
        data.size);
  if (!device.isCpu()) copyToDevice(x.bytes(), device, data.data, wanted);
  else if (wanted) std::memcpy(x.bytes(), data.data, wanted);
  return x;
}

void toData(const Tensor& x, Bytes into) {
  const NoGrad guard;
  const Tensor dense = contiguous(x);
  const size_t bytes = static_cast<size_t>(x.numel() * itemSize(x.dtype()));
  check(into.size == bytes, Code::internal, "toTypedArray: ", bytes, " bytes into an array of ", into.size);
  if (!x.device().isCpu()) runtime(x.device()).copy(into.data, Device{}, dense.bytes(), x.device(), bytes, false);
  else if (bytes) std::memcpy(into.data, dense.bytes(), bytes);
}

napi_value item(const Tensor& x) {
  check(x.numel() == 1, Code::shape, "item: expected one element, got shape ", x.sizes());
  const napi_env env = environment();
  return dispatch("item", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T v;
    if (!x.device().isCpu()) runtime(x.device()).copy(&v, Device{}, x.bytes(), x.device(), sizeof v, false);
    else v = *x.data<T>();
    if constexpr (std::is_same_v<T, int64_t>) {
      constexpr int64_t exact = int64_t{1} << 53;
      napi_value big;
      if (v > exact || v < -exact) return napi_create_bigint_int64(env, v, &big), big;
    }
    return toJs(env, static_cast<double>(v));
  });
}

void resetPeakMemoryStats(Device device) { allocator(device).resetPeak(); }
void setMemoryBudget(double bytes, Device device) {
  check(bytes >= 0, Code::argument, "setMemoryBudget: expected a number of bytes, got ", bytes);
  allocator(device).setBudget(static_cast<int64_t>(std::min(bytes, 0x1p62)));
}
void emptyCache(Device device) {
  allocator(device).emptyCache();
  if (!device.isCpu()) pinnedAllocator().emptyCache();
}
bool isFirst() {
  static std::atomic_flag asked;
  return !asked.test_and_set();
}
int numThreads() { return omp_get_max_threads(); }
void setNumThreads(int n) {
  check(n > 0, Code::argument, "setNumThreads: expected a positive integer, got ", n);
  omp_set_num_threads(n);
}

Dims sizes(const Tensor& x) { return x.sizes(); }
Dims strides(const Tensor& x) { return x.strides(); }
int64_t storageOffset(const Tensor& x) { return x.impl()->offset; }
DType dtype(const Tensor& x) { return x.dtype(); }
std::string device(const Tensor& x) { return str(x.device()); }
bool isContiguous(const Tensor& x) { return x.isContiguous(); }
int64_t version(const Tensor& x) { return static_cast<int64_t>(x.version()); }

bool sharesStorage(const Tensor& x, const Tensor& y) { return x.impl()->storage.get() == y.impl()->storage.get(); }

void setRequiresGrad(const Tensor& x, bool on) {
  check(dtrain::isLeaf(x), Code::autograd,
        "requiresGrad: only leaf tensors can be changed; use detach() for a tensor without history");
  check(!on || isFloat(x.dtype()), Code::dtype, "requiresGrad: only floating dtypes can require gradients, got ",
        x.dtype());
  if (on || x.impl()->autograd) autogradMeta(x).requiresGrad = on;
}

void retainGrad(const Tensor& x) {
  check(dtrain::requiresGrad(x), Code::autograd, "retainGrad: the tensor does not require a gradient");
  AutogradMeta& meta = autogradMeta(x);
  if (!meta.gradFn) return;
  for (const auto& [output, slot] : meta.gradFn->retained)
    if (slot.get() == meta.slot.get()) return;
  meta.gradFn->retained.emplace_back(meta.outputIndex, meta.slot);
}

Tensor grad(const Tensor& x) { return x.impl()->autograd ? x.impl()->autograd->slot->grad : Tensor(); }

void setGrad(const Tensor& x, const MaybeTensor& grad) {
  const Tensor& g = grad.tensor;
  check(!g.defined() || (g.sizes() == x.sizes() && g.dtype() == x.dtype()), Code::shape, "grad: expected ", x.dtype(),
        " ", x.sizes(), g.defined() ? str(", got ", g.dtype(), " ", g.sizes()) : "");
  requireSameDevice("grad", x, g);
  if (g.defined() || x.impl()->autograd) autogradMeta(x).slot->grad = g;
}

Ref<Node> gradFn(const Tensor& x) { return x.impl()->autograd ? x.impl()->autograd->gradFn : Ref<Node>(); }

std::string nodeName(const Ref<Node>& node) { return node->name; }

std::vector<std::pair<Ref<Node>, int>> nodeNext(const Ref<Node>& node) {
  std::vector<std::pair<Ref<Node>, int>> next;
  for (const Edge& e : node->next) next.emplace_back(e.node, e.index);
  return next;
}

bool gradEnabled() { return dtrain::gradEnabled(); }

bool setGradEnabled(bool on) {
  const bool before = dtrain::gradEnabled();
  dtrain::setGradEnabled(on);
  return before;
}

bool requiresGrad(const Tensor& x) { return dtrain::requiresGrad(x); }
bool isLeaf(const Tensor& x) { return dtrain::isLeaf(x); }

void backward(const Tensor& x, const MaybeTensor& gradient, bool retainGraph, bool createGraph) {
  dtrain::backward(x, gradient, {retainGraph || createGraph, createGraph});
  instance().collectIfDue(1);  // most garbage of a step exists now
}

std::vector<Tensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                              const std::vector<MaybeTensor>& gradOutputs, bool retainGraph, bool createGraph,
                              bool allowUnused) {
  std::vector<Tensor> given;
  for (const MaybeTensor& g : gradOutputs) given.push_back(g);
  return dtrain::gradients(outputs, inputs, given, {retainGraph || createGraph, createGraph}, allowUnused);
}

namespace {
// Seeds are signed 64-bit integers in JavaScript's number.
uint64_t seedOf(double seed) { return static_cast<uint64_t>(static_cast<int64_t>(seed)); }
}  // namespace

Ref<Generator> generator(double seed, Device device) { return make<Generator>(seedOf(seed), device); }
void manualSeed(const GeneratorArg& g, double seed) {
  g.given ? g.given->manualSeed(seedOf(seed)) : seedAll(seedOf(seed));
}
double initialSeed(const GeneratorArg& g) { return static_cast<double>(g.orDefault().initialSeed()); }

napi_value generatorState(const GeneratorArg& g) {
  const std::vector<uint8_t> state = g.orDefault().state();
  void* data;
  napi_value buffer, out;
  napi_create_arraybuffer(environment(), state.size(), &data, &buffer);
  std::memcpy(data, state.data(), state.size());
  napi_create_typedarray(environment(), napi_uint8_array, state.size(), buffer, 0, &out);
  return out;
}

void setGeneratorState(const GeneratorArg& g, Bytes state) { g.orDefault().setState(state.data, state.size); }

Tensor rand(const Dims& sizes, DType dtype, Device device, const GeneratorArg& g) {
  return dtrain::rand(sizes, dtype, device, g);
}
Tensor randn(const Dims& sizes, DType dtype, Device device, const GeneratorArg& g) {
  return dtrain::randn(sizes, dtype, device, g);
}
Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Device device, const GeneratorArg& g) {
  return dtrain::randint(low, high, sizes, dtype, device, g);
}
Tensor randperm(int64_t n, Device device, const GeneratorArg& g) { return dtrain::randperm(n, device, g); }
void uniform_(const Tensor& x, double from, double to, const GeneratorArg& g) { dtrain::uniform_(x, from, to, g); }
void normal_(const Tensor& x, double mean, double std, const GeneratorArg& g) { dtrain::normal_(x, mean, std, g); }
Tensor random64(const GeneratorArg& g) { return dtrain::random64(g); }

Tensor empty(const Dims& sizes, DType dtype, Device device) { return dtrain::empty(sizes, dtype, device); }
Tensor full(const Dims& sizes, double value, DType dtype, Device device) {
  return dtrain::full(sizes, value, dtype, device);
}
Tensor arange(double start, double end, double step, DType dtype, Device device) {
  return dtrain::arange(start, end, step, dtype, device);
}

Tensor linear(const Tensor& x, const Tensor& weight, const MaybeTensor& bias) {
  return dtrain::linear(x, weight, bias.tensor);
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const MaybeTensor& bias, const Dims& stride, const Dims& padding,
              const Dims& dilation, int64_t groups) {
  return dtrain::conv2d(x, weight, bias.tensor, stride, padding, dilation, groups);
}

Tensor nllLoss(const Tensor& x, const Tensor& target, const MaybeTensor& weight, int reduction, int64_t ignoreIndex) {
  return dtrain::nllLoss(x, target, weight.tensor, static_cast<Reduction>(reduction), ignoreIndex);
}

Tensor crossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, int reduction,
                    int64_t ignoreIndex) {
  return dtrain::crossEntropy(x, target, weight.tensor, static_cast<Reduction>(reduction), ignoreIndex);
}

void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& buffers, bool fresh, double lr, double momentum,
         double dampening, double weightDecay, bool nesterov, bool maximize) {
  dtrain::sgd(params, buffers, {lr, momentum, dampening, weightDecay, nesterov, maximize, fresh});
  instance().collectIfDue(1);  // the step is over
}

}  // namespace dtrain::binding
