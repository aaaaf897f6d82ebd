// Emulated cuDNN: convolution of floats, NCHW or NCDHW, on the handle's stream; float16 and bfloat16 are computed as
// float32 and rounded once. As on a GPU, the algorithms marked as not deterministic are not, default math rounds
// float32 operands to TF32, and what an algorithm says about its workspace is meant. The arithmetic is in
// convolution.h.
#include "cudnn.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "emulation/libraries/cudnn-algorithms.h"
#include "emulation/libraries/cudnn-descriptors.h"
#include "emulation/libraries/operands.h"

struct cudnnContext {
  int device;
  cudaStream_t stream;
};

namespace emulation {
namespace {

thread_local std::string lastError;

cudnnStatus_t refuse(cudnnStatus_t status, std::string why) {
  lastError = std::move(why);
  return status;
}

bool isKnown(cudnnDataType_t type) {
  return type == CUDNN_DATA_FLOAT || type == CUDNN_DATA_DOUBLE || type == CUDNN_DATA_HALF ||
         type == CUDNN_DATA_BFLOAT16;
}

cudnnStatus_t describe(cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w, cudnnConvolutionDescriptor_t conv,
                       cudnnTensorDescriptor_t y, std::optional<Convolution>& out) {
  if (!x || !w || !conv || !y) return refuse(CUDNN_STATUS_BAD_PARAM, "a descriptor is NULL");
  if (!x->ready || !w->ready || !conv->ready || !y->ready)
    return refuse(CUDNN_STATUS_BAD_PARAM, "a descriptor has not been set");
  if (x->type != w->type || x->type != y->type)
    return refuse(CUDNN_STATUS_BAD_PARAM, "tensors and filter differ in data type");
  if (!isKnown(x->type)) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "the data type is not that of a float");
  if (conv->compute != (x->type == CUDNN_DATA_DOUBLE ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT))
    return refuse(CUDNN_STATUS_NOT_SUPPORTED, "the compute type is not FLOAT, or DOUBLE for DOUBLE");
  if (w->format != CUDNN_TENSOR_NCHW || x->strides != packed(x->sizes) || y->strides != packed(y->sizes))
    return refuse(CUDNN_STATUS_NOT_SUPPORTED, "a tensor or the filter is not packed NCHW");
  if (conv->mode != CUDNN_CROSS_CORRELATION)
    return refuse(CUDNN_STATUS_NOT_SUPPORTED, "the mode is not CUDNN_CROSS_CORRELATION");
  const auto expected = outputSizes(*x, *w, *conv);
  if (!expected)
    return refuse(CUDNN_STATUS_BAD_PARAM, "dimensions or channels of tensor, filter and convolution do not fit");
  if (y->sizes != *expected) return refuse(CUDNN_STATUS_BAD_PARAM, "the output has another size");
  Geometry p{static_cast<int>(conv->pad.size()), x->sizes[0], w->sizes[1], w->sizes[0] / conv->groups, conv->groups};
  const auto last = [&](Triple& to, const std::vector<int>& from) {
    std::copy(from.end() - p.dims, from.end(), to.end() - p.dims);
  };
  last(p.in, x->sizes);
  last(p.filter, w->sizes);
  last(p.out, y->sizes);
  last(p.pad, conv->pad);
  last(p.stride, conv->stride);
  last(p.dilation, conv->dilation);
  p.tf32 = x->type == CUDNN_DATA_FLOAT && conv->math != CUDNN_FMA_MATH;
  out = Convolution{p, x->type};
  return CUDNN_STATUS_SUCCESS;
}

template <class Perf, class Order>
cudnnStatus_t recommend(cudnnHandle_t handle, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                        cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, const Order& order, int requested,
                        int* returned, Perf* out) {
  if (!handle || !returned || !out) return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  if (requested < 1) return refuse(CUDNN_STATUS_BAD_PARAM, "requestedAlgoCount is below 1");
  std::optional<Convolution> p;
  if (const cudnnStatus_t status = describe(x, w, conv, y, p); status != CUDNN_STATUS_SUCCESS) return status;
  *returned = 0;
  for (const bool supported : {true, false})  // what cannot run stands at the end
    for (const auto algo : order) {
      const std::optional<Needs> n = needs(*p, algo);
      if (n.has_value() != supported || *returned == requested) continue;
      Perf& perf = out[(*returned)++];
      perf = {};
      perf.algo = algo;
      perf.status = n ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED;
      perf.time = -1;  // not measured
      perf.memory = n ? n->workspace : 0;
      perf.determinism = n && n->deterministic ? CUDNN_DETERMINISTIC : CUDNN_NON_DETERMINISTIC;
      perf.mathType = conv->math;
    }
  return CUDNN_STATUS_SUCCESS;
}

template <class Algo>
cudnnStatus_t workspaceSize(cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w, cudnnConvolutionDescriptor_t conv,
                            cudnnTensorDescriptor_t y, Algo algo, size_t* bytes) {
  if (!bytes) return refuse(CUDNN_STATUS_BAD_PARAM, "sizeInBytes is NULL");
  std::optional<Convolution> p;
  if (const cudnnStatus_t status = describe(x, w, conv, y, p); status != CUDNN_STATUS_SUCCESS) return status;
  const std::optional<Needs> n = needs(*p, algo);
  if (!n) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "the algorithm does not support this convolution");
  *bytes = n->workspace;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t launched(cudaError_t status) {
  if (status == cudaSuccess) return CUDNN_STATUS_SUCCESS;
  return refuse(CUDNN_STATUS_EXECUTION_FAILED_CUDART, cudaGetErrorString(status));
}

// A pointer with the number of elements behind it, of which so many are a plane.
struct Span {
  const char* name;
  const void* p;
  int64_t count, plane;
};

// Runs compute(geometry, deterministic, alpha, a, b, beta, out) on the handle's stream.
template <class Algo, class F>
cudnnStatus_t convolve(const char* call, cudnnHandle_t handle, const Convolution& p, Algo algo, const void* alpha,
                       Span a, Span b, void* workspace, size_t workspaceBytes, const void* beta, Span out,
                       F&& compute) {
  if (!handle || !alpha || !beta || !a.p || !b.p || !out.p)
    return refuse(CUDNN_STATUS_BAD_PARAM, std::string(call) + ": a pointer is NULL");
  const std::optional<Needs> n = needs(p, algo);
  if (!n) return refuse(CUDNN_STATUS_NOT_SUPPORTED, std::string(call) + ": the algorithm does not support this");
  if (faultDue("convolution")) return refuse(CUDNN_STATUS_NOT_SUPPORTED, std::string(call) + ": told to fail");
  if (workspaceBytes < n->workspace)
    return refuse(CUDNN_STATUS_BAD_PARAM, std::string(call) + ": the workspace is too small");
  if (n->workspace > 0 && !workspace)
    return refuse(CUDNN_STATUS_BAD_PARAM, std::string(call) + ": the workspace is NULL");
  return launched(withType(p.type, [&]<class S>(S) {
    using T = Computed<S>;
    return enqueue(handle->stream, [=, n = *n, stream = handle->stream, device = handle->device,
                                    alpha = *static_cast<const T*>(alpha), beta = *static_cast<const T*>(beta)] {
      const auto bytes = [](const Span& s) { return static_cast<size_t>(s.count) * sizeof(S); };
      if (!reachable(stream, device, call,
                     {{a.name, a.p, bytes(a)},
                      {b.name, b.p, bytes(b)},
                      {out.name, out.p, bytes(out)},
                      {"the workspace", workspace, n.workspace}}))
        return;
      // NaNs in the workspace, before and after: what overlaps it, or reads it, shows.
      if (n.workspace > 0) std::memset(workspace, 0xff, n.workspace);
      std::vector<T> wideA, wideB;
      const T* const first = widened(static_cast<const S*>(a.p), a.count, wideA);
      const T* const second = widened(static_cast<const S*>(b.p), b.count, wideB);
      rounding(static_cast<S*>(const_cast<void*>(out.p)), out.count, beta != T(0), [&](T* result) {
        compute(p, n.deterministic, alpha, first, second, beta, result);
        if (n.transforms) transformed(result, out.count, out.plane);
      });
      if (n.workspace > 0) std::memset(workspace, 0xff, n.workspace);
    });
  }));
}

// Runs compute(alpha, from, beta, to) on the handle's stream, for functions of one tensor into another.
template <class F>
cudnnStatus_t apply(const char* call, cudnnHandle_t handle, const void* alpha, const cudnnTensorStruct& a,
                    const void* from, const void* beta, const cudnnTensorStruct& c, void* to, F&& compute) {
  return launched(withType(a.type, [&]<class S>(S) {
    using T = Computed<S>;
    return enqueue(handle->stream, [=, stream = handle->stream, device = handle->device,
                                    alpha = *static_cast<const T*>(alpha), beta = *static_cast<const T*>(beta)] {
      if (!reachable(stream, device, call, {{"the input", from, extent(a)}, {"the output", to, extent(c)}})) return;
      compute(a, c, alpha, static_cast<const S*>(from), beta, static_cast<S*>(to));
    });
  }));
}

cudnnStatus_t checkPair(cudnnHandle_t handle, const void* alpha, cudnnTensorDescriptor_t a, const void* from,
                        const void* beta, cudnnTensorDescriptor_t c, const void* to) {
  if (!handle || !alpha || !a || !from || !beta || !c || !to)
    return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  if (!a->ready || !c->ready) return refuse(CUDNN_STATUS_BAD_PARAM, "a descriptor has not been set");
  if (a->type != c->type) return refuse(CUDNN_STATUS_BAD_PARAM, "the tensors differ in data type");
  if (!isKnown(a->type)) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "the data type is not that of a float");
  return CUDNN_STATUS_SUCCESS;
}

