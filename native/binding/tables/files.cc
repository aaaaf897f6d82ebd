// Memory of tensors as bytes, and files as memory: what reading and writing files is made of.
//
// A mapped file is private: what is written into its tensors stays in this process. The file must not get shorter while
// it is in use; files that are replaced, as save does it, keep their old memory.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>

#include "binding/table.h"

// Of the zlib in Node, which offers it to addons.
extern "C" unsigned long crc32_z(unsigned long sum, const unsigned char* bytes, size_t n);

namespace dtrain::binding {

namespace {

struct Mapping : RefCounted {
  Mapping(int file, size_t bytes)
      : data(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0)), bytes(bytes) {
    if (data == MAP_FAILED) fail(Code::outOfMemory, "load: ", bytes, " bytes cannot be mapped: ", std::strerror(errno));
  }
  ~Mapping() override {
    if (data != MAP_FAILED) munmap(data, bytes);
  }
  void* const data;
  const size_t bytes;
};

// The first bytes of an open file, as a uint8 tensor.
Tensor mapFile(int file, int64_t bytes) {
  if (bytes == 0) return empty({0}, DType::uint8);
  const auto mapping = make<Mapping>(file, static_cast<size_t>(bytes));
  const auto storage = make<Storage>(mapping->data, mapping->bytes, Device{}, Ref<RefCounted>(mapping.get()));
  return Tensor(make<TensorImpl>(storage, Dims{bytes}, Dims{1}, 0, DType::uint8));
}

// A tensor in the storage of x, from a byte on that its elements can start at.
Tensor viewStorage(const Tensor& x, int64_t byte, DType dtype, const Dims& shape, const Dims& strides) {
  int64_t last = 0, numel = 0;
  bool inside =
      shape.size() == strides.size() && byte >= 0 && byte % itemSize(dtype) == 0 && countElements(shape, &numel);
  for (int i = 0; inside && numel > 0 && i < shape.size(); i++) {
    int64_t step = 0;
    inside = strides[i] >= 0 && !__builtin_mul_overflow(shape[i] - 1, strides[i], &step) &&
             !__builtin_add_overflow(last, step, &last);
  }
  const auto bytes = static_cast<int64_t>(x.impl()->storage->bytes);
  inside = inside && (numel == 0 ? byte <= bytes : byte <= bytes && last < (bytes - byte) / itemSize(dtype));
  check(inside, Code::argument, "load: a tensor of shape ", shape, " and strides ", strides, " of ", dtype,
        " from byte ", byte, " on is not within the ", bytes, " bytes of its storage");
  return Tensor(make<TensorImpl>(x.impl()->storage, shape, strides, byte / itemSize(dtype), dtype));
}

// The elements of a contiguous tensor on the CPU as bytes, without a copy.
napi_value bytesOf(const Tensor& x) {
  const napi_env env = instance().env;
  check(x.device().isCpu() && x.isContiguous(), Code::internal, "bytesOf: the tensor is on ", x.device(),
        ", and its strides are ", x.strides());
  const auto bytes = static_cast<size_t>(x.numel() * itemSize(x.dtype()));
  napi_value buffer, array;
  if (bytes == 0) napi_create_arraybuffer(env, 0, nullptr, &buffer);
  else {
    const auto release = [](napi_env, void*, void* hint) { static_cast<Storage*>(hint)->release(); };
    Storage* const storage = Ref<Storage>(x.impl()->storage).detach();
    if (napi_create_external_arraybuffer(env, x.bytes(), bytes, release, storage, &buffer) != napi_ok) {
      storage->release();
      fail(Code::unsupported, "bytesOf: ", bytes, " bytes are more than an array of this JavaScript engine can have");
    }
  }
  napi_create_typedarray(env, napi_uint8_array, bytes, buffer, 0, &array);
  return array;
}

// Where the memory of a tensor is, which tensors that share it have in common, and how much it is.
napi_value storage(const Tensor& x) {
  const napi_env env = instance().env;
  const Storage& its = *x.impl()->storage;
  return toObject(env, {{"address", toJs(env, static_cast<double>(reinterpret_cast<uintptr_t>(its.data)))},
                        {"bytes", toJs(env, static_cast<double>(its.bytes))}});
}

// A write of many megabytes at once makes Linux take pages of 2 MB, which a virtual machine may first have to get from
// its host, at ten times the cost of writing.
constexpr int64_t kPieceBytes = 1 << 18;
constexpr int64_t kThreadBytes = 1 << 20;  // below, a thread costs more than it saves

// Writes the elements of a contiguous tensor of the CPU into an open file, from a byte of it on, until one write fails.
// Another thread adds them to a sum (CRC-32) meanwhile.
napi_value writeTensor(int file, const Tensor& x, int64_t at, int64_t sum) {
  const int64_t n = x.numel() * itemSize(x.dtype());
  const auto* bytes = reinterpret_cast<const unsigned char*>(x.bytes());
  auto summed = std::async(n < kThreadBytes ? std::launch::deferred : std::launch::async, crc32_z,
                           static_cast<unsigned long>(sum), bytes, static_cast<size_t>(n));
  int64_t written = 0;
  while (written < n) {
    const ssize_t more =
        pwrite(file, bytes + written, static_cast<size_t>(std::min(kPieceBytes, n - written)), at + written);
    if (more <= 0) break;
    written += more;
  }
  const napi_env env = instance().env;
  return toObject(env, {{"written", toJs(env, static_cast<double>(written))},
                        {"sum", toJs(env, static_cast<double>(summed.get()))}});
}

Group group("files");

DT_OP(mapFile, file, bytes);
DT_OP_AS(storage, "{ address: number; bytes: number }", x);
DT_OP(viewStorage, x, byte, dtype, shape, strides);
DT_OP_AS(bytesOf, "Uint8Array<ArrayBuffer>", x);
DT_OP_AS(writeTensor, "{ written: number; sum: number }", file, x, at, sum);

}  // namespace
}  // namespace dtrain::binding
