// DataParallel's way into the replicas and out of it: rows are handed out, outputs are put together, and gradients go
// the same ways back.
//
// Note [Exact sums]
// Outside the replicas all ranks compute the same, so a gradient there is the whole one, equal on all ranks. Inside, a
// rank holds the gradients of its rows, times the number of ranks. Then whatever leaves the replicas is exact:
//
//   scatter    own rows of x             its adjoint: the parts of all ranks joined, divided by the number of ranks
//   gather     the parts of all ranks    its adjoint: own rows of dy, times the number of ranks
//   parameter  the same on all ranks     its adjoint: the mean over the ranks
//
// The mean is the sum of what the rows gave, and leaves alone what a use outside the wrapper gave (a penalty on the
// weights), which is the same on all ranks. scatter and gather are each other's adjoint up to that number, and the
// mean's is the identity, so second derivatives are made of the same three.
//
// Replicas need not take the same path: one may leave out an input or a parameter. So the node of gather points to that
// of scatter (by a token without elements) and to all parameters: who reaches the outputs reaches them on every rank.
// And a replica must get everything that requires a gradient in one of these ways, or its gradient would be that of
// some rows.
#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "comm/messages.h"
#include "comm/reducer.h"
#include "core/generator.h"
#include "core/runtime.h"
#include "kernels/copy.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/arithmetic.h"
#include "ops/unary.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

// What this rank contributes to a joined tensor.
struct Reducer::Part {
  Tensor x;             // zeros when there is nothing
  bool present = true;  // otherwise another rank must have it, or the joined tensor is undefined
  bool watched = false;
};

// What a forward pass has to say beside it.
struct Reducer::Forward {
  std::string given{}, structure{};  // must be the same on all ranks
  Code code = Code::distributed;     // of the problem
  std::string problem{};             // must be empty on all ranks
  bool idle = false;                 // there are no rows for this rank: the structure is what the others say
};

// What all ranks together say of a part.
struct Reducer::Joined {
  std::vector<int64_t> rows;
  bool present = false, watched = false;
};