template <class T>
cudnnStatus_t create(T** out) {
  if (!out) return refuse(CUDNN_STATUS_BAD_PARAM, "the descriptor's address is NULL");
  *out = new T;
  return CUDNN_STATUS_SUCCESS;
}

template <class T>
cudnnStatus_t destroy(T* descriptor) {
  delete descriptor;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t checkSizes(const std::vector<int>& sizes) {
  if (std::ranges::any_of(sizes, [](int s) { return s < 1; }))
    return refuse(CUDNN_STATUS_BAD_PARAM, "a size is below 1");
  int64_t n = 1;
  for (const int s : sizes)
    if ((n *= s) > INT32_MAX) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "the tensor has more than 2147483647 elements");
  return CUDNN_STATUS_SUCCESS;
}

template <class Order>
cudnnStatus_t maxCount(cudnnHandle_t handle, int* out, const Order& order) {
  if (!handle || !out) return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  *out = static_cast<int>(order.size());
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace
}  // namespace emulation

using namespace emulation;

size_t cudnnGetVersion() { return CUDNN_VERSION; }
size_t cudnnGetCudartVersion() { return CUDART_VERSION; }

const char* cudnnGetErrorString(cudnnStatus_t status) {
#define NAME(status) \
  case status: return #status
  switch (status) {
    NAME(CUDNN_STATUS_SUCCESS);
    NAME(CUDNN_STATUS_NOT_INITIALIZED);
    NAME(CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH);
    NAME(CUDNN_STATUS_BAD_PARAM);
    NAME(CUDNN_STATUS_BAD_PARAM_NULL_POINTER);
    NAME(CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER);
    NAME(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED);
    NAME(CUDNN_STATUS_BAD_PARAM_OUT_OF_BOUND);
    NAME(CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT);
    NAME(CUDNN_STATUS_BAD_PARAM_STREAM_MISMATCH);
    NAME(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH);
    NAME(CUDNN_STATUS_NOT_SUPPORTED);
    NAME(CUDNN_STATUS_NOT_SUPPORTED_SHAPE);
    NAME(CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE);
    NAME(CUDNN_STATUS_NOT_SUPPORTED_LAYOUT);
    NAME(CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH);
    NAME(CUDNN_STATUS_INTERNAL_ERROR);
    NAME(CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED);
    NAME(CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED);
    NAME(CUDNN_STATUS_EXECUTION_FAILED);
    NAME(CUDNN_STATUS_EXECUTION_FAILED_CUDART);
  }
#undef NAME
  return "CUDNN_UNKNOWN_STATUS";
}

