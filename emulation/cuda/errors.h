// How a call ends. Every API function is `return api([&] { ... });`: its body refuses by throwing a Refusal, and what
// went wrong is kept twice: as the thread's last error, which is CUDA's, and as a sentence, which is ours.
#pragma once

#include <new>
#include <source_location>
#include <string>
#include <system_error>
#include <type_traits>

#include "emulation/cuda/counts.h"
#include "emulation/cuda/emulation.h"

namespace emulation {

struct Refusal {
  cudaError_t error;
  std::string why;  // empty: the error has been explained before, or needs no explanation
};

template <class... Parts>
std::string sentence(const Parts&... parts) {
  std::string text;
  [[maybe_unused]] const auto add = [&](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(part)>>) text += std::to_string(part);
    else text += part;
  };
  (add(parts), ...);
  return text;
}

template <class... Parts>
[[noreturn]] void refuse(cudaError_t error, const Parts&... why) {
  throw Refusal{error, sentence(why...)};
}

std::string hex(const void* p);

// Keeps the sentence as the latest one of this error.
void explain(cudaError_t error, const std::string& why);
// Makes `error` the calling thread's last error and returns it.
cudaError_t note(cudaError_t error);
// Refuses when no CUDA call is allowed now: settings that cannot be read, or inside a host function of a stream.
void mayCall();
// Marks the calling thread as running a host function, from which CUDA forbids calls.
void setInsideHostFunction(bool inside);

template <class F>
cudaError_t api(F&& body, std::source_location function = std::source_location::current()) noexcept {
  static Count& count = countOf(function.function_name());  // each function's body is a type of its own
  count.calls.fetch_add(1, std::memory_order_relaxed);
  try {
    mayCall();
    if constexpr (std::is_void_v<decltype(body())>) {
      body();
      return cudaSuccess;
    } else {
      const cudaError_t error = body();
      return error == cudaSuccess ? error : note(error);
    }
  } catch (const Refusal& refusal) {
    if (!refusal.why.empty()) explain(refusal.error, refusal.why);
    return note(refusal.error);
  } catch (const std::bad_alloc&) {
    return note(cudaErrorMemoryAllocation);
  } catch (const std::system_error& e) {
    explain(cudaErrorUnknown, e.what());
    return note(cudaErrorUnknown);
  }
}

}  // namespace emulation
