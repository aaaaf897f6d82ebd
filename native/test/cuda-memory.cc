// Memory that a CUDA device uses later than the host asks: copies from the host, and blocks that are let go meanwhile.
#include <future>
#include <thread>

#include "ops/copy.h"
#include "ops/creation.h"
#include "test/twins.h"

namespace dtrain::test {
namespace {

const Runtime& cuda() { return runtime(kCuda); }

// Holds up what its stream is given from now on.
class Held {
 public:
  explicit Held(StreamHandle stream) {
    cuda().callWhenReached(stream, [wait = go_.get_future().share()] { wait.wait(); });
  }
  ~Held() { go(); }
  void go() {
    if (!std::exchange(gone_, true)) go_.set_value();
  }

 private:
  std::promise<void> go_;
  bool gone_ = false;
};

StreamHandle compute() { return cuda().computeStream(0); }

CUDA_TEST("cuda: pageable memory has been read when a copy returns, whatever the stream has to do") {
  Held held(compute());
  auto later = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    held.go();
  });
  const Tensor x = full({1000}, 1, DType::float32);
  const Tensor y = to(x, kCuda, false);
  std::fill_n(x.data<float>(), 1000, 2.0F);
  EXPECT(toHost<float>(y) == std::vector<float>(1000, 1));
}

}  // namespace
}  // namespace dtrain::test
