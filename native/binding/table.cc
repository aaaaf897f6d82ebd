// Every function JavaScript can call, one line each; src/native/addon.ts is its typed twin. Also the module's entry
// points.
#include <climits>
#include <cstdlib>
#include <cstring>

#include "binding/comm.h"
#include "binding/cuda.h"
#include "binding/functions.h"
#include "ops/copy.h"
#include "ops/elementwise.h"
#include "ops/index.h"
#include "ops/matmul.h"
#include "ops/pool.h"
#include "ops/reduce.h"
#include "ops/softmax.h"
#include "ops/view.h"

namespace dtrain::binding {

namespace {

struct Function {
  const char* name;
  napi_callback call;
};

// clang-format off
#define DT_FN(name) {#name, bind<name>}
// clang-format on

constexpr Function functions[] = {
    // life cycle
    {"setErrorFactory", setErrorFactory},
    {"setCollector", setCollector},
    {"dispose", dispose},
    DT_FN(isFirst),
    DT_FN(memoryStats),
    DT_FN(resetPeakMemoryStats),
    DT_FN(setMemoryBudget),
    DT_FN(emptyCache),
    DT_FN(numThreads),
    DT_FN(setNumThreads),
    DT_FN(libraries),

    // CUDA devices, streams and events
    DT_FN(cudaDeviceCount),
    DT_FN(cudaUnavailable),
    DT_FN(cudaLibraries),
    DT_FN(cudaInfo),
    DT_FN(cudaCurrentDevice),
    DT_FN(cudaSetDevice),
    DT_FN(cudaSynchronize),
    DT_FN(cudaChoice),
    DT_FN(cudaSetChoice),
    DT_FN(cudaStream),
    DT_FN(cudaDefaultStream),
    DT_FN(cudaSetStream),
    DT_FN(streamDevice),
    DT_FN(streamDone),
    DT_FN(streamSynchronize),
    DT_FN(streamWaitEvent),
    DT_FN(cudaEvent),
    DT_FN(eventRecord),
    DT_FN(eventDone),
    DT_FN(eventSynchronize),
    DT_FN(eventElapsed),
    DT_FN(recordStream),

    // tensor properties and data
    DT_FN(fromData),
    DT_FN(toData),
    DT_FN(sizes),
    DT_FN(strides),
    DT_FN(storageOffset),
    DT_FN(dtype),
    DT_FN(device),
    DT_FN(item),
    DT_FN(isContiguous),
    DT_FN(sharesStorage),
    DT_FN(version),

    // autograd
    DT_FN(gradEnabled),
    DT_FN(setGradEnabled),
    DT_FN(requiresGrad),
    DT_FN(setRequiresGrad),
    DT_FN(isLeaf),
    DT_FN(retainGrad),
    DT_FN(grad),
    DT_FN(setGrad),
    DT_FN(gradFn),
    DT_FN(nodeName),
    DT_FN(nodeNext),
    DT_FN(detach),
    DT_FN(backward),
    DT_FN(gradients),

    // creation
    DT_FN(empty),
    DT_FN(full),
    DT_FN(arange),

    // random numbers; a null generator is the default one
    DT_FN(generator),
    DT_FN(manualSeed),
    DT_FN(initialSeed),
    DT_FN(generatorState),
    DT_FN(setGeneratorState),
    DT_FN(rand),
    DT_FN(randn),
    DT_FN(randint),
    DT_FN(randperm),
    DT_FN(uniform_),
    DT_FN(normal_),
    DT_FN(random64),

    // copy and cast
    DT_FN(clone),
    DT_FN(contiguous),
    DT_FN(cast),
    DT_FN(to),
    DT_FN(pinMemory),
    DT_FN(isPinned),

    // views
    DT_FN(view),
    DT_FN(reshape),
    DT_FN(flatten),
    DT_FN(permute),
    DT_FN(transpose),
    DT_FN(t),
    DT_FN(expand),
    DT_FN(slice),
    DT_FN(select),
    DT_FN(squeeze),
    DT_FN(unsqueeze),
    DT_FN(cat),
    DT_FN(indexSelect),

    // elementwise
    DT_FN(add),
    DT_FN(sub),
    DT_FN(mul),
    DT_FN(div),
    DT_FN(eq),
    DT_FN(ne),
    DT_FN(lt),
    DT_FN(le),
    DT_FN(gt),
    DT_FN(ge),
    DT_FN(neg),
    DT_FN(exp),
    DT_FN(log),
    DT_FN(relu),

    // in place; the tensor must not need a gradient while gradients are recorded
    DT_FN(add_),
    DT_FN(sub_),
    DT_FN(mul_),
    DT_FN(div_),
    DT_FN(fill_),
    DT_FN(zero_),
    DT_FN(copy_),

    // reductions; null dims means all
    DT_FN(sum),
    DT_FN(mean),
    DT_FN(max),
    DT_FN(maxDim),
    DT_FN(argmax),

    // linear algebra
    DT_FN(matmul),
    DT_FN(addmm),
    DT_FN(linear),

    // convolution and pooling, NCHW
    DT_FN(conv2d),
    DT_FN(maxPool2d),

    // softmax and losses; reduction: 0 none, 1 mean, 2 sum
    DT_FN(logSoftmax),
    DT_FN(nllLoss),
    DT_FN(crossEntropy),

    // optimizers: one call per step; `fresh` says the momentum buffers hold nothing yet
    DT_FN(sgd),

    // communication between the ranks of the job
    DT_FN(commInit),
    DT_FN(commAllReduce),
    DT_FN(commBroadcast),
    DT_FN(commAllGather),
    DT_FN(commReduceScatter),
    DT_FN(commBarrier),
    DT_FN(commAllReduceAsync),
    DT_FN(commBroadcastAsync),
    DT_FN(commAllGatherAsync),
    DT_FN(commReduceScatterAsync),
    DT_FN(commBarrierAsync),
    DT_FN(commAbort),
    DT_FN(finish),
    DT_FN(commLeave),
    DT_FN(exitAtOnce),
    DT_FN(ncclUniqueId),
    DT_FN(reducer),
    DT_FN(reducerSink),
    DT_FN(reducerScatter),
    DT_FN(reducerGather),
    DT_FN(reducerIdle),
    DT_FN(reducerGatherNothing),
    DT_FN(reducerGatherFailure),
    DT_FN(enterReplica),
    DT_FN(leaveReplica),
    DT_FN(reducerSync),
    DT_FN(reducerBuckets),
    DT_FN(reducerUnhook),
    DT_FN(isReduced),

    // step trace
    DT_FN(traceStart),
    DT_FN(traceEvents),
};

napi_value listFunctions(napi_env env, napi_callback_info) {
  std::vector<std::string> names{"functions"};
  for (const Function& f : functions) names.push_back(f.name);
  return toJs(env, names);
}

napi_value initialize(napi_env env, napi_value exports) {
  followLauncher();
  attachInstance(env);
  std::vector<napi_property_descriptor> properties{
      {"functions", nullptr, listFunctions, nullptr, nullptr, nullptr, napi_enumerable, nullptr}};
  for (const Function& f : functions)
    properties.push_back(
        {f.name, nullptr, f.call, nullptr, nullptr, nullptr, napi_enumerable, const_cast<char*>(f.name)});
  napi_define_properties(env, exports, properties.size(), properties.data());
  return exports;
}

}  // namespace
}  // namespace dtrain::binding

// See Note [Finalizers inside the collector].
extern "C" NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1() {
  const char* stable = std::getenv("DTRAIN_STABLE_FINALIZERS");
  return stable && std::strcmp(stable, "1") == 0 ? 9 : INT_MAX;
}

extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  return dtrain::binding::initialize(env, exports);
}
