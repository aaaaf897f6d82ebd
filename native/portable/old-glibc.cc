// For packages only (DTRAIN_OLD_GLIBC): what gcc's static C++ library takes from a glibc newer than the oldest one that
// packages run with.
#include <sys/random.h>

#include <cstdint>

#pragma GCC visibility push(hidden)
extern "C" {

// glibc 2.32 says here whether there is one thread. False is always right: counts of references are then atomic.
char __libc_single_threaded = 0;

// glibc 2.36, for std::random_device. So few bytes come at once and whole.
uint32_t arc4random() {
  uint32_t value = 0;
  while (getrandom(&value, sizeof value, 0) != sizeof value) {
  }
  return value;
}
}
