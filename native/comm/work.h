// What the works of all engines share: an end, and who is to be told of it.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>

#include "comm/communicator.h"

namespace dtrain {

class EndingWork : public Work {
 public:
  void then(std::function<void()> f) override {
    {
      const std::lock_guard lock(mutex_);
      if (!ended_) return void(next_ = std::move(f));
    }
    f();
  }

  // Once, by the engine. A null error: it went well.
  void finish(std::exception_ptr error) {
    {
      const std::lock_guard lock(mutex_);
      error_ = std::move(error);
      ended_ = true;
    }
    changed_.notify_all();
    if (next_) next_();
  }

  // Blocks until the end; throws its error.
  void awaitEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_; });
    if (error_) std::rethrow_exception(error_);
  }

 protected:
  // Whether it has ended; throws its error.
  bool ended() {
    const std::lock_guard lock(mutex_);
    if (error_) std::rethrow_exception(error_);
    return ended_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::exception_ptr error_;
  std::function<void()> next_;
};

}  // namespace dtrain