void cudnnGetLastErrorString(char* message, size_t max_size) {
  if (!message || max_size == 0) return;
  const size_t n = std::min(lastError.size(), max_size - 1);
  std::memcpy(message, lastError.data(), n);
  message[n] = 0;
  lastError.clear();
}

cudnnStatus_t cudnnGetProperty(libraryPropertyType type, int* value) {
  if (!value || type < MAJOR_VERSION || type > PATCH_LEVEL)
    return refuse(CUDNN_STATUS_BAD_PARAM, "there is no such property");
  constexpr int parts[] = {CUDNN_MAJOR, CUDNN_MINOR, CUDNN_PATCHLEVEL};
  *value = parts[type];
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
  if (!handle) return refuse(CUDNN_STATUS_BAD_PARAM, "the handle's address is NULL");
  int device;
  if (cudaGetDevice(&device) != cudaSuccess) return refuse(CUDNN_STATUS_NOT_INITIALIZED, "there is no CUDA device");
  *handle = new cudnnContext{device, nullptr};
  return CUDNN_STATUS_SUCCESS;
}

// Waits for the device, as the real one does.
cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
  if (!handle) return CUDNN_STATUS_SUCCESS;
  int before;
  cudaError_t status = cudaGetDevice(&before);
  if (status == cudaSuccess) status = cudaSetDevice(handle->device);
  if (status == cudaSuccess) status = cudaDeviceSynchronize();
  cudaSetDevice(before);
  delete handle;
  return launched(status);
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t streamId) {
  if (!handle) return refuse(CUDNN_STATUS_BAD_PARAM, "the handle is NULL");
  if (streamId && deviceOf(streamId) != handle->device)
    return refuse(CUDNN_STATUS_BAD_PARAM, "the stream and the handle are of different devices");
  handle->stream = streamId;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetStream(cudnnHandle_t handle, cudaStream_t* streamId) {
  if (!handle || !streamId) return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  *streamId = handle->stream;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensorDesc) { return create(tensorDesc); }
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensorDesc) { return destroy(tensorDesc); }
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filterDesc) { return create(filterDesc); }
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filterDesc) { return destroy(filterDesc); }
cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* convDesc) { return create(convDesc); }
cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t convDesc) { return destroy(convDesc); }

cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensorDesc, cudnnTensorFormat_t format,
                                         cudnnDataType_t dataType, int n, int c, int h, int w) {
  return cudnnSetTensorNdDescriptorEx(tensorDesc, format, dataType, 4, std::array{n, c, h, w}.data());
}

cudnnStatus_t cudnnSetTensorNdDescriptorEx(cudnnTensorDescriptor_t tensorDesc, cudnnTensorFormat_t format,
                                           cudnnDataType_t dataType, int nbDims, const int dimA[]) {
  if (!tensorDesc || !dimA) return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  if (nbDims != 4 && nbDims != 5) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "nbDims is neither 4 nor 5");
  const std::vector<int> sizes(dimA, dimA + nbDims);
  if (const cudnnStatus_t status = checkSizes(sizes); status != CUDNN_STATUS_SUCCESS) return status;
  if (format != CUDNN_TENSOR_NCHW && format != CUDNN_TENSOR_NHWC)
    return refuse(CUDNN_STATUS_BAD_PARAM, "the format is not NCHW or NHWC");
  std::vector<int> strides = packed(sizes);
  if (format == CUDNN_TENSOR_NHWC) {
    for (int i = 2; i < nbDims; i++) strides[i] *= sizes[1];
    strides[1] = 1;
  }
  *tensorDesc = {true, dataType, sizes, strides};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetTensor4dDescriptorEx(cudnnTensorDescriptor_t tensorDesc, cudnnDataType_t dataType, int n, int c,
                                           int h, int w, int nStride, int cStride, int hStride, int wStride) {
  if (!tensorDesc) return refuse(CUDNN_STATUS_BAD_PARAM, "the descriptor is NULL");
  if (const cudnnStatus_t status = checkSizes({n, c, h, w}); status != CUDNN_STATUS_SUCCESS) return status;
  if ((nStride == 0 && n != 1) || (cStride == 0 && c != 1) || (hStride == 0 && h != 1) || (wStride == 0 && w != 1))
    return refuse(CUDNN_STATUS_BAD_PARAM, "a stride is 0 where the size is not 1");
  *tensorDesc = {true, dataType, {n, c, h, w}, {nStride, cStride, hStride, wStride}};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filterDesc, cudnnDataType_t dataType,
                                         cudnnTensorFormat_t format, int k, int c, int h, int w) {
  return cudnnSetFilterNdDescriptor(filterDesc, dataType, format, 4, std::array{k, c, h, w}.data());
}

