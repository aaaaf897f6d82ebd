// The sanitizers' own interfaces, or nothing when they are off. The only place that asks which build this is.
#pragma once

#include <cstddef>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
extern "C" {  // in the library, but in no header of it
void AnnotateIgnoreSyncBegin(const char* file, int line);
void AnnotateIgnoreSyncEnd(const char* file, int line);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace emulation {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kAddressSanitizer = true;
inline void hideMemory(const void* p, size_t bytes) { ASAN_POISON_MEMORY_REGION(p, bytes); }
inline void showMemory(const void* p, size_t bytes) { ASAN_UNPOISON_MEMORY_REGION(p, bytes); }
#else
inline constexpr bool kAddressSanitizer = false;
inline void hideMemory(const void*, size_t) {}
inline void showMemory(const void*, size_t) {}
#endif

// AddressSanitizer must be told of every change of the stack. Its search for leaks looks at the stack that a thread is
// on, which is a fiber's when the process ends while a kernel runs; what the thread's own stack owns is in use too.
#ifdef __SANITIZE_ADDRESS__
inline void ownStack(const void* bottom, size_t size) { __lsan_register_root_region(bottom, size); }
inline void disownStack(const void* bottom, size_t size) { __lsan_unregister_root_region(bottom, size); }
inline void leavingStack(void** fake, const void* bottom, size_t size) {
  __sanitizer_start_switch_fiber(fake, bottom, size);
}
inline void enteredStack(void* fake) { __sanitizer_finish_switch_fiber(fake, nullptr, nullptr); }
#else
inline void ownStack(const void*, size_t) {}
inline void disownStack(const void*, size_t) {}
inline void leavingStack(void**, const void*, size_t) {}
inline void enteredStack(void*) {}
#endif

// See Note [Order that counts] in stream.h.
#ifdef __SANITIZE_THREAD__
class Unobserved {
 public:
  Unobserved() {
    AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~Unobserved() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
  }
  Unobserved(const Unobserved&) = delete;
};
inline void before(void* what) { __tsan_release(what); }
inline void after(void* what) { __tsan_acquire(what); }
#else
struct [[maybe_unused]] Unobserved {};
inline void before(void*) {}
inline void after(void*) {}
#endif

// ThreadSanitizer keeps a record per fiber.
#ifdef __SANITIZE_THREAD__
inline void* fiberRecord() { return __tsan_create_fiber(0); }
inline void* threadRecord() { return __tsan_get_current_fiber(); }
inline void dropFiberRecord(void* record) { __tsan_destroy_fiber(record); }
inline void switchRecord(void* record) { __tsan_switch_to_fiber(record, 0); }
#else
inline void* fiberRecord() { return nullptr; }
inline void* threadRecord() { return nullptr; }
inline void dropFiberRecord(void*) {}
inline void switchRecord(void*) {}
#endif

}  // namespace emulation
