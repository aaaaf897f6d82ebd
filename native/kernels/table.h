// Kernel tables. A family's header (kernels/pool.h) holds the contract of its kernels, their parameters, and a struct
// with one reference to a function per kernel. Each device fills one in the file that holds its kernels (pool.cpu.cc,
// pool.cu). An op asks for the table of its tensors' device: kernels<PoolKernels>(x).maxPool(…).
//
// References, because a table that lacks one does not compile. A family's header declares and includes next to nothing,
// so that the loops of every instruction set may include it (loops.h).
//
// A kernel trusts its arguments: the op has checked shapes and dtypes and allocated the output, which is contiguous
// unless the header says otherwise. All tensors of a call are on one device. One that computes later gets the work on
// its current stream: the kernel has been asked for when its function returns, not computed. A backend that is not in
// the build leaves its tables null, so no body has an #ifdef.
//
// A class or an index out of range is an Error{index}: of the call on the CPU, of the next wait on a device that
// computes later (Note [Device failures] in core/runtime.h), where it reads 0 and writes nothing.
#pragma once

#include "core/runtime.h"
#include "core/tensor.h"

namespace dtrain {

// Null until the initializers of all files have run, so no initializer may compute.
template <class Table>
inline const Table* cpuTable = nullptr;
template <class Table>
inline const Table* cudaTable = nullptr;

// In the file of the kernels: `const Fill table(cpuTable<PoolKernels>, {.maxPool = maxPool});`
template <class Table>
struct Fill {
  Fill(const Table*& slot, const Table& table) : kept(table) { slot = &kept; }
  const Table kept;
};

// The table of a device; Error{unsupported} says how to get one where the build has none.
template <class Table>
const Table& kernels(Device device) {
  if (device.isCpu()) return *cpuTable<Table>;
  runtime(device);  // throws where there is no such backend
  return *cudaTable<Table>;
}
template <class Table>
const Table& kernels(const Tensor& x) {
  return kernels<Table>(x.device());
}

}  // namespace dtrain
