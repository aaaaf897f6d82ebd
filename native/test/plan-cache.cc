// The cache of library plans: made once each, bounded, and unharmed by a plan that cannot be made.
#include "kernels/plan-cache.h"

#include <string>

#include "test/test.h"

namespace dtrain::test {
namespace {

TEST("a plan cache makes a plan once, and forgets all of them when it is full") {
  PlanCache<int, std::string, 3> cache;
  int made = 0;
  const auto get = [&](int key) -> std::string& {
    return cache.get(key, [&] {
      made++;
      return std::to_string(key);
    });
  };
  for (int key : {1, 2, 3, 3, 2, 1}) EXPECT(get(key) == std::to_string(key));
  EXPECT(made == 3);
  get(1) = "changed";
  EXPECT(get(1) == "changed" && made == 3);
  EXPECT(get(4) == "4" && get(1) == "1" && made == 5);
}

TEST("a plan that cannot be made leaves nothing behind") {
  PlanCache<int, int, 3> cache;
  const auto failing = [&] { cache.get(1, []() -> int { fail(Code::internal, "no plan"); }); };
  EXPECT(thrownBy(failing).message == "no plan");
  EXPECT(cache.get(1, [] { return 7; }) == 7);
}

}  // namespace
}  // namespace dtrain::test
