// Texts of errors: each kind of part reads as a C++ stream would print it, or as PyTorch does.
#include <cmath>
#include <limits>
#include <sstream>

#include "core/device.h"
#include "core/dims.h"
#include "core/dtype.h"
#include "test/test.h"

namespace dtrain {
namespace {

template <class T>
bool asStream(const T& value) {
  std::ostringstream out;
  out << value;
  return str(value) == out.str();
}

TEST("numbers in texts read as streams print them") {
  const double zero = 0;
  for (const double x :
       {zero, -zero, 0.1, 1e5, 123456.0, 1234567.0, 1e-4, 1e-5, 1e16, 1e300, 5e-324, HUGE_VAL, -HUGE_VAL, std::nan("")})
    EXPECT(asStream(x) && asStream(static_cast<float>(x)));
  EXPECT(asStream(std::numeric_limits<int64_t>::min()) && asStream(std::numeric_limits<uint64_t>::max()));
  EXPECT(asStream(-7) && asStream(7u) && asStream(true) && asStream(false) && asStream('x'));
}

TEST("parts of a text stand one behind the other") {
  const std::string op = "pool";
  EXPECT(str(op, ": ", std::string_view("dims"), ' ', Dims{2, -3}, Dims{}, ' ', DType::boolean) ==
         "pool: dims [2, -3][] bool");
  EXPECT(str(Device{}, ", ", Device{Device::cuda, 1}) == "cpu, cuda:1");
  EXPECT(str().empty());
}

}  // namespace
}  // namespace dtrain