cudnnStatus_t cudnnSetFilterNdDescriptor(cudnnFilterDescriptor_t filterDesc, cudnnDataType_t dataType,
                                         cudnnTensorFormat_t format, int nbDims, const int filterDimA[]) {
  if (!filterDesc || !filterDimA) return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  if (nbDims != 4 && nbDims != 5) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "nbDims is neither 4 nor 5");
  const std::vector<int> sizes(filterDimA, filterDimA + nbDims);
  if (const cudnnStatus_t status = checkSizes(sizes); status != CUDNN_STATUS_SUCCESS) return status;
  *filterDesc = {true, dataType, format, sizes};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t convDesc, int pad_h, int pad_w, int u, int v,
                                              int dilation_h, int dilation_w, cudnnConvolutionMode_t mode,
                                              cudnnDataType_t computeType) {
  return cudnnSetConvolutionNdDescriptor(convDesc, 2, std::array{pad_h, pad_w}.data(), std::array{u, v}.data(),
                                         std::array{dilation_h, dilation_w}.data(), mode, computeType);
}

cudnnStatus_t cudnnSetConvolutionNdDescriptor(cudnnConvolutionDescriptor_t convDesc, int arrayLength, const int padA[],
                                              const int filterStrideA[], const int dilationA[],
                                              cudnnConvolutionMode_t mode, cudnnDataType_t computeType) {
  if (!convDesc || !padA || !filterStrideA || !dilationA) return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  if (arrayLength != 2 && arrayLength != 3) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "arrayLength is neither 2 nor 3");
  const auto numbers = [&](const int* from) { return std::vector<int>(from, from + arrayLength); };
  const std::vector<int> pad = numbers(padA), stride = numbers(filterStrideA), dilation = numbers(dilationA);
  const auto below = [](int least) { return [least](int n) { return n < least; }; };
  if (std::ranges::any_of(pad, below(0))) return refuse(CUDNN_STATUS_BAD_PARAM, "a padding is negative");
  if (std::ranges::any_of(stride, below(1)) || std::ranges::any_of(dilation, below(1)))
    return refuse(CUDNN_STATUS_BAD_PARAM, "a stride or a dilation is below 1");
  if (std::ranges::count(std::array{CUDNN_DATA_FLOAT, CUDNN_DATA_DOUBLE, CUDNN_DATA_HALF, CUDNN_DATA_INT32},
                         computeType) == 0)
    return refuse(CUDNN_STATUS_BAD_PARAM, "the compute type is none of FLOAT, DOUBLE, HALF and INT32");
  *convDesc = {true, pad, stride, dilation, mode, computeType, convDesc->math, convDesc->groups};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t convDesc, cudnnMathType_t mathType) {
  if (!convDesc) return refuse(CUDNN_STATUS_BAD_PARAM, "the descriptor is NULL");
  if (mathType < CUDNN_DEFAULT_MATH || mathType > CUDNN_FMA_MATH)
    return refuse(CUDNN_STATUS_BAD_PARAM, "there is no such math type");
  convDesc->math = mathType;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t convDesc, int groupCount) {
  if (!convDesc) return refuse(CUDNN_STATUS_BAD_PARAM, "the descriptor is NULL");
  if (groupCount < 1) return refuse(CUDNN_STATUS_BAD_PARAM, "groupCount is below 1");
  convDesc->groups = groupCount;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolution2dForwardOutputDim(const cudnnConvolutionDescriptor_t convDesc,
                                                    const cudnnTensorDescriptor_t inputTensorDesc,
                                                    const cudnnFilterDescriptor_t filterDesc, int* n, int* c, int* h,
                                                    int* w) {
  if (!convDesc || !inputTensorDesc || !filterDesc || !n || !c || !h || !w)
    return refuse(CUDNN_STATUS_BAD_PARAM, "a pointer is NULL");
  if (!convDesc->ready || !inputTensorDesc->ready || !filterDesc->ready)
    return refuse(CUDNN_STATUS_BAD_PARAM, "a descriptor has not been set");
  const auto sizes = outputSizes(*inputTensorDesc, *filterDesc, *convDesc);
  if (!sizes || sizes->size() != 4)
    return refuse(CUDNN_STATUS_BAD_PARAM, "dimensions or channels of tensor, filter and convolution do not fit");
  if (std::ranges::any_of(*sizes, [](int size) { return size < 1; }))
    return refuse(CUDNN_STATUS_BAD_PARAM, "the filter is larger than the padded input");
  for (int i = 0; int* const out : {n, c, h, w}) *out = (*sizes)[i++];
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolutionForwardAlgorithmMaxCount(cudnnHandle_t handle, int* count) {
  return maxCount(handle, count, forwardOrder);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithmMaxCount(cudnnHandle_t handle, int* count) {
  return maxCount(handle, count, dataOrder);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(cudnnHandle_t handle, int* count) {
  return maxCount(handle, count, filterOrder);
}

cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t handle, const cudnnTensorDescriptor_t srcDesc,
                                                     const cudnnFilterDescriptor_t filterDesc,
                                                     const cudnnConvolutionDescriptor_t convDesc,
                                                     const cudnnTensorDescriptor_t destDesc,
                                                     const int requestedAlgoCount, int* returnedAlgoCount,
                                                     cudnnConvolutionFwdAlgoPerf_t* perfResults) {
  return recommend(handle, srcDesc, filterDesc, convDesc, destDesc, forwardOrder, requestedAlgoCount, returnedAlgoCount,
                   perfResults);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(
    cudnnHandle_t handle, const cudnnFilterDescriptor_t filterDesc, const cudnnTensorDescriptor_t diffDesc,
    const cudnnConvolutionDescriptor_t convDesc, const cudnnTensorDescriptor_t gradDesc, const int requestedAlgoCount,
    int* returnedAlgoCount, cudnnConvolutionBwdDataAlgoPerf_t* perfResults) {
  return recommend(handle, gradDesc, filterDesc, convDesc, diffDesc, dataOrder, requestedAlgoCount, returnedAlgoCount,
                   perfResults);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t handle, const cudnnTensorDescriptor_t srcDesc,
                                                            const cudnnTensorDescriptor_t diffDesc,
                                                            const cudnnConvolutionDescriptor_t convDesc,
                                                            const cudnnFilterDescriptor_t gradDesc,
                                                            const int requestedAlgoCount, int* returnedAlgoCount,
                                                            cudnnConvolutionBwdFilterAlgoPerf_t* perfResults) {
  return recommend(handle, srcDesc, gradDesc, convDesc, diffDesc, filterOrder, requestedAlgoCount, returnedAlgoCount,
                   perfResults);
}

cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t, const cudnnTensorDescriptor_t xDesc,
                                                      const cudnnFilterDescriptor_t wDesc,
                                                      const cudnnConvolutionDescriptor_t convDesc,
                                                      const cudnnTensorDescriptor_t yDesc,
                                                      cudnnConvolutionFwdAlgo_t algo, size_t* sizeInBytes) {
  return workspaceSize(xDesc, wDesc, convDesc, yDesc, algo, sizeInBytes);
}

cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t, const cudnnFilterDescriptor_t wDesc,
                                                           const cudnnTensorDescriptor_t dyDesc,
                                                           const cudnnConvolutionDescriptor_t convDesc,
                                                           const cudnnTensorDescriptor_t dxDesc,
                                                           cudnnConvolutionBwdDataAlgo_t algo, size_t* sizeInBytes) {
  return workspaceSize(dxDesc, wDesc, convDesc, dyDesc, algo, sizeInBytes);
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t, const cudnnTensorDescriptor_t xDesc,
                                                             const cudnnTensorDescriptor_t dyDesc,
                                                             const cudnnConvolutionDescriptor_t convDesc,
                                                             const cudnnFilterDescriptor_t gradDesc,
                                                             cudnnConvolutionBwdFilterAlgo_t algo,
                                                             size_t* sizeInBytes) {
  return workspaceSize(xDesc, gradDesc, convDesc, dyDesc, algo, sizeInBytes);
}

cudnnStatus_t cudnnConvolutionForward(cudnnHandle_t handle, const void* alpha, const cudnnTensorDescriptor_t xDesc,
                                      const void* x, const cudnnFilterDescriptor_t wDesc, const void* w,
                                      const cudnnConvolutionDescriptor_t convDesc, cudnnConvolutionFwdAlgo_t algo,
                                      void* workSpace, size_t workSpaceSizeInBytes, const void* beta,
                                      const cudnnTensorDescriptor_t yDesc, void* y) {
  std::optional<Convolution> p;
  if (const cudnnStatus_t status = describe(xDesc, wDesc, convDesc, yDesc, p); status != CUDNN_STATUS_SUCCESS)
    return status;
  return convolve("cudnnConvolutionForward", handle, *p, algo, alpha, {"x", x, p->xCount(), p->plane()},
                  {"w", w, p->wCount(), p->taps()}, workSpace, workSpaceSizeInBytes, beta,
                  {"y", y, p->yCount(), p->pixels()}, [](auto&&... arguments) { forward(arguments...); });
}

cudnnStatus_t cudnnConvolutionBackwardData(cudnnHandle_t handle, const void* alpha, const cudnnFilterDescriptor_t wDesc,
                                           const void* w, const cudnnTensorDescriptor_t dyDesc, const void* dy,
                                           const cudnnConvolutionDescriptor_t convDesc,
                                           cudnnConvolutionBwdDataAlgo_t algo, void* workSpace,
                                           size_t workSpaceSizeInBytes, const void* beta,
                                           const cudnnTensorDescriptor_t dxDesc, void* dx) {
  std::optional<Convolution> p;
  if (const cudnnStatus_t status = describe(dxDesc, wDesc, convDesc, dyDesc, p); status != CUDNN_STATUS_SUCCESS)
    return status;
  return convolve("cudnnConvolutionBackwardData", handle, *p, algo, alpha, {"w", w, p->wCount(), p->taps()},
                  {"dy", dy, p->yCount(), p->pixels()}, workSpace, workSpaceSizeInBytes, beta,
                  {"dx", dx, p->xCount(), p->plane()}, [](auto&&... arguments) { backwardData(arguments...); });
}

cudnnStatus_t cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void* alpha,
                                             const cudnnTensorDescriptor_t xDesc, const void* x,
                                             const cudnnTensorDescriptor_t dyDesc, const void* dy,
                                             const cudnnConvolutionDescriptor_t convDesc,
                                             cudnnConvolutionBwdFilterAlgo_t algo, void* workSpace,
                                             size_t workSpaceSizeInBytes, const void* beta,
                                             const cudnnFilterDescriptor_t dwDesc, void* dw) {
  std::optional<Convolution> p;
  if (const cudnnStatus_t status = describe(xDesc, dwDesc, convDesc, dyDesc, p); status != CUDNN_STATUS_SUCCESS)
    return status;
  return convolve("cudnnConvolutionBackwardFilter", handle, *p, algo, alpha, {"x", x, p->xCount(), p->plane()},
                  {"dy", dy, p->yCount(), p->pixels()}, workSpace, workSpaceSizeInBytes, beta,
                  {"dw", dw, p->wCount(), p->taps()}, [](auto&&... arguments) { backwardFilter(arguments...); });
}

cudnnStatus_t cudnnConvolutionBackwardBias(cudnnHandle_t handle, const void* alpha,
                                           const cudnnTensorDescriptor_t dyDesc, const void* dy, const void* beta,
                                           const cudnnTensorDescriptor_t dbDesc, void* db) {
  if (const cudnnStatus_t status = checkPair(handle, alpha, dyDesc, dy, beta, dbDesc, db);
      status != CUDNN_STATUS_SUCCESS)
    return status;
  std::vector<int> expected(dyDesc->sizes.size(), 1);
  expected[1] = dyDesc->sizes[1];
  if (dbDesc->sizes != expected) return refuse(CUDNN_STATUS_BAD_PARAM, "the bias gradient is not [1, C, 1, 1]");
  if (dyDesc->strides != packed(dyDesc->sizes)) return refuse(CUDNN_STATUS_NOT_SUPPORTED, "dy is not packed NCHW");
  return apply("cudnnConvolutionBackwardBias", handle, alpha, *dyDesc, dy, beta, *dbDesc, db,
               [](auto&&... arguments) { biasGradient(arguments...); });
}

cudnnStatus_t cudnnAddTensor(cudnnHandle_t handle, const void* alpha, const cudnnTensorDescriptor_t aDesc,
                             const void* A, const void* beta, const cudnnTensorDescriptor_t cDesc, void* C) {
  if (const cudnnStatus_t status = checkPair(handle, alpha, aDesc, A, beta, cDesc, C); status != CUDNN_STATUS_SUCCESS)
    return status;
  if (aDesc->sizes.size() != cDesc->sizes.size())
    return refuse(CUDNN_STATUS_BAD_PARAM, "A and C differ in their number of dimensions");
  for (size_t d = 0; d < cDesc->sizes.size(); d++)
    if (aDesc->sizes[d] != 1 && aDesc->sizes[d] != cDesc->sizes[d])
      return refuse(CUDNN_STATUS_BAD_PARAM, "a size of A is neither 1 nor that of C");
  return apply("cudnnAddTensor", handle, alpha, *aDesc, A, beta, *cDesc, C,
               [](auto&&... arguments) { addTensor(arguments...); });
}
