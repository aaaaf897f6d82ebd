// oneDNN chooses the memory layout it is fastest in ("any"), so plain NCHW tensors are reordered in and out where it
// differs. Building a primitive takes about a millisecond: primitives are cached per shape, per thread.
//
// bfloat16 is computed as such where the processor has instructions for it, and as float32 otherwise: what reorders a
// tensor also converts it. Either way sums are float32 and rounded once, with the bias.
#include "kernels/conv-onednn.h"

#include <omp.h>

#include <array>
#include <oneapi/dnnl/dnnl.hpp>

#include "kernels/plan-cache.h"

namespace dtrain::cpu::onednn {

namespace {

using dnnl::memory;

dnnl::engine& engine() {
  static auto* e = new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *e;
}

dnnl::stream& stream() {
  thread_local dnnl::stream s(engine());
  return s;
}

memory::data_type typeOf(const Tensor& x) {
  return x.dtype() == DType::bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

// The type that oneDNN computes x in.
memory::data_type innerType(const Tensor& x) {
  constexpr auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  static const bool fast = (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & wanted) == wanted;
  return x.dtype() == DType::bfloat16 && fast ? memory::data_type::bf16 : memory::data_type::f32;
}

enum class Pass { forward, gradInput, gradWeight };

// A primitive with the layouts it wants for its two inputs and its output.
struct Plan {
  dnnl::primitive primitive;
  memory::desc in0, in1, out;             // wanted
  memory::desc plain0, plain1, plainOut;  // ours
  int arg0, arg1, argOut;
  bool bias = false;
};

memory::dims dims(const Dims& sizes) { return {sizes.begin(), sizes.end()}; }

memory::dims weightDims(const Tensor& w, int64_t groups) {
  memory::dims d = dims(w.sizes());
  if (groups > 1) {
    d[0] /= groups;
    d.insert(d.begin(), groups);
  }
  return d;
}

// oneDNN 3 dropped the descriptor that oneDNN 2 puts between the arguments and the primitive.
template <class Primitive, class... Args>
typename Primitive::primitive_desc primitiveDesc(const dnnl::convolution_forward::primitive_desc* hint,
                                                 const Args&... args) {
#if DNNL_VERSION_MAJOR >= 3
  if constexpr (std::is_same_v<Primitive, dnnl::convolution_forward>) return {engine(), args...};
  else return {engine(), args..., *hint};
#else
  const typename Primitive::desc desc(args...);
  if constexpr (std::is_same_v<Primitive, dnnl::convolution_forward>) return {desc, engine()};
  else return {desc, engine(), *hint};
#endif
}

memory::desc biasDesc(int64_t n, memory::data_type type) { return {{n}, type, memory::format_tag::a}; }

Plan makePlan(Pass pass, const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p, bool bias) {
  using tag = memory::format_tag;
  const auto type = typeOf(x), inner = innerType(x);
  const memory::dims wd = weightDims(w, p.groups);
  const memory::dims stride(p.stride, p.stride + p.dims), pad(p.padding, p.padding + p.dims);
  memory::dims dilation(p.dilation, p.dilation + p.dims);
  for (memory::dim& step : dilation) step--;
  const memory::desc xAny(dims(x.sizes()), inner, tag::any), wAny(wd, inner, tag::any),
      yAny(dims(y.sizes()), inner, tag::any);
  const tag rows = p.dims == 3 ? tag::abcde : tag::abcd;
  const memory::desc xPlain(dims(x.sizes()), type, rows), yPlain(dims(y.sizes()), type, rows);
  const memory::desc wPlain(wd, type, p.groups == 1 ? rows : p.dims == 3 ? tag::abcdef : tag::abcde);
  const auto algorithm = dnnl::algorithm::convolution_direct;

  const auto kind = pass == Pass::forward ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
  const auto forward = bias ? primitiveDesc<dnnl::convolution_forward>(nullptr, kind, algorithm, xAny, wAny,
                                                                       biasDesc(w.size(0), memory::data_type::f32),
                                                                       yAny, stride, dilation, pad, pad)
                            : primitiveDesc<dnnl::convolution_forward>(nullptr, kind, algorithm, xAny, wAny, yAny,
                                                                       stride, dilation, pad, pad);

  switch (pass) {
    case Pass::forward:
      return {dnnl::convolution_forward(forward),
              forward.src_desc(),
              forward.weights_desc(),
              forward.dst_desc(),
              xPlain,
              wPlain,
              yPlain,
              DNNL_ARG_SRC,
              DNNL_ARG_WEIGHTS,
              DNNL_ARG_DST,
              bias};
    case Pass::gradInput: {
      const auto pd = primitiveDesc<dnnl::convolution_backward_data>(&forward, algorithm, xAny, wAny, yAny, stride,
                                                                     dilation, pad, pad);
      return {dnnl::convolution_backward_data(pd),
              pd.diff_dst_desc(),
              pd.weights_desc(),
              pd.diff_src_desc(),
              yPlain,
              wPlain,
              xPlain,
              DNNL_ARG_DIFF_DST,
              DNNL_ARG_WEIGHTS,
              DNNL_ARG_DIFF_SRC};
    }
    default: {
      const auto pd = primitiveDesc<dnnl::convolution_backward_weights>(&forward, algorithm, xAny, wAny, yAny, stride,
                                                                        dilation, pad, pad);
      return {dnnl::convolution_backward_weights(pd),
              pd.diff_dst_desc(),
              pd.src_desc(),
              pd.diff_weights_desc(),
              yPlain,
              xPlain,
              wPlain,
              DNNL_ARG_DIFF_DST,
              DNNL_ARG_SRC,
              DNNL_ARG_DIFF_WEIGHTS};
    }
  }
}

// What a primitive depends on.
struct Key {
  Pass pass;
  DType dtype;
  bool bias;
  ConvShape shape;
  int threads;
  auto operator<=>(const Key&) const = default;
};

const Plan& planFor(Pass pass, const Tensor& x, const Tensor& w, const Tensor& y, const ConvWindow& p, bool bias) {
  thread_local PlanCache<Key, Plan, 256> plans;
  const Key key{pass, x.dtype(), bias, ConvShape(x, w, p), omp_get_max_threads()};
  return plans.get(key, [&] { return makePlan(pass, x, w, y, p, bias); });
}

// Memory in the wanted layout, from the allocator's cache; `keep` holds it for the duration of the call.
memory scratch(const memory::desc& wanted, std::array<Tensor, 4>& keep, int slot) {
  keep[slot] = empty({static_cast<int64_t>(wanted.get_size())}, DType::uint8);
  return memory(wanted, engine(), keep[slot].bytes());
}

memory input(const Tensor& x, const memory::desc& plain, const memory::desc& wanted, std::array<Tensor, 4>& keep,
             int slot) {
  memory from(plain, engine(), x.bytes());
  if (plain == wanted) return from;
  memory to = scratch(wanted, keep, slot);
  dnnl::reorder(from, to).execute(stream(), from, to);
  return to;
}

void run(const Plan& plan, const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out) {
  std::array<Tensor, 4> keep;
  const bool direct = plan.plainOut == plan.out;
  memory plainOut(plan.plainOut, engine(), out.bytes());
  memory result = direct ? plainOut : scratch(plan.out, keep, 2);
  std::unordered_map<int, memory> args{{plan.arg0, input(a, plan.plain0, plan.in0, keep, 0)},
                                       {plan.arg1, input(b, plan.plain1, plan.in1, keep, 1)},
                                       {plan.argOut, result}};
  if (plan.bias)
    args.emplace(DNNL_ARG_BIAS, input(bias, biasDesc(bias.size(0), typeOf(bias)),
                                      biasDesc(bias.size(0), memory::data_type::f32), keep, 3));
  plan.primitive.execute(stream(), args);
  if (!direct) dnnl::reorder(result, plainOut).execute(stream(), result, plainOut);
  stream().wait();
}

// A convolution of fewer multiplications than this is over before a second thread has woken up (bench/conv.ts).
constexpr double kThreadedWork = 1e6;

// Runs f with the number of threads that pays for convolving to y with w, and translates oneDNN's exceptions.
template <class F>
void convolve(const Tensor& y, const Tensor& w, F&& f) {
  const struct Threads {
    explicit Threads(bool one) : before(omp_get_max_threads()) {
      if (one) omp_set_num_threads(1);
    }
    ~Threads() { omp_set_num_threads(before); }
    int before;
  } threads(static_cast<double>(y.numel()) * static_cast<double>(w.numel() / w.size(0)) < kThreadedWork);
  try {
    f();
  } catch (const dnnl::error& e) {
    fail(Code::internal, "convolution: oneDNN failed with status ", static_cast<int>(e.status), " (", e.what(), ")");
  }
}

}  // namespace

void conv(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvWindow& p, const Tensor& y) {
  convolve(y, w, [&] { run(planFor(Pass::forward, x, w, y, p, bias.defined()), x, w, bias, y); });
}

void convGradInput(const Tensor& dy, const Tensor& w, const ConvWindow& p, const Tensor& dx) {
  convolve(dy, w, [&] { run(planFor(Pass::gradInput, dx, w, dy, p, false), dy, w, {}, dx); });
}

void convGradWeight(const Tensor& dy, const Tensor& x, const ConvWindow& p, const Tensor& dw) {
  convolve(dy, dw, [&] { run(planFor(Pass::gradWeight, x, dw, dy, p, false), dy, x, {}, dw); });
}

}  // namespace dtrain::cpu::onednn
