// A fiber: a stack of its own that one OS thread switches to and from in a few instructions. A fiber never moves to
// another OS thread, since compilers keep addresses of thread-local variables across calls.
#pragma once

#include <cstddef>

namespace emulation {

// Where to go on: the stack pointer of something that is not running, and what the sanitizers know of its stack.
struct Context {
  void* stackPointer = nullptr;
  const void* bottom = nullptr;
  size_t size = 0;
  void* fake = nullptr;
  void* record = nullptr;
};

class Fiber {
 public:
  // `body` never returns. Throws std::bad_alloc when there is no memory for a stack.
  Fiber(void (*body)(), unsigned number);
  ~Fiber();
  Fiber(const Fiber&) = delete;

  Context context;

 private:
  char* memory_;
};

// The context of an OS thread's own stack, to come back to.
Context threadContext();
// Stores where it is in `from` and goes on at `to`.
void switchContext(Context& from, Context& to);
// The first thing a fiber's body does.
void enteredFiber();

}  // namespace emulation