namespace {

constexpr int kSamples = 64;
constexpr size_t kTalkBytes = 2 * sizeof(int64_t);  // the head of a message

// A checksum of up to 64 elements, anywhere. Those of a GPU are not looked at: the host would have to wait for it.
uint64_t sampleOf(const Tensor& x) {
  if (!x.device().isCpu()) return 0;
  const int64_t n = x.numel(), item = itemSize(x.dtype());
  uint64_t sum = 0;
  for (int64_t k = 0; k < std::min<int64_t>(n, kSamples); k++) {
    int64_t i = n <= kSamples ? k : static_cast<int64_t>(mixed(k) % n), at = x.isContiguous() ? i : 0;
    for (int d = x.isContiguous() ? 0 : x.dim(); d-- > 0; i /= x.size(d)) at += i % x.size(d) * x.stride(d);
    uint64_t element = 0;
    std::memcpy(&element, x.bytes() + at * item, item);
    sum = mixed(sum ^ element);
  }
  return sum;
}

void writeSizes(MessageWriter& out, const Dims& sizes) {
  out.number(sizes.size());
  for (int64_t size : sizes) out.number(size);
}

Dims readSizes(MessageReader& in) {
  Dims sizes;
  for (int64_t left = in.number(); left > 0; left--) sizes.push(in.number());
  return sizes;
}

// `call` may be long, with a list in it; 200 characters and a checksum of the rest say enough.
std::string given(const std::vector<Tensor>& xs, std::string_view call) {
  constexpr size_t kShown = 200;
  MessageWriter out;
  out.number(static_cast<int64_t>(xs.size()));
  for (const Tensor& x : xs) {
    out.number(static_cast<int64_t>(x.dtype()));
    writeSizes(out, x.sizes());
    out.number(static_cast<int64_t>(sampleOf(x)));
  }
  out.text(call.size() <= kShown ? std::string(call) : str(call.substr(0, kShown), "…"));
  out.number(static_cast<int64_t>(std::hash<std::string_view>()(call)));
  return out.message();
}

[[noreturn]] void failGiven(std::string_view first, int rank, std::string_view other) {
  MessageReader a(first), b(other);
  const int64_t count = a.number(), theirs = b.number();
  constexpr const char* kRule =
      "; every rank must pass the same batch, so seed all ranks alike (manualSeed) and load the data in the same order";
  check(count == theirs, Code::distributed, "DataParallel: the ranks' batches differ: ", count,
        " tensors on rank 0 and ", theirs, " on rank ", rank, kRule);
  for (int64_t i = 0; i < count; i++) {
    const auto typeA = static_cast<DType>(a.number()), typeB = static_cast<DType>(b.number());
    const Dims sizesA = readSizes(a), sizesB = readSizes(b);
    const int64_t sampleA = a.number(), sampleB = b.number();
    check(typeA == typeB && sizesA == sizesB, Code::distributed, "DataParallel: the ranks' batches differ: input ", i,
          " is ", typeA, " of shape ", sizesA, " on rank 0 and ", typeB, " of shape ", sizesB, " on rank ", rank,
          kRule);
    check(sampleA == sampleB, Code::distributed, "DataParallel: the ranks' batches differ: input ", i, ", ", typeA,
          " of shape ", sizesA, ", has other values on rank ", rank, " than on rank 0", kRule);
  }
  fail(Code::distributed, "DataParallel: the ranks' calls differ: ", a.text(), " on rank 0, ", b.text(), " on rank ",
       rank, "; every rank must make the same calls with the same values, in the same mode");
}

// The structure, then dtype, device and sizes beyond dim 0 of each tensor.
std::string form(const std::string& structure, const std::vector<Tensor>& xs) {
  MessageWriter out;
  out.text(structure);
  out.number(static_cast<int64_t>(xs.size()));
  for (const Tensor& x : xs) {
    out.number(static_cast<int64_t>(x.dtype()));
    out.number(x.device().type);
    Dims sizes = x.sizes();
    sizes[0] = -1;
    writeSizes(out, sizes);
  }
  return out.message();
}

std::string describeForm(std::string_view form) {
  MessageReader in(form);
  std::string text(in.text());
  for (int64_t left = in.number(), first = left; left > 0; left--) {
    const auto dtype = static_cast<DType>(in.number());
    const bool cpu = in.number() == Device::cpu;
    text += str(left == first ? " with " : ", ", dtype, cpu ? " [rows" : " on cuda [rows");
    const Dims sizes = readSizes(in);
    for (int i = 1; i < sizes.size(); i++) text += str(", ", sizes[i]);
    text += ']';
  }
  return text;
}

// The tensors of a form, without rows.
std::vector<Tensor> nothingOf(std::string_view form, Device module) {
  MessageReader in(form);
  in.text();
  std::vector<Tensor> xs;
  for (int64_t left = in.number(); left > 0; left--) {
    const auto dtype = static_cast<DType>(in.number());
    Device device;
    if (in.number() == Device::cuda)
      device = module.isCpu() ? Device{Device::cuda, static_cast<int8_t>(currentCudaDevice())} : module;
    Dims sizes = readSizes(in);
    sizes[0] = 0;
    xs.push_back(empty(sizes, dtype, device));
  }
  return xs;
}

// What in the graph of ys came into the replica in another way than Note [Exact sums] lists, for a message.
std::string outsider(const std::vector<Tensor>& ys, GradListener* reducer) {
  std::vector<Node*> left;
  std::unordered_set<Node*> seen;
  for (const Tensor& y : ys)
    if (requiresGrad(y)) left.push_back(gradientEdge(y).node.get());
  while (!left.empty()) {
    Node* node = left.back();
    left.pop_back();
    if (!seen.insert(node).second || node->collective) continue;
    if (const auto* accumulator = dynamic_cast<AccumulateGrad*>(node)) {
      const AutogradMeta& meta = autogradMeta(accumulator->leaf);
      if (meta.listener != reducer && !meta.inside) return str("a tensor of shape ", accumulator->leaf.sizes());
      continue;
    }
    if (!node->inside) return str("a result of ", node->name);
    for (const Edge& edge : node->next)
      if (edge.node) left.push_back(edge.node.get());
  }
  return {};
}

std::vector<Tensor> tensorsOf(const auto& parts) {
  std::vector<Tensor> xs;
  for (const auto& part : parts) xs.push_back(part.x);
  return xs;
}

}  // namespace

