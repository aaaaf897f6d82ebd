// Functions of the table that are not plain ops: properties and data of tensors, the graph, generators, memory, and ops
// whose arguments need adapting. A name declared here hides the core's function of that name in the table.
#pragma once

#include "binding/value.h"

namespace dtrain::binding {

// Memory, threads, versions.
napi_value memoryStats(Device device);
void resetPeakMemoryStats(Device device);
void setMemoryBudget(double bytes, Device device);
void emptyCache(Device device);
int numThreads();
void setNumThreads(int n);
// Whether no other thread of this process has asked before, for what is done once although every thread loads the
// addon.
bool isFirst();
napi_value libraries();

// Properties and data.
Tensor fromData(Bytes data, const Dims& sizes, DType dtype, Device device);
void toData(const Tensor& x, Bytes into);
Dims sizes(const Tensor& x);
Dims strides(const Tensor& x);
int64_t storageOffset(const Tensor& x);
DType dtype(const Tensor& x);
std::string device(const Tensor& x);
napi_value item(const Tensor& x);
bool isContiguous(const Tensor& x);
bool sharesStorage(const Tensor& x, const Tensor& y);
int64_t version(const Tensor& x);

// The graph.
bool gradEnabled();
bool setGradEnabled(bool on);  // returns what it was
bool requiresGrad(const Tensor& x);
void setRequiresGrad(const Tensor& x, bool on);
bool isLeaf(const Tensor& x);
void retainGrad(const Tensor& x);
Tensor grad(const Tensor& x);
void setGrad(const Tensor& x, const MaybeTensor& grad);
Ref<Node> gradFn(const Tensor& x);
std::string nodeName(const Ref<Node>& node);
std::vector<std::pair<Ref<Node>, int>> nodeNext(const Ref<Node>& node);
void backward(const Tensor& x, const MaybeTensor& gradient, bool retainGraph, bool createGraph);
std::vector<Tensor> gradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                              const std::vector<MaybeTensor>& gradOutputs, bool retainGraph, bool createGraph,
                              bool allowUnused);

// Generators and random tensors; null is the default generator.
Ref<Generator> generator(double seed, Device device);
void manualSeed(const GeneratorArg& g, double seed);
double initialSeed(const GeneratorArg& g);
napi_value generatorState(const GeneratorArg& g);
void setGeneratorState(const GeneratorArg& g, Bytes state);
Tensor rand(const Dims& sizes, DType dtype, Device device, const GeneratorArg& g);
Tensor randn(const Dims& sizes, DType dtype, Device device, const GeneratorArg& g);
Tensor randint(int64_t low, int64_t high, const Dims& sizes, DType dtype, Device device, const GeneratorArg& g);
Tensor randperm(int64_t n, Device device, const GeneratorArg& g);
void uniform_(const Tensor& x, double from, double to, const GeneratorArg& g);
void normal_(const Tensor& x, double mean, double std, const GeneratorArg& g);
Tensor random64(const GeneratorArg& g);

// Ops with optional tensors or enums.
Tensor empty(const Dims& sizes, DType dtype, Device device);
Tensor full(const Dims& sizes, double value, DType dtype, Device device);
Tensor arange(double start, double end, double step, DType dtype, Device device);
Tensor linear(const Tensor& x, const Tensor& weight, const MaybeTensor& bias);
Tensor conv2d(const Tensor& x, const Tensor& weight, const MaybeTensor& bias, const Dims& stride, const Dims& padding,
              const Dims& dilation, int64_t groups);
Tensor nllLoss(const Tensor& x, const Tensor& target, const MaybeTensor& weight, int reduction, int64_t ignoreIndex);
Tensor crossEntropy(const Tensor& x, const Tensor& target, const MaybeTensor& weight, int reduction,
                    int64_t ignoreIndex);
void sgd(const std::vector<Tensor>& params, const std::vector<Tensor>& buffers, bool fresh, double lr, double momentum,
         double dampening, double weightDecay, bool nesterov, bool maximize);

// Not described by a C++ signature.
napi_value setErrorFactory(napi_env env, napi_callback_info info);
napi_value setCollector(napi_env env, napi_callback_info info);
napi_value dispose(napi_env env, napi_callback_info info);

}  // namespace dtrain::binding
