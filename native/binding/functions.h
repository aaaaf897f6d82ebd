// Functions of the table that are not ops: properties and data of tensors, the graph, generators, memory.
#pragma once

#include "binding/value.h"

namespace dtrain::binding {

napi_value memoryStats();
napi_value libraries();
Tensor fromData(Bytes data, const Dims& sizes, DType dtype);
void toData(const Tensor& x, Bytes into);
napi_value item(const Tensor& x);
std::string device(const Tensor& x);
bool sharesStorage(const Tensor& x, const Tensor& y);

void setRequiresGrad(const Tensor& x, bool on);
void retainGrad(const Tensor& x);
Tensor grad(const Tensor& x);
void setGrad(const Tensor& x, const MaybeTensor& grad);
Ref<Node> gradFn(const Tensor& x);
std::vector<std::pair<Ref<Node>, int>> nodeNext(const Ref<Node>& node);
bool exchangeGradEnabled(bool on);
void runBackward(const Tensor& x, const MaybeTensor& gradient, bool retainGraph, bool createGraph);
std::vector<Tensor> runGradients(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                                 const std::vector<MaybeTensor>& gradOutputs, bool retainGraph, bool createGraph, bool allowUnused);

napi_value generator(double seed);
napi_value generatorState(const GeneratorArg& g);
void setGeneratorState(const GeneratorArg& g, Bytes state);

// These take or make values that the signature-driven binding does not cover.
napi_value setErrorFactory(napi_env env, napi_callback_info info);
napi_value setCollector(napi_env env, napi_callback_info info);
napi_value dispose(napi_env env, napi_callback_info info);
}  // namespace dtrain::binding