// Messages of one kind are read as such, so ranks that do different things must not read each other's.
std::vector<std::string> Reducer::exchange(Talk about, std::string_view mine) {
  MessageWriter out;
  out.number(static_cast<int64_t>(about));
  out.number(number_);
  out.raw(mine.data(), mine.size());
  std::vector<std::string> messages = exchangeMessages(group_.cpu(), out.message());
  static const char* const kDoing[] = {"calls model ", "runs backward through model ",
                                       "averages the gradients of model "};
  const auto doing = [](std::string_view message) {
    MessageReader in(message);
    const char* text = kDoing[in.number()];
    return str(text, in.number());
  };
  for (size_t r = 1; r < messages.size(); r++)
    check(messages[r].compare(0, kTalkBytes, messages[0], 0, kTalkBytes) == 0, Code::distributed,
          "DataParallel: the ranks do different things: rank 0 ", doing(messages[0]), ", rank ", r, " ",
          doing(messages[r]),
          " (numbered as they were wrapped); every rank must make the same calls in the same order");
  for (std::string& message : messages) message.erase(0, kTalkBytes);
  return messages;
}

std::vector<bool> Reducer::anyRank(const std::vector<bool>& mine) {
  MessageWriter out;
  for (bool flag : mine) out.number(flag);
  std::vector<bool> any(mine.size());
  for (const std::string& theirs : exchange(Talk::gradients, out.message())) {
    MessageReader in(theirs);
    for (size_t i = 0; i < any.size(); i++) any[i] = in.number() != 0 || any[i];
  }
  return any;
}

std::vector<Tensor> Reducer::scatter(const std::vector<Tensor>& xs, const std::string& call) {
  check(!insideReplica, Code::argument,
        "DataParallel: the module called another wrapped module, whose batch would be "
        "this rank's rows; wrap the outer module only, or call the other one outside");
  const int ranks = group_.worldSize();
  const int64_t rows = xs.at(0).size(0), size = (rows + ranks - 1) / ranks;  // torch.chunk's rule
  const auto chunk = [&](int64_t r) { return Rows{std::min(r * size, rows), std::min((r + 1) * size, rows)}; };
  const Rows own = chunk(group_.rank());
  idle_ = rows > 0 && own.first == own.last;
  given_ = given(xs, call);
  versions_.clear();
  for (const Tensor& x : xs) versions_.emplace_back(x, x.version());
  Tensor token;
  std::vector<Tensor> out = split(xs, std::vector<Rows>(xs.size(), own),
                                  std::vector<Rows>(xs.size(), idle_ ? chunk((rows - 1) / size) : own), token);
  out.insert(out.begin(), token);
  return out;
}

std::vector<Tensor> Reducer::gather(const Tensor& token, const std::vector<Tensor>& ys, const std::string& structure) {
  Forward forward{given_, structure};
  const auto problem = [&](Code code, const std::string& text) {
    if (forward.problem.empty()) std::tie(forward.code, forward.problem) = std::pair{code, "DataParallel: " + text};
  };
  std::vector<Part> parts;
  for (const Tensor& y : ys) {
    if (y.dim() > 0) parts.push_back({y, true, recording(y)});
    else
      problem(Code::shape,
              "the model returned a 0-d tensor, which cannot be gathered along dim 0; return one row per "
              "sample and reduce outside the model");
  }
  for (size_t i = 0; i < versions_.size(); i++) {
    const auto& [x, version] = versions_[i];
    if (x.version() != version)
      problem(Code::argument, str("the module changed input ", i, ", of shape ", x.sizes(),
                                  ", in place, where a rank has some of its rows; clone it first"));
  }
  versions_.clear();
  if (const std::string found = gradEnabled() ? outsider(ys, this) : ""; !found.empty())
    problem(Code::autograd, str("the module used ", found,
                                " that requires a gradient and is neither one of its inputs "
                                "nor a parameter that it had when it was wrapped; make it one"));
  return join(parts, token, Talk::forward, forward);
}

void Reducer::gatherFailure(const std::string& reason) {
  versions_.clear();
  Forward forward{
      given_, {}, Code::peer, str("DataParallel: the module failed on rank ", group_.rank(), ": ", reason), true};
  join({}, {}, Talk::forward, forward);
  fail(Code::internal, "DataParallel: a failure of the module reached no rank");
}

