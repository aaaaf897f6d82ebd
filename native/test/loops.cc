// The inner loops of every instruction set this machine can run, against plain formulas: odd lengths (vector body and
// tail), strides, a scalar on either side, NaN. Without this only the best set would ever be tested.
#include "kernels/cpu/loops.h"

#include <limits>
#include <random>

#include "kernels/cpu/choose.h"
#include "test/test.h"

namespace dtrain {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Formula {
  const BinaryRow& (*row)(const Loops&);
  double (*of)(double x, double y, double alpha);
  bool predicate = false;
};

template <Arithmetic op>
const BinaryRow& row(const Loops& table) {
  return table.arithmetic.of[static_cast<int>(op)];
}
template <Compare op>
const BinaryRow& row(const Loops& table) {
  return table.compare.of[static_cast<int>(op)];
}
template <ActivationGrad op>
const BinaryRow& row(const Loops& table) {
  return table.activation.grad[static_cast<int>(op)];
}

const Formula formulas[] = {
    {row<Arithmetic::add>, [](double x, double y, double alpha) { return x + alpha * y; }},
    {row<Arithmetic::sub>, [](double x, double y, double alpha) { return x - alpha * y; }},
    {row<Arithmetic::mul>, [](double x, double y, double) { return x * y; }},
    {row<Arithmetic::div>, [](double x, double y, double) { return x / y; }},
    {row<ActivationGrad::reluGrad>, [](double x, double y, double) { return y <= 0 ? 0 : x; }},
    {row<Compare::eq>, [](double x, double y, double) { return double(x == y); }, true},
    {row<Compare::ne>, [](double x, double y, double) { return double(x != y); }, true},
    {row<Compare::lt>, [](double x, double y, double) { return double(x < y); }, true},
    {row<Compare::le>, [](double x, double y, double) { return double(x <= y); }, true},
    {row<Compare::gt>, [](double x, double y, double) { return double(x > y); }, true},
    {row<Compare::ge>, [](double x, double y, double) { return double(x >= y); }, true},
};

template <class T>
std::vector<T> values(int64_t n, int seed, bool withNaN = false) {
  std::mt19937 engine(seed);
  std::vector<T> out(n);
  for (T& v : out) v = static_cast<T>(static_cast<double>(engine() % 2001) / 500 - 2);
  if (withNaN && n > 3) out[n / 2] = static_cast<T>(kNaN);
  return out;
}

bool same(double a, double b, double tolerance) {
  return (std::isnan(a) && std::isnan(b)) || test::close(a, b, tolerance);
}

template <class T>
void checkBinary(const Loops& table, int type, double tolerance) {
  constexpr int64_t item = sizeof(T);
  for (int64_t n : {1, 3, 16, 33, 101}) {
    const auto x = values<T>(2 * n, 1, true), y = values<T>(2 * n, 2);
    for (const Formula& f : formulas) {
      for (auto [sx, sy] : {std::pair{item, item}, {item, int64_t{0}}, {int64_t{0}, item}, {2 * item, item}}) {
        std::vector<T> out(n);
        std::vector<uint8_t> flags(n);
        char* to = f.predicate ? reinterpret_cast<char*>(flags.data()) : reinterpret_cast<char*>(out.data());
        f.row(table)[type](n, reinterpret_cast<const char*>(x.data()), sx, reinterpret_cast<const char*>(y.data()), sy,
                           0.5, to, f.predicate ? 1 : item);
        for (int64_t i = 0; i < n; i++) {
          const double want = f.of(x[i * sx / item], y[i * sy / item], 0.5);
          const double got = f.predicate ? flags[i] : static_cast<double>(out[i]);
          test::expect(same(got, want, tolerance), table.name, " binary ", &f - formulas, " n ", n, " element ", i,
                       ": ", got, ", expected ", want);
        }
      }
    }
  }
}

// A number stands for y or z by a stride of 0.
template <class T>
void checkTernary(const Loops& table, int type) {
  constexpr int64_t item = sizeof(T);
  for (int64_t n : {1, 3, 16, 33, 101}) {
    const auto x = values<T>(2 * n, 1, !std::is_integral_v<T>), y = values<T>(n, 2), z = values<T>(n, 3);
    const char* const in[] = {reinterpret_cast<const char*>(x.data()), reinterpret_cast<const char*>(y.data()),
                              reinterpret_cast<const char*>(z.data())};
    for (const int64_t sx : {item, 2 * item})
      for (const int64_t sy : {item, int64_t{0}})
        for (const int64_t sz : {item, int64_t{0}}) {
          const int64_t strides[] = {sx, sy, sz};
          std::vector<T> clamped(n), chosen(n);
          table.select.of[static_cast<int>(Select::clamp)][type](n, in, strides,
                                                                 reinterpret_cast<char*>(clamped.data()), item);
          table.select.of[static_cast<int>(Select::where)][type](n, in, strides, reinterpret_cast<char*>(chosen.data()),
                                                                 item);
          for (int64_t i = 0; i < n; i++) {
            const T a = x[i * sx / item], low = y[i * sy / item], high = z[i * sz / item];
            EXPECT(same(clamped[i], a != a ? a : std::min(std::max(a, low), high), 0));
            EXPECT(chosen[i] == (a != 0 ? low : high));
          }
        }
  }
}

// Functions that a vector library computes, or one instruction.
struct Function {
  Unary op;
  double (*of)(double x);
};
const Function functions[] = {
    {Unary::exp, std::exp},     {Unary::log, std::log},     {Unary::tanh, std::tanh},   {Unary::sin, std::sin},
    {Unary::cos, std::cos},     {Unary::log1p, std::log1p}, {Unary::expm1, std::expm1}, {Unary::log2, std::log2},
    {Unary::log10, std::log10}, {Unary::exp2, std::exp2},   {Unary::erf, std::erf},     {Unary::erfc, std::erfc},
    {Unary::sqrt, std::sqrt},   {Unary::floor, std::floor}, {Unary::ceil, std::ceil},   {Unary::trunc, std::trunc},
    {Unary::round, std::rint},  {Unary::abs, std::fabs},
};

template <class T>
void checkRows(const Loops& table, int type, double tolerance) {
  for (int64_t n : {1, 7, 64, 133}) {
    const auto x = values<T>(n, 3), dy = values<T>(n, 4);
    std::vector<T> y(n), dx(n);
    table.softmax.logSoftmax[type](n, x.data(), x.data(), y.data());
    double top = x[0], sum = 0, total = 0, plain = 0;
    for (T v : x) top = std::max<double>(top, v);
    for (T v : x) sum += std::exp(v - top);
    for (T v : dy) total += v;
    table.softmax.logSoftmaxGrad[type](n, dy.data(), y.data(), dx.data());
    for (int64_t i = 0; i < n; i++) {
      const double want = x[i] - top - std::log(sum);
      EXPECT(same(y[i], want, tolerance));
      EXPECT(same(dx[i], dy[i] - std::exp(want) * total, 4 * tolerance * std::max(1.0, std::abs(total))));
      plain += x[i];
    }
    std::vector<T> share(n), dshare(n);
    table.softmax.softmax[type](n, x.data(), x.data(), share.data());
    double along = 0;
    for (int64_t i = 0; i < n; i++) along += static_cast<double>(dy[i]) * share[i];
    table.softmax.softmaxGrad[type](n, dy.data(), share.data(), dshare.data());
    for (int64_t i = 0; i < n; i++) {
      EXPECT(same(share[i], std::exp(x[i] - top) / sum, tolerance));
      EXPECT(same(dshare[i], share[i] * (dy[i] - along), 4 * tolerance * std::max(1.0, std::abs(along))));
    }
    const auto* const elements = reinterpret_cast<const char*>(x.data());
    double squares = 0, apart = 0, product = 1, multiplied = 1;
    for (T v : x) {
      squares += static_cast<double>(v) * v;
      apart += (v - plain / n) * (v - plain / n);
      product *= v;
    }
    Moments moments{};
    Powers powers{0, 2};
    table.reduce.varianceRow[type](n, elements, sizeof(T), &moments);
    table.reduce.normRow[static_cast<int>(Norm::two)][type](n, elements, sizeof(T), &powers);
    table.reduce.row[static_cast<int>(Reduce::prod)][type](n, elements, sizeof(T), &multiplied);
    EXPECT(moments.count == n && same(moments.mean, plain / n, 1e-12) && same(moments.squares, apart, 1e-12));
    EXPECT(same(powers.sum, squares, 1e-12) && same(multiplied, product, 1e-12));
    double folded = 0;
    T largest = x[0];
    table.reduce.row[static_cast<int>(Reduce::sum)][type](n, reinterpret_cast<const char*>(x.data()), sizeof(T),
                                                          &folded);
    table.reduce.row[static_cast<int>(Reduce::max)][type](n, reinterpret_cast<const char*>(x.data()), sizeof(T),
                                                          &largest);
    EXPECT(same(folded, plain, 1e-12) && largest == static_cast<T>(top));

    std::vector<T> param = x, grad = dy, buffer = dy, sums(n);
    void* const arrays[] = {param.data(), grad.data(), buffer.data()};
    const double scalars[] = {0.1, 0.9, 0.1, 0.01, 1, 0};  // lr, momentum, dampening, weightDecay, nesterov, maximize
    table.optim.update[static_cast<int>(Optimizer::sgd)][type](n, arrays, 1, scalars);
    const void* sources[] = {x.data(), dy.data()};
    const double weights[] = {0.25, 0.75};
    table.reduce.weightedSum[type](n, 2, sources, weights, sums.data());
    for (int64_t i = 0; i < n; i++) {
      const double g = dy[i] + 0.01 * x[i], b = 0.9 * dy[i] + 0.9 * g;
      EXPECT(same(buffer[i], b, tolerance) && same(param[i], x[i] - 0.1 * (g + 0.9 * b), tolerance));
      EXPECT(same(sums[i], 0.25 * x[i] + 0.75 * dy[i], tolerance));
    }
  }
}

TEST("loops are chosen by name, the best without one") {
  const auto usable = cpu::usableLoops();
  for (const Loops* table : usable) EXPECT(&cpu::chooseLoops(table->name) == table);
  EXPECT(&cpu::chooseLoops(nullptr) == usable.back() && &cpu::chooseLoops("") == usable.back());
  const Error e = test::thrownBy([] { cpu::chooseLoops("mmx"); });
  EXPECT(std::string(e.what()).starts_with(str("DTRAIN_LOOPS: this processor has ", usable[0]->name)));
  EXPECT(std::string(e.what()).ends_with(": mmx"));
}

TEST("every instruction set computes the same") {
  for (const Loops* table : cpu::usableLoops()) {
    checkBinary<float>(*table, 0, 1e-6);
    checkBinary<double>(*table, 1, 1e-15);
    checkRows<float>(*table, 0, 2e-6);
    checkRows<double>(*table, 1, 1e-14);
    checkTernary<float>(*table, 0);
    checkTernary<double>(*table, 1);
    checkTernary<int64_t>(*table, 2);
    for (const Function& f : functions) {
      for (int64_t n : {1, 5, 16, 67}) {
        const auto x = values<float>(n, 5);
        std::vector<float> y(n);
        table->unary.of[static_cast<int>(f.op)][0](n, reinterpret_cast<const char*>(x.data()), 4,
                                                   reinterpret_cast<char*>(y.data()), 4);
        for (int64_t i = 0; i < n; i++)
          test::expect(same(y[i], f.of(x[i]), 5e-7) || y[i] == f.of(x[i]), table->name, " ", name(f.op), "(", x[i],
                       "): ", y[i], ", expected ", f.of(x[i]));
      }
    }
  }
}

}  // namespace
}  // namespace dtrain
