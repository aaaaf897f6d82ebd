// Memory for small objects that every op makes and every collection frees by the thousand. malloc keeps only a few
// blocks of a size at hand and merges the others with their neighbours; here they wait as they are, each thread its
// own. An object may be freed by another thread than the one that made it, so the number that waits has a limit.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace dtrain {

// A base: `class Storage : public RefCounted, public Pooled<Storage>`.
template <class T>
class Pooled {
 public:
  static void* operator new(size_t bytes) {
    Waiting& waiting = waiting_;
    if (bytes != sizeof(T) || !waiting.first) return ::operator new(bytes);
    waiting.count--;
    Block* const block = waiting.first;
    waiting.first = block->next;
    return block;
  }
  static void operator delete(void* p, size_t bytes) {
    Waiting& waiting = waiting_;
    if (bytes != sizeof(T) || waiting.count >= kMost) return ::operator delete(p);
    if (waiting.count++ == 0) end_.isNeeded = true;
    waiting.first = new (p) Block{waiting.first};
  }

 private:
#if defined(__SANITIZE_ADDRESS__)
  static constexpr int kMost = 0;  // it watches what malloc has got back
#else
  static constexpr int kMost = 8192;
#endif
  struct Block {
    Block* next;
  };
  struct Waiting {
    Block* first = nullptr;
    int count = 0;
  };
  struct End {  // of the thread
    bool isNeeded = false;
    ~End() {
      while (waiting_.first) ::operator delete(std::exchange(waiting_.first, waiting_.first->next));
      waiting_.count = kMost;  // what is freed later goes to malloc
    }
  };
  static inline thread_local Waiting waiting_;  // without a destructor, so it may be used until the thread has gone
  static inline thread_local End end_;
};

}  // namespace dtrain