std::pair<std::string, std::vector<Tensor>> Reducer::gatherNothing(const Tensor& token) {
  versions_.clear();
  Forward forward{given_};
  forward.idle = true;
  const std::vector<Tensor> out = join({}, token, Talk::forward, forward);
  return {forward.structure, out};
}

// Where `own` and `used` differ, no gradient comes back for what was used.
std::vector<Tensor> Reducer::split(const std::vector<Tensor>& xs, const std::vector<Rows>& own,
                                   const std::vector<Rows>& used, Tensor& token) {
  std::vector<Tensor> parts, inputs, none;
  {
    const NoGrad guard;
    for (size_t i = 0; i < xs.size(); i++) parts.push_back(slice(xs[i], 0, used[i].first, used[i].last, 1));
  }
  if (!gradEnabled()) return parts;
  std::vector<Tensor> outputs{empty({0}, DType::float32)};
  for (size_t i = 0; i < xs.size(); i++) {
    if (!requiresGrad(xs[i])) continue;
    inputs.push_back(xs[i]);
    outputs.push_back(parts[i]);
    const NoGrad guard;  // a place holder for what this rank has no gradient of: expanded, so it takes no memory
    Dims sizes = xs[i].sizes();
    sizes[0] = own[i].last - own[i].first;
    none.push_back(expand(full(Dims(sizes.size(), 1), 0, xs[i].dtype(), xs[i].device()), sizes));
  }
  if (inputs.empty()) return parts;
  const bool hasToken = token.defined();
  if (hasToken) inputs.push_back(token);
  recordMany("ScatterBackward0", outputs, inputs, [self = Ref<Reducer>(this), none, hasToken](const Grads& dy) {
    return self->splitBackward(dy, none, hasToken);
  }).collective = true;
  token = outputs[0];
  return parts;
}

Grads Reducer::splitBackward(const Grads& dy, const std::vector<Tensor>& none, bool hasToken) {
  check(
      dy[0].defined(), Code::autograd,
      "backward: the inputs of a DataParallel wrapper were reached by a tensor that its module kept to itself; return "
      "from forward() all that the loss needs");
  std::vector<Part> parts;
  for (size_t i = 0; i < none.size(); i++) {
    const bool present = i + 1 < dy.size() && dy[i + 1].defined() && dy[i + 1].size(0) == none[i].size(0);
    const Tensor& part = present ? dy[i + 1] : none[i];
    parts.push_back({part, present, recording(part)});
  }
  Forward nothingToSay;
  Grads dx = join(parts, dy[0], Talk::backward, nothingToSay);
  for (Tensor& x : dx)
    if (x.defined()) x = div(x, group_.worldSize());
  if (hasToken) dx.push_back(dy[0]);
  launchReady();
  return dx;
}

