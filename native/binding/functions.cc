// Properties and data of tensors, the graph, generators, memory.
#include "binding/functions.h"

#include <oneapi/dnnl/dnnl.h>
#include <omp.h>

#include <cstring>

#include "autograd/engine.h"
#include "kernels/loops.h"
#include "ops/copy.h"

extern "C" char* openblas_get_config();

namespace dtrain::binding {

namespace {

napi_env environment() { return instance().env; }

void set(napi_value object, const char* key, napi_value value) { napi_set_named_property(environment(), object, key, value); }

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

napi_value setErrorFactory(napi_env env, napi_callback_info info) { return keepFunction(env, info, &Instance::makeError); }
napi_value setCollector(napi_env env, napi_callback_info info) { return keepFunction(env, info, &Instance::collect); }

napi_value dispose(napi_env env, napi_callback_info info) {
  napi_value arg;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &arg, nullptr, nullptr);
  if (n == 1) disposeObject(env, arg);
  return nullptr;
}

napi_value memoryStats() {
  const MemoryStats s = cpuAllocator().stats();
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
  const dnnl_version_t* onednn = dnnl_version();
  napi_value out = makeObject();
  set(out, "openblas", toJs(env, std::string(openblas_get_config())));
  set(out, "onednn", toJs(env, str(onednn->major, ".", onednn->minor, ".", onednn->patch)));
  set(out, "loops", toJs(env, std::string(loops().name)));
  return out;
}

Tensor fromData(Bytes data, const Dims& sizes, DType dtype) {
  Tensor x = empty(sizes, dtype);
  const size_t wanted = static_cast<size_t>(x.numel() * itemSize(dtype));
  check(data.size == wanted, Code::shape, "tensor: shape ", sizes, " of ", dtype, " needs ", wanted, " bytes, got ", data.size);
  if (wanted) std::memcpy(x.bytes(), data.data, wanted);
  return x;
}

void toData(const Tensor& x, Bytes into) {
  const NoGrad guard;
  const Tensor dense = contiguous(x);
  const size_t bytes = static_cast<size_t>(x.numel() * itemSize(x.dtype()));
  check(into.size == bytes, Code::internal, "toTypedArray: ", bytes, " bytes into an array of ", into.size);
  if (bytes) std::memcpy(into.data, dense.bytes(), bytes);
}

napi_value item(const Tensor& x) {
  check(x.numel() == 1, Code::shape, "item: expected one element, got shape ", x.sizes());
  const napi_env env = environment();
  return dispatch("item", x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T v = *x.data<T>();
    if constexpr (std::is_same_v<T, int64_t>) {
      constexpr int64_t exact = int64_t{1} << 53;
      napi_value big;
      if (v > exact || v < -exact) return napi_create_bigint_int64(env, v, &big), big;
    }
    return toJs(env, static_cast<double>(v));
  });
}

std::string device(const Tensor& x) { return str(x.device()); }

bool sharesStorage(const Tensor& x, const Tensor& y) { return x.impl()->storage.get() == y.impl()->storage.get(); }

void setRequiresGrad(const Tensor& x, bool on) {
  check(isLeaf(x), Code::autograd, "requiresGrad: only leaf tensors can be changed; use detach() for a tensor without history");
  check(!on || isFloat(x.dtype()), Code::dtype, "requiresGrad: only floating dtypes can require gradients, got ", x.dtype());
  if (on || x.impl()->autograd) autogradMeta(x).requiresGrad = on;
}

void retainGrad(const Tensor& x) {
  check(requiresGrad(x), Code::autograd, "retainGrad: the tensor does not require a gradient");
  AutogradMeta& meta = autogradMeta(x);
  if (!meta.gradFn) return;
  for (const auto& [output, slot] : meta.gradFn->retained)
    if (slot.get() == meta.slot.get()) return;
  meta.gradFn->retained.emplace_back(meta.outputIndex, meta.slot);
}

Tensor grad(const Tensor& x) { return x.impl()->autograd ? x.impl()->autograd->slot->grad : Tensor(); }

void setGrad(const Tensor& x, const MaybeTensor& grad) {
  const Tensor& g = grad.tensor;
  check(!g.defined() || (g.sizes() == x.sizes() && g.dtype() == x.dtype()), Code::shape, "grad: expected ", x.dtype(), " ", x.sizes(),
        g.defined() ? str(", got ", g.dtype(), " ", g.sizes()) : "");
  if (g.defined() || x.impl()->autograd) autogradMeta(x).slot->grad = g;
}

Ref<Node> gradFn(const Tensor& x) { return x.impl()->autograd ? x.impl()->autograd->gradFn : Ref<Node>(); }

std::vector<std::pair<Ref<Node>, int>> nodeNext(const Ref<Node>& node) {
  std::vector<std::pair<Ref<Node>, int>> next;
  for (const Edge& e : node->next) next.emplace_back(e.node, e.index);
  return next;
}

bool exchangeGradEnabled(bool on) {
  const bool before = gradEnabled();
  setGradEnabled(on);
  return before;
}

void runBackward(const Tensor& x, const MaybeTensor& gradient, bool retainGraph, bool createGraph) {
  backward(x, gradient, {retainGraph || createGraph, createGraph});
  instance().collectIfDue(1);  // most garbage of a step exists now
}

std::vector<Tensor> runGradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                                 const std::vector<MaybeTensor>& gradOutputs, bool retainGraph, bool createGraph, bool allowUnused) {
  std::vector<Tensor> given;
  for (const MaybeTensor& g : gradOutputs) given.push_back(g);
  return gradients(outputs, inputs, given, {retainGraph || createGraph, createGraph}, allowUnused);
}

napi_value generator(double seed) {
  return wrapObject(environment(), Kind::generator, Ref<RefCounted>(new Generator(static_cast<uint64_t>(static_cast<int64_t>(seed)))));
}

napi_value generatorState(const GeneratorArg& g) {
  const std::vector<uint8_t> state = g.generator.state();
  void* data;
  napi_value buffer, out;
  napi_create_arraybuffer(environment(), state.size(), &data, &buffer);
  std::memcpy(data, state.data(), state.size());
  napi_create_typedarray(environment(), napi_uint8_array, state.size(), buffer, 0, &out);
  return out;
}

void setGeneratorState(const GeneratorArg& g, Bytes state) { g.generator.setState(state.data, state.size); }

}  // namespace dtrain::binding
