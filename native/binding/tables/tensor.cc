// Properties and data of tensors.
#include <cstring>

#include "binding/shared.h"
#include "binding/table.h"
#include "core/pinned.h"
#include "ops/copy.h"

namespace dtrain::binding {

namespace {

Tensor fromData(Bytes data, const Dims& sizes, DType dtype, Device device) {
  Tensor x = empty(sizes, dtype, device);
  const size_t wanted = static_cast<size_t>(x.numel() * itemSize(dtype));
  check(data.size == wanted, Code::shape, "tensor: shape ", sizes, " of ", dtype, " needs ", wanted, " bytes, got ",
        data.size);
  if (!device.isCpu()) copyToDevice(x.bytes(), device, data.data, wanted);
  else if (wanted) std::memcpy(x.bytes(), data.data, wanted);
  return x;
}

// A tensor whose elements are those of the array.
Tensor fromShared(const SharedBytes& data, const Dims& sizes, DType dtype) {
  int64_t n;
  check(countElements(sizes, &n) && static_cast<size_t>(n * itemSize(dtype)) == data.size, Code::internal,
        "fromTypedArray: ", data.size, " bytes for ", sizes, " of ", dtype);
  const auto storage = make<Storage>(static_cast<void*>(data.data), data.size, Device{}, data.owner);
  return Tensor(make<TensorImpl>(storage, sizes, contiguousStrides(sizes), 0, dtype));
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
  const napi_env env = instance().env;
  return dispatch(x.dtype(), [&](auto zero) {
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

std::vector<int64_t> sizes(const Tensor& x) { return {x.sizes().begin(), x.sizes().end()}; }
std::vector<int64_t> strides(const Tensor& x) { return {x.strides().begin(), x.strides().end()}; }
int64_t storageOffset(const Tensor& x) { return x.impl()->offset; }
DType dtype(const Tensor& x) { return x.dtype(); }
std::string device(const Tensor& x) { return str(x.device()); }
bool isContiguous(const Tensor& x) { return x.isContiguous(); }
int64_t version(const Tensor& x) { return static_cast<int64_t>(x.version()); }

bool sharesStorage(const Tensor& x, const Tensor& y) { return x.impl()->storage.get() == y.impl()->storage.get(); }

Group group("tensor");

DT_OP(fromData, data, shape, dtype, device);
DT_OP(fromShared, data, shape, dtype);
DT_OP(toData, x, into);
DT_OP(sizes, x);
DT_OP(strides, x);
DT_OP(storageOffset, x);
DT_OP(dtype, x);
DT_OP(device, x);
DT_OP_AS(item, "number | bigint", x);
DT_OP(isContiguous, x);
DT_OP(sharesStorage, x, y);
DT_OP(version, x);

}  // namespace
}  // namespace dtrain::binding