std::vector<Tensor> Reducer::join(std::vector<Part> parts, const Tensor& token, Talk about, Forward& forward) {
  // What everybody must know first, with the rows themselves where they are few and on the CPU.
  MessageWriter mine;
  mine.text(forward.given);
  mine.number(static_cast<int64_t>(forward.code));
  mine.text(forward.problem);
  mine.text(forward.idle ? "" : form(forward.structure, tensorsOf(parts)));
  int64_t bytes = 0;
  for (const Part& part : parts) {
    mine.number(part.present);
    mine.number(part.watched);
    mine.number(part.x.size(0));
    if (part.x.device().isCpu()) bytes += part.x.numel() * itemSize(part.x.dtype());
  }
  const bool few = kTalkBytes + mine.message().size() + sizeof(int64_t) + bytes <= kShortMessage;
  mine.number(few);
  if (few) {
    const NoGrad guard;
    for (const Part& part : parts)
      if (part.x.device().isCpu()) mine.raw(contiguous(part.x).bytes(), part.x.numel() * itemSize(part.x.dtype()));
  }
  const std::vector<std::string> messages = exchange(about, mine.message());
  std::vector<MessageReader> theirs(messages.begin(), messages.end());

  std::vector<std::string_view> givens, forms;  // an idle rank's form is empty
  std::optional<std::pair<Code, std::string_view>> problem;
  for (MessageReader& reader : theirs) {
    givens.push_back(reader.text());
    const auto code = static_cast<Code>(reader.number());
    const std::string_view text = reader.text();
    if (!text.empty() && !problem) problem = {code, text};
    forms.push_back(reader.text());
  }
  for (size_t r = 1; r < theirs.size(); r++)
    if (givens[r] != givens[0]) failGiven(givens[0], static_cast<int>(r), givens[r]);
  if (problem) fail(problem->first, problem->second);
  for (size_t r = 1; r < theirs.size(); r++)
    if (!forms[r].empty() && forms[r] != forms[0])
      fail(Code::distributed, "DataParallel: the replicas returned different things: rank 0 ", describeForm(forms[0]),
           ", rank ", r, " ", describeForm(forms[r]),
           "; what they return may differ in the values of tensors and in rows only");
  if (forward.idle) {
    forward.structure = MessageReader(forms[0]).text();
    for (const Tensor& x : nothingOf(forms[0], device_)) parts.push_back({x});
  }

  std::vector<Joined> joined(parts.size());
  bool together = true;
  for (size_t r = 0; r < theirs.size(); r++) {
    MessageReader& reader = theirs[r];
    for (Joined& to : joined) {
      if (forms[r].empty()) {
        to.rows.push_back(0);
        continue;
      }
      to.present = reader.number() != 0 || to.present;
      to.watched = reader.number() != 0 || to.watched;
      to.rows.push_back(reader.number());
    }
    together = reader.number() != 0 && together;
  }

  std::vector<Tensor> out;
  for (size_t i = 0; i < parts.size(); i++) {
    const Tensor& x = parts[i].x;
    const auto& rows = joined[i].rows;
    if (!x.device().isCpu() || !together) {
      out.push_back(joined[i].present ? joinRows(parts[i], joined[i]) : Tensor());
      continue;
    }
    Dims sizes = x.sizes();
    sizes[0] = 1;
    const int64_t rowBytes = std::accumulate(sizes.begin(), sizes.end(), itemSize(x.dtype()), std::multiplies<>());
    sizes[0] = std::accumulate(rows.begin(), rows.end(), int64_t{0});
    out.push_back(joined[i].present ? empty(sizes, x.dtype()) : Tensor());
    for (int64_t r = 0, at = 0; r < static_cast<int64_t>(rows.size()); at += rows[r++] * rowBytes) {
      const char* data = theirs[r].raw(rows[r] * rowBytes);
      if (joined[i].present && rows[r] * rowBytes > 0) std::memcpy(out[i].bytes() + at, data, rows[r] * rowBytes);
    }
  }
  if (!gradEnabled()) return out;

  std::vector<Tensor> outputs, inputs;
  std::vector<Rows> own;
  std::vector<bool> linked;
  for (size_t i = 0; i < parts.size(); i++) {
    if (!joined[i].watched) continue;
    const auto& rows = joined[i].rows;
    const int64_t first = std::accumulate(rows.begin(), rows.begin() + group_.rank(), int64_t{0});
    own.push_back({first, first + rows[group_.rank()]});
    linked.push_back(requiresGrad(parts[i].x));
    outputs.push_back(out[i]);
    inputs.push_back(parts[i].x);
  }
  if (outputs.empty()) return out;
  if (token.defined()) inputs.push_back(token);
  inputs.insert(inputs.end(), params_.begin(), params_.end());
  recordMany("GatherBackward0", outputs, inputs, [self = Ref<Reducer>(this), own, linked, token](const Grads& dy) {
    return self->joinBackward(dy, own, linked, token);
  });
  return out;
}

Grads Reducer::joinBackward(const Grads& dy, const std::vector<Rows>& own, const std::vector<bool>& linked,
                            const Tensor& token) {
  arm(std::nullopt);
  std::vector<size_t> which;
  std::vector<Tensor> whole;
  std::vector<Rows> rows;
  for (size_t i = 0; i < dy.size(); i++) {
    if (!dy[i].defined()) continue;
    which.push_back(i);
    whole.push_back(dy[i]);
    rows.push_back(own[i]);
  }
  Tensor next = token;
  const std::vector<Tensor> parts = split(whole, rows, rows, next);
  Grads dx(own.size());
  for (size_t k = 0; k < which.size(); k++)
    if (linked[which[k]]) dx[which[k]] = mul(parts[k], group_.worldSize());
  if (token.defined()) dx.push_back(next);
  if (armed_ && gradEnabled() && next.defined()) tokens_.push_back(next);
  return dx;
}

