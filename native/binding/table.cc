// Every function JavaScript can call, one line each; src/native/addon.ts is its typed twin. Also the module's entry points.
#include <omp.h>

#include <climits>
#include <cstdlib>

#include "autograd/engine.h"
#include "binding/comm.h"
#include "binding/functions.h"
#include "ops/conv.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/elementwise.h"
#include "ops/index.h"
#include "ops/loss.h"
#include "ops/matmul.h"
#include "ops/optim.h"
#include "ops/pool.h"
#include "ops/random.h"
#include "ops/record.h"
#include "ops/reduce.h"
#include "ops/softmax.h"
#include "ops/view.h"

namespace dtrain::binding {

namespace {

struct Function {
  const char* name;
  napi_callback call;
};

// F with the C++ signature; the lambdas adapt enums, defaults and optional tensors.
#define DT_FN(name, ...) Function{#name, bind<__VA_ARGS__>}

// A tensor that a collective is going to overwrite.
const Tensor& changed(const char* op, const Tensor& x) {
  check(x.isContiguous(), Code::argument, op, ": expected a contiguous tensor, got strides ", x.strides(), " for shape ", x.sizes(),
        "; use contiguous()");
  const NoGrad guard;  // communication is never recorded
  prepareInPlace(op, x);
  return x;
}

const Function functions[] = {
    {"setErrorFactory", setErrorFactory},
    {"setCollector", setCollector},
    {"dispose", dispose},
    DT_FN(memoryStats, +[] { return memoryStats(); }),
    DT_FN(resetPeakMemoryStats, +[] { cpuAllocator().resetPeak(); }),
    DT_FN(setMemoryBudget, +[](double bytes) { cpuAllocator().setBudget(static_cast<int64_t>(bytes)); }),
    DT_FN(emptyCache, +[] { cpuAllocator().emptyCache(); }),
    DT_FN(numThreads, +[] { return omp_get_max_threads(); }),
    DT_FN(setNumThreads, +[](int n) { check(n > 0, Code::argument, "setNumThreads: expected a positive integer, got ", n); omp_set_num_threads(n); }),
    DT_FN(libraries, +[] { return libraries(); }),

    DT_FN(fromData, fromData),
    DT_FN(toData, toData),
    DT_FN(sizes, +[](const Tensor& x) { return x.sizes(); }),
    DT_FN(strides, +[](const Tensor& x) { return x.strides(); }),
    DT_FN(storageOffset, +[](const Tensor& x) { return x.impl()->offset; }),
    DT_FN(dtype, +[](const Tensor& x) { return x.dtype(); }),
    DT_FN(device, device),
    DT_FN(item, item),
    DT_FN(isContiguous, +[](const Tensor& x) { return x.isContiguous(); }),
    DT_FN(sharesStorage, sharesStorage),
    DT_FN(version, +[](const Tensor& x) { return static_cast<int64_t>(x.version()); }),

    DT_FN(gradEnabled, +[] { return gradEnabled(); }),
    DT_FN(setGradEnabled, exchangeGradEnabled),
    DT_FN(requiresGrad, requiresGrad),
    DT_FN(setRequiresGrad, setRequiresGrad),
    DT_FN(isLeaf, +[](const Tensor& x) { return isLeaf(x); }),
    DT_FN(retainGrad, retainGrad),
    DT_FN(grad, grad),
    DT_FN(setGrad, setGrad),
    DT_FN(gradFn, gradFn),
    DT_FN(nodeName, +[](const Ref<Node>& node) { return std::string(node->name); }),
    DT_FN(nodeNext, nodeNext),
    DT_FN(detach, detach),
    DT_FN(backward, runBackward),
    DT_FN(gradients, runGradients),

    DT_FN(empty, +[](const Dims& sizes, DType dtype) { return empty(sizes, dtype); }),
    DT_FN(full, full),
    DT_FN(arange, arange),

    DT_FN(generator, generator),
    DT_FN(manualSeed, +[](const GeneratorArg& g, double seed) { g.generator.manualSeed(static_cast<uint64_t>(static_cast<int64_t>(seed))); }),
    DT_FN(initialSeed, +[](const GeneratorArg& g) { return static_cast<double>(g.generator.initialSeed()); }),
    DT_FN(generatorState, generatorState),
    DT_FN(setGeneratorState, setGeneratorState),
    DT_FN(rand, +[](const Dims& sizes, DType dtype, const GeneratorArg& g) { return rand(sizes, dtype, g); }),
    DT_FN(randn, +[](const Dims& sizes, DType dtype, const GeneratorArg& g) { return randn(sizes, dtype, g); }),
    DT_FN(randint, +[](int64_t low, int64_t high, const Dims& sizes, DType dtype, const GeneratorArg& g) { return randint(low, high, sizes, dtype, g); }),
    DT_FN(randperm, +[](int64_t n, const GeneratorArg& g) { return randperm(n, g); }),
    DT_FN(uniform_, +[](const Tensor& x, double from, double to, const GeneratorArg& g) { uniform_(x, from, to, g); }),
    DT_FN(normal_, +[](const Tensor& x, double mean, double std, const GeneratorArg& g) { normal_(x, mean, std, g); }),
    DT_FN(random64, +[](const GeneratorArg& g) { return random64(g); }),

    DT_FN(clone, clone),
    DT_FN(contiguous, contiguous),
    DT_FN(cast, cast),

    DT_FN(view, view),
    DT_FN(reshape, reshape),
    DT_FN(flatten, flatten),
    DT_FN(permute, permute),
    DT_FN(transpose, transpose),
    DT_FN(t, t),
    DT_FN(expand, expand),
    DT_FN(slice, slice),
    DT_FN(select, select),
    DT_FN(squeeze, squeeze),
    DT_FN(unsqueeze, unsqueeze),
    DT_FN(cat, cat),
    DT_FN(indexSelect, indexSelect),

    DT_FN(add, add),
    DT_FN(sub, sub),
    DT_FN(mul, mul),
    DT_FN(div, div),
    DT_FN(eq, eq),
    DT_FN(ne, ne),
    DT_FN(lt, lt),
    DT_FN(le, le),
    DT_FN(gt, gt),
    DT_FN(ge, ge),
    DT_FN(neg, neg),
    DT_FN(exp, exp),
    DT_FN(log, log),
    DT_FN(relu, relu),

    DT_FN(add_, add_),
    DT_FN(sub_, sub_),
    DT_FN(mul_, mul_),
    DT_FN(div_, div_),
    DT_FN(fill_, fill_),
    DT_FN(zero_, zero_),
    DT_FN(copy_, copy_),

    DT_FN(sum, sum),
    DT_FN(mean, mean),
    DT_FN(max, max),
    DT_FN(maxDim, maxDim),
    DT_FN(argmax, argmax),

    DT_FN(matmul, matmul),
    DT_FN(addmm, addmm),
    DT_FN(linear, +[](const Tensor& x, const Tensor& w, const MaybeTensor& b) { return linear(x, w, b); }),

    DT_FN(conv2d, +[](const Tensor& x, const Tensor& w, const MaybeTensor& b, const Dims& stride, const Dims& padding, const Dims& dilation,
                      int64_t groups) { return conv2d(x, w, b, stride, padding, dilation, groups); }),
    DT_FN(maxPool2d, maxPool2d),

    DT_FN(logSoftmax, logSoftmax),
    DT_FN(nllLoss, +[](const Tensor& x, const Tensor& target, const MaybeTensor& weight, int reduction, int64_t ignoreIndex) {
      return nllLoss(x, target, weight, static_cast<Reduction>(reduction), ignoreIndex);
    }),
    DT_FN(crossEntropy, +[](const Tensor& x, const Tensor& target, const MaybeTensor& weight, int reduction, int64_t ignoreIndex) {
      return crossEntropy(x, target, weight, static_cast<Reduction>(reduction), ignoreIndex);
    }),

    DT_FN(sgd, +[](const std::vector<Tensor>& params, const std::vector<Tensor>& buffers, bool fresh, double lr, double momentum, double dampening,
                   double weightDecay, bool nesterov, bool maximize) {
      sgd(params, buffers, {lr, momentum, dampening, weightDecay, nesterov, maximize, fresh});
      instance().collectIfDue(1);
    }),

    DT_FN(commInit, commInit),
    DT_FN(commAllReduce, +[](const Tensor& x, int op) { communicator().allReduce(changed("allReduce", x), static_cast<ReduceOp>(op))->wait(); }),
    DT_FN(commBroadcast, +[](const Tensor& x, int root) { communicator().broadcast(changed("broadcast", x), root)->wait(); }),
    DT_FN(commAllGather, commAllGather),
    DT_FN(commBarrier, +[] { communicator().barrier()->wait(); }),
    DT_FN(commAllReduceAsync, +[](const Tensor& x, int op) { return promiseOf(communicator().allReduce(changed("allReduce", x), static_cast<ReduceOp>(op)), {}); }),
    DT_FN(commBroadcastAsync, +[](const Tensor& x, int root) { return promiseOf(communicator().broadcast(changed("broadcast", x), root), {}); }),
    DT_FN(commAllGatherAsync, commAllGatherAsync),
    DT_FN(commBarrierAsync, +[] { return promiseOf(communicator().barrier(), {}); }),
    DT_FN(commAbort, +[](const std::string& reason) { communicator().abort(reason); }),
    DT_FN(reducer, makeReducer),
    DT_FN(reducerSink, +[](const Ref<Reducer>& r, const Tensor& x, double weight) { return r->sink(x, weight); }),
    DT_FN(reducerGather, +[](const Ref<Reducer>& r, const MaybeTensor& x) { return r->gather(x); }),
    DT_FN(reducerSync, +[](const Ref<Reducer>& r, bool on) { r->setSync(on); }),
    DT_FN(reducerBuckets, +[](const Ref<Reducer>& r) { return r->bucketParams(); }),
};

napi_value listFunctions(napi_env env, napi_callback_info) {
  std::vector<std::string> names{"functions"};
  for (const Function& f : functions) names.push_back(f.name);
  return toJs(env, names);
}

napi_value initialize(napi_env env, napi_value exports) {
  attachInstance(env);
  std::vector<napi_property_descriptor> properties{{"functions", nullptr, listFunctions, nullptr, nullptr, nullptr, napi_enumerable, nullptr}};
  for (const Function& f : functions)
    properties.push_back({f.name, nullptr, f.call, nullptr, nullptr, nullptr, napi_enumerable, const_cast<char*>(f.name)});
  napi_define_properties(env, exports, properties.size(), properties.data());
  return exports;
}

}  // namespace
}  // namespace dtrain::binding

// See Note [Finalizers inside the collector].
extern "C" NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1() {
  return std::getenv("DTRAIN_STABLE_FINALIZERS") ? 9 : INT_MAX;
}

extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  return dtrain::binding::initialize(env, exports);
}
