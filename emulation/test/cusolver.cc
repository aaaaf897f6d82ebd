// What emulated cuSOLVER refuses, and what it finds when the stream gets there. That it computes what LAPACK does is
// tested through the kernels (native/test/cuda-lapack.cc).
#include <cusolverDn.h>

#include <cmath>

#include "emulation/test/support.h"

namespace dtrain::test {
namespace {

void is(cusolverStatus_t status, cusolverStatus_t expected, std::source_location at = std::source_location::current()) {
  expect(status == expected, at.file_name(), ":", at.line(), ": status ", static_cast<int>(status));
}

struct Handle {
  explicit Handle(cudaStream_t stream) {
    is(cusolverDnCreate(&handle), CUSOLVER_STATUS_SUCCESS);
    is(cusolverDnSetStream(handle, stream), CUSOLVER_STATUS_SUCCESS);
  }
  ~Handle() { cusolverDnDestroy(handle); }
  operator cusolverDnHandle_t() const { return handle; }
  cusolverDnHandle_t handle = nullptr;
};

TEST("emulated cuSOLVER: arguments are checked at the call") {
  const Stream stream;
  const Handle h(stream);
  double* const a = zeros<double>(stream, 16);
  double* const work = zeros<double>(stream, 1000);
  int* const info = zeros<int>(stream, 4);
  int length = 0;
  is(cusolverDnDgetrf_bufferSize(nullptr, 2, 2, a, 2, &length), CUSOLVER_STATUS_NOT_INITIALIZED);
  is(cusolverDnDgetrf_bufferSize(h, 2, 2, a, 1, &length), CUSOLVER_STATUS_INVALID_VALUE);
  is(cusolverDnDgesvd_bufferSize(h, 2, 3, &length), CUSOLVER_STATUS_INVALID_VALUE);  // wide
  is(cusolverDnDgesvd_bufferSize(h, 3, 2, &length), CUSOLVER_STATUS_SUCCESS);
  is(cusolverDnDgesvd(h, 'S', 'O', 3, 2, a, 3, work, a, 3, a, 2, work, length, nullptr, info),
     CUSOLVER_STATUS_INVALID_VALUE);
  is(cusolverDnDgeqrf_bufferSize(h, 3, 2, a, 3, &length), CUSOLVER_STATUS_SUCCESS);
  is(cusolverDnDgeqrf(h, 3, 2, a, 3, work, work, length - 1, info), CUSOLVER_STATUS_INVALID_VALUE);
  is(cusolverDnDgeqrf(h, 3, 2, a, 3, nullptr, work, length, info), CUSOLVER_STATUS_INVALID_VALUE);
  is(cusolverDnDgeqrf(h, 3, 2, a, 3, work, work, length, nullptr), CUSOLVER_STATUS_INVALID_VALUE);
  is(cusolverDnDorgqr_bufferSize(h, 2, 3, 2, a, 2, work, &length), CUSOLVER_STATUS_INVALID_VALUE);
  size_t bytes = 0, host = 1;
  is(cusolverDnXsytrs_bufferSize(h, CUBLAS_FILL_MODE_LOWER, 2, 1, CUDA_R_64F, a, 2, nullptr, CUDA_R_64F, a, 2, &bytes,
                                 &host),
     CUSOLVER_STATUS_SUCCESS);
  EXPECT(bytes > 0 && host == 0);
  int64_t* const pivots = zeros<int64_t>(stream, 2);
  is(cusolverDnXsytrs(h, CUBLAS_FILL_MODE_LOWER, 2, 1, CUDA_R_64F, a, 2, pivots, CUDA_R_32F, a, 2, work, bytes, nullptr,
                      0, info),
     CUSOLVER_STATUS_INVALID_VALUE);
  is(cusolverDnXsytrs(h, CUBLAS_FILL_MODE_LOWER, 2, 1, CUDA_R_16F, a, 2, pivots, CUDA_R_16F, a, 2, work, bytes, nullptr,
                      0, info),
     CUSOLVER_STATUS_NOT_SUPPORTED);
  int version = 0;
  is(cusolverGetVersion(&version), CUSOLVER_STATUS_SUCCESS);
  EXPECT(version == CUSOLVER_VERSION);
}

TEST("emulated cuSOLVER: what it says of a matrix is on the device, and the workspace is spoiled") {
  const Stream stream;
  const Handle h(stream);
  float* const a = upload(stream, std::vector<float>{1, 2, 2, 4});
  int *const pivots = zeros<int>(stream, 2), *const info = zeros<int>(stream, 1);
  int length = 0;
  is(cusolverDnSgetrf_bufferSize(h, 2, 2, a, 2, &length), CUSOLVER_STATUS_SUCCESS);
  float* const work = zeros<float>(stream, length);
  is(cusolverDnSgetrf(h, 2, 2, a, 2, work, pivots, info), CUSOLVER_STATUS_SUCCESS);
  EXPECT(download(stream, info, 1)[0] == 2);
  EXPECT(download(stream, pivots, 2)[0] == 2);
  for (const float v : download(stream, work, length)) EXPECT(std::isnan(v));
}

TEST("emulated cuSOLVER: memory that is too short makes the device fail") {
  isolated("emulated cuSOLVER: memory that is too short makes the device fail", {}, [] {
    const Stream stream;
    const Handle h(stream);
    float* const a = zeros<float>(stream, 4);
    int *const pivots = zeros<int>(stream, 1), *const info = zeros<int>(stream, 1);
    float* const work = zeros<float>(stream, 100);
    is(cusolverDnSgetrf(h, 2, 2, a, 2, work, pivots, info), CUSOLVER_STATUS_SUCCESS);
    refused(cudaStreamSynchronize(stream), cudaErrorIllegalAddress, "getrf: the pivots is not in device memory");
  });
}

}  // namespace
}  // namespace dtrain::test