// The parts padded to the largest, if they differ in their rows.
Tensor Reducer::joinRows(const Part& part, const Joined& joined) {
  const NoGrad guard;
  const Tensor& x = part.x;
  const int ranks = group_.worldSize();
  const int64_t most = *std::max_element(joined.rows.begin(), joined.rows.end());
  Dims sizes = x.sizes();
  sizes[0] = most;
  Tensor mine;
  if (x.size(0) == most) {
    mine = alias(contiguous(x));
  } else {
    mine = empty(sizes, x.dtype(), x.device());
    kernels<CopyKernels>(mine).copy(x, slice(mine, 0, 0, x.size(0), 1));
  }
  sizes[0] = most * ranks;
  const Tensor all = empty(sizes, x.dtype(), x.device());
  group_.of(x.device()).allGather(mine, all)->wait();
  if (std::count(joined.rows.begin(), joined.rows.end(), most) == ranks) return all;
  std::vector<Tensor> parts;
  for (int r = 0; r < ranks; r++) parts.push_back(slice(all, 0, r * most, r * most + joined.rows[r], 1));
  return cat(parts, 0);
}

// What grad() has found for parameters, which no bucket has seen.
void Reducer::averageCaptured(std::vector<Captured>& captured) {
  std::vector<Captured*> mine;
  std::vector<bool> flags;
  for (Captured& c : captured) {
    if (!indexOf_.count(c.input.impl())) continue;
    mine.push_back(&c);
    flags.push_back(c.gradient.defined());
    flags.push_back(recording(c.gradient));
  }
  if (mine.empty()) return;
  flags = anyRank(flags);
  for (size_t k = 0; k < mine.size(); k++) {
    if (!flags[2 * k]) continue;
    Captured& c = *mine[k];
    Tensor mean;
    {
      const NoGrad guard;
      const Tensor& p = c.input;
      mean = c.gradient.defined() ? clone(c.gradient) : full(p.sizes(), 0, p.dtype(), p.device());
      comm_.allReduce(alias(mean), ReduceOp::mean)->wait();
    }
    if (flags[2 * k + 1]) recordMean(mean, c.gradient);
    c.gradient = mean;
  }
}

// Gradients of a recorded pass, after the buckets have averaged them: not views, since the next pass changes those.
void Reducer::takeRecorded(const std::vector<int>& used) {
  std::vector<bool> flags;
  for (int i : used) flags.push_back(recording(autogradMeta(params_[i]).slot->grad));
  flags = anyRank(flags);
  for (size_t k = 0; k < used.size(); k++) {
    Tensor& grad = autogradMeta(params_[used[k]]).slot->grad;
    const Tensor mean = clone(slots_[used[k]].view);
    if (flags[k]) recordMean(mean, grad);
    grad = mean;
  }
}

void Reducer::recordMean(const Tensor& mean, const Tensor& mine) {
  std::vector<Tensor> inputs{mine};
  inputs.insert(inputs.end(), tokens_.begin(), tokens_.end());
  inputs.insert(inputs.end(), params_.begin(), params_.end());
  recordMany("AllReduceBackward0", {mean}, inputs,
             [self = Ref<Reducer>(this), tokens = tokens_, linked = requiresGrad(mine)](const Grads& dy) {
               check(!recording(dy[0]), Code::unsupported,
                     "backward: createGraph is not supported for the derivative of a gradient of DataParallel's "
                     "parameters; take third derivatives with the module inside the wrapper");
               self->arm(std::nullopt);
               Grads dx{linked ? dy[0] : Tensor()};
               dx.insert(dx.end(), tokens.begin(), tokens.end());
               if (self->armed_ && gradEnabled())
                 self->tokens_.insert(self->tokens_.end(), tokens.begin(), tokens.end());
               return dx;
             });
}

}  // namespace dtrain
