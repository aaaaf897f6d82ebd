// How often each function of the runtime has been called by this process, for benches and tests. With the setting
// counts=FILE the table lies in that file, where another program, or JavaScript, can read it while this one runs.
#pragma once

#include <atomic>
#include <cstdint>

namespace emulation {

// As it lies in the file: 256 of them, those without a name are free.
struct Count {
  char name[56];
  std::atomic<uint64_t> calls;
};

// The count of the function whose signature this is, as std::source_location has it.
Count& countOf(const char* signature);

}  // namespace emulation
