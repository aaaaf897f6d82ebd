// The switch saves the registers that a called function must preserve, exchanges the stack pointers and restores the
// others' registers. x86-64 and aarch64 have it in assembly; elsewhere ucontext does it, with system calls.
#include "emulation/cuda/fiber.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <new>

#include "emulation/cuda/sanitizers.h"

#if !defined(__x86_64__) && !defined(__aarch64__)
#include <ucontext.h>
#endif

namespace emulation {
namespace {

// Sanitizers make frames several times as large.
constexpr size_t kStackBytes = kAddressSanitizer ? size_t{256} << 10 : size_t{64} << 10;

}  // namespace

// exchange(&mine, theirs): pushes what must be preserved, stores the stack pointer in `mine`, takes `theirs` and pops.
// prepare: a stack from which the first exchange "returns" into body, with nothing to return to behind it.
#if defined(__x86_64__)

extern "C" void emulationExchange(void** mine, void* theirs) noexcept __attribute__((visibility("hidden")));
asm(R"(
.text
.p2align 4
.hidden emulationExchange
.globl emulationExchange
.type emulationExchange, @function
emulationExchange:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size emulationExchange, . - emulationExchange
)");

static void* prepare(char*, char* top, void (*body)()) {
  constexpr int saved = 6;
  void** frame = reinterpret_cast<void**>(top) - (saved + 2);
  std::memset(frame, 0, (saved + 2) * sizeof *frame);
  frame[saved] = reinterpret_cast<void*>(body);
  return frame;
}

#elif defined(__aarch64__)

extern "C" void emulationExchange(void** mine, void* theirs) noexcept __attribute__((visibility("hidden")));
asm(R"(
.text
.p2align 4
.hidden emulationExchange
.globl emulationExchange
.type emulationExchange, @function
emulationExchange:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size emulationExchange, . - emulationExchange
)");

static void* prepare(char*, char* top, void (*body)()) {
  constexpr int saved = 20, linkRegister = 11;
  void** frame = reinterpret_cast<void**>(top) - saved;
  std::memset(frame, 0, saved * sizeof *frame);
  frame[linkRegister] = reinterpret_cast<void*>(body);
  return frame;
}

#else

// The "stack pointer" is a ucontext_t; a fiber's lies at the top of its stack.
static void emulationExchange(void** mine, void* theirs) {
  static thread_local ucontext_t ofThread;
  if (*mine == nullptr) *mine = &ofThread;
  swapcontext(static_cast<ucontext_t*>(*mine), static_cast<ucontext_t*>(theirs));
}

static void* prepare(char* bottom, char* top, void (*body)()) {
  char* place = top - (sizeof(ucontext_t) + 63) / 64 * 64;
  auto* context = new (place) ucontext_t;
  getcontext(context);
  context->uc_stack.ss_sp = bottom;
  context->uc_stack.ss_size = static_cast<size_t>(place - bottom);
  context->uc_link = nullptr;
  makecontext(context, body, 0);
  return context;
}

#endif

Fiber::Fiber(void (*body)(), unsigned number) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* p = mmap(nullptr, page + kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<char*>(p);
  mprotect(memory_, page, PROT_NONE);  // an overflow dies here, and not in another fiber's stack
  // Stacks begin at different offsets within a page, or all their hot lines would share one set of the cache.
  const size_t shift = number % 32 * 128;
  context.bottom = memory_ + page;
  context.size = kStackBytes;
  context.stackPointer = prepare(memory_ + page, memory_ + page + kStackBytes - shift, body);
  context.record = fiberRecord();
}

Fiber::~Fiber() {
  dropFiberRecord(context.record);
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  showMemory(memory_, page + kStackBytes);  // frames that never returned have left their marks
  munmap(memory_, page + kStackBytes);
}

Context threadContext() {
  Context context;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void* bottom = nullptr;
    pthread_attr_getstack(&attributes, &bottom, &context.size);
    context.bottom = bottom;
    pthread_attr_destroy(&attributes);
  }
  context.record = threadRecord();
  return context;
}

void switchContext(Context& from, Context& to) {
  leavingStack(&from.fake, to.bottom, to.size);
  switchRecord(to.record);
  emulationExchange(&from.stackPointer, to.stackPointer);
  enteredStack(from.fake);
}

void enteredFiber() { enteredStack(nullptr); }

}  // namespace emulation
