// See Note [Exact sums]. Scattering and joining are recorded ops, and each is what the other's gradient is made of: so
// both are functions here, which forward and backward share.
#include "comm/gather.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_set>

#include "comm/agreement.h"
#include "kernels/copy.h"
#include "ops/arithmetic.h"
#include "ops/copy.h"
#include "ops/creation.h"
#include "ops/index.h"
#include "ops/record.h"
#include "ops/view.h"

namespace dtrain {

namespace {

struct Rows {  // along dim 0
  int64_t first = 0, last = 0;
};

// What this rank contributes to a joined tensor.
struct RankPart {
  Tensor x;             // zeros when there is nothing
  bool present = true;  // otherwise another rank must have it, or the joined tensor is undefined
  bool watched = false;
};

// What all ranks together say of a part.
struct Joined {
  std::vector<int64_t> rows;  // by rank
  bool present = false, watched = false;
};

// What a forward pass has to say beside its parts.
struct Forward {
  std::string batch{}, structure{};  // must be the same on all ranks
  Code code = Code::distributed;     // of the problem
  std::string problem{};             // must be empty on all ranks
  bool idle = false;                 // there are no rows for this rank: the structure is what the others say
};

std::vector<Tensor> join(const Ref<Reducer>& reducer, std::vector<RankPart> parts, const Tensor& token, Talk about,
                         Forward& forward);

// --- in
// ---------------------------------------------------------------------------------------------------------------

Grads splitBackward(const Ref<Reducer>& reducer, const Grads& dy, const std::vector<Tensor>& none, bool hasToken) {
  check(dy[0].defined(), Code::autograd, "backward: the inputs of a ", reducer->wrapper().name,
        " wrapper were reached by a tensor that its module kept to itself; return from forward() all that the loss "
        "needs");
  std::vector<RankPart> parts;
  for (size_t i = 0; i < none.size(); i++) {
    // An idle rank has rows of another one, whose gradient that one brings.
    const bool present = i + 1 < dy.size() && dy[i + 1].defined() && dy[i + 1].size(0) == none[i].size(0);
    const Tensor& part = present ? dy[i + 1] : none[i];
    parts.push_back({part, present, recording(part)});
  }
  Forward nothingToSay;
  Grads dx = join(reducer, parts, dy[0], Talk::backward, nothingToSay);
  for (Tensor& x : dx)
    if (x.defined()) x = div(x, reducer->group().worldSize());
  if (hasToken) dx.push_back(dy[0]);
  Reducer::launchReady();  // buckets may have waited for this: see Note [Order of collectives]
  return dx;
}

// The rows `used` of xs. Where they are not the rank's `own`, no gradient comes back for them. The token, an input too
// when it is defined, becomes that of the way out.
std::vector<Tensor> split(const Ref<Reducer>& reducer, const std::vector<Tensor>& xs, const std::vector<Rows>& own,
                          const std::vector<Rows>& used, Tensor& token) {
  std::vector<Tensor> parts, inputs, none;
  {
    const NoGrad guard;  // the node below stands for the slices, too
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
  recordMany("ScatterBackward0", outputs, inputs, [reducer, none, hasToken](const Grads& dy) {
    return splitBackward(reducer, dy, none, hasToken);
  }).collective = true;
  token = outputs[0];
  return parts;
}

// --- out
// --------------------------------------------------------------------------------------------------------------

Grads joinBackward(const Ref<Reducer>& reducer, const Grads& dy, const std::vector<Rows>& own,
                   const std::vector<bool>& linked, const Tensor& token) {
  // Here backward enters the replica: from now on gradients are those of this rank's rows.
  reducer->arm(std::nullopt);
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
  const std::vector<Tensor> parts = split(reducer, whole, rows, rows, next);
  Grads dx(own.size());
  for (size_t k = 0; k < which.size(); k++)
    if (linked[which[k]]) dx[which[k]] = mul(parts[k], reducer->group().worldSize());
  if (token.defined()) dx.push_back(next);
  if (next.defined()) reducer->linkRecorded({next});
  return dx;
}

// What this rank says of its parts: first what must agree, then their rows, then the rows themselves where they are few
// and on the CPU, which saves a collective for each.
std::string announcement(const std::vector<RankPart>& parts, const Forward& forward) {
  std::vector<Tensor> xs;
  for (const RankPart& part : parts) xs.push_back(part.x);
  MessageWriter out;
  out.text(forward.batch);
  out.number(static_cast<int64_t>(forward.code));
  out.text(forward.problem);
  out.text(forward.idle ? "" : outputText(forward.structure, xs));
  int64_t bytes = 0;
  for (const RankPart& part : parts) {
    out.number(part.present);
    out.number(part.watched);
    out.number(part.x.size(0));
    if (part.x.device().isCpu()) bytes += part.x.numel() * itemSize(part.x.dtype());
  }
  const bool few = kTalkBytes + out.message().size() + sizeof(int64_t) + bytes <= kShortMessage;
  out.number(few);
  if (!few) return out.message();
  const NoGrad guard;
  for (const Tensor& x : xs)
    if (x.device().isCpu()) out.raw(contiguous(x).bytes(), x.numel() * itemSize(x.dtype()));
  return out.message();
}

// Reads what must agree, and throws where it does not, or where a rank has a problem: on all ranks the same, since all
// read the same. Returns the ranks' outputs as texts, empty for an idle rank.
std::vector<std::string_view> readOutputs(const Wrapper& wrapper, std::vector<MessageReader>& ranks) {
  std::vector<std::string_view> batches, outputs;
  std::optional<std::pair<Code, std::string_view>> problem;
  for (MessageReader& in : ranks) {
    batches.push_back(in.text());
    const auto code = static_cast<Code>(in.number());
    const std::string_view text = in.text();
    if (!text.empty() && !problem) problem = {code, text};
    outputs.push_back(in.text());
  }
  // In this order: other batches explain problems, and problems explain other outputs. Rank 0 has always rows.
  for (size_t r = 1; r < ranks.size(); r++)
    if (batches[r] != batches[0]) failBatches(wrapper, batches[0], static_cast<int>(r), batches[r]);
  if (problem) fail(problem->first, problem->second);
  for (size_t r = 1; r < ranks.size(); r++)
    if (!outputs[r].empty() && outputs[r] != outputs[0])
      failOutputs(wrapper, outputs[0], static_cast<int>(r), outputs[r]);
  return outputs;
}

// The parts of all ranks, padded to the largest if they differ in their rows: one collective.
Tensor joinRows(Group& group, const Tensor& x, const std::vector<int64_t>& rows) {
  const NoGrad guard;
  const int ranks = group.worldSize();
  const int64_t most = *std::max_element(rows.begin(), rows.end());
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
  group.of(x.device()).allGather(mine, all)->wait();
  if (std::count(rows.begin(), rows.end(), most) == ranks) return all;
  std::vector<Tensor> parts;
  for (int r = 0; r < ranks; r++) parts.push_back(slice(all, 0, r * most, r * most + rows[r], 1));
  return cat(parts, 0);
}

// The same when the rows are in the messages. x is this rank's part.
Tensor readRows(std::vector<MessageReader>& ranks, const Tensor& x, const Joined& joined) {
  Dims sizes = x.sizes();
  sizes[0] = 1;
  const int64_t rowBytes = std::accumulate(sizes.begin(), sizes.end(), itemSize(x.dtype()), std::multiplies<>());
  sizes[0] = std::accumulate(joined.rows.begin(), joined.rows.end(), int64_t{0});
  const Tensor all = joined.present ? empty(sizes, x.dtype()) : Tensor();
  int64_t at = 0;
  for (size_t r = 0; r < ranks.size(); r++) {
    const int64_t bytes = joined.rows[r] * rowBytes;
    const char* data = ranks[r].raw(bytes);  // also what nobody wants: the next part comes behind it
    if (joined.present && bytes > 0) std::memcpy(all.bytes() + at, data, bytes);
    at += bytes;
  }
  return all;
}

void recordJoin(const Ref<Reducer>& reducer, const std::vector<RankPart>& parts, const std::vector<Joined>& joined,
                const std::vector<Tensor>& out, const Tensor& token) {
  const int rank = reducer->group().rank();
  std::vector<Tensor> outputs, inputs;
  std::vector<Rows> own;
  std::vector<bool> linked;
  for (size_t i = 0; i < parts.size(); i++) {
    if (!joined[i].watched) continue;  // by any rank: the outputs must require gradients on all of them or none
    const auto& rows = joined[i].rows;
    const int64_t first = std::accumulate(rows.begin(), rows.begin() + rank, int64_t{0});
    own.push_back({first, first + rows[rank]});
    linked.push_back(requiresGrad(parts[i].x));
    outputs.push_back(out[i]);
    inputs.push_back(parts[i].x);
  }
  if (outputs.empty()) return;
  if (token.defined()) inputs.push_back(token);
  inputs.insert(inputs.end(), reducer->params().begin(), reducer->params().end());
  recordMany("GatherBackward0", outputs, inputs,
             [reducer, own, linked, token](const Grads& dy) { return joinBackward(reducer, dy, own, linked, token); });
}

// The parts of all ranks, one below the other. Where no rank has one, undefined.
std::vector<Tensor> join(const Ref<Reducer>& reducer, std::vector<RankPart> parts, const Tensor& token, Talk about,
                         Forward& forward) {
  Group& group = reducer->group();
  const std::vector<std::string> messages = exchange(group, reducer->wrapper(), about, announcement(parts, forward));
  std::vector<MessageReader> ranks(messages.begin(), messages.end());
  const std::vector<std::string_view> outputs = readOutputs(reducer->wrapper(), ranks);
  if (forward.idle) {
    forward.structure = structureOf(outputs[0]);
    for (const Tensor& x : withoutRows(outputs[0], reducer->device())) parts.push_back({x});
  }

  std::vector<Joined> joined(parts.size());
  bool together = true;
  for (size_t r = 0; r < ranks.size(); r++) {
    for (Joined& to : joined) {
      if (outputs[r].empty()) {
        to.rows.push_back(0);
        continue;
      }
      to.present = ranks[r].number() != 0 || to.present;
      to.watched = ranks[r].number() != 0 || to.watched;
      to.rows.push_back(ranks[r].number());
    }
    together = ranks[r].number() != 0 && together;
  }

  std::vector<Tensor> out;
  for (size_t i = 0; i < parts.size(); i++) {
    const Tensor& x = parts[i].x;
    if (x.device().isCpu() && together) out.push_back(readRows(ranks, x, joined[i]));
    else out.push_back(joined[i].present ? joinRows(group, x, joined[i].rows) : Tensor());
  }
  if (gradEnabled()) recordJoin(reducer, parts, joined, out, token);
  return out;
}

// What in the graph of ys came into the replica in another way than Note [Exact sums] lists, for a message.
std::string outsider(const std::vector<Tensor>& ys, const GradListener* reducer) {
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

}  // namespace

std::vector<Tensor> Gather::scatter(const std::vector<Tensor>& xs, const std::string& call) {
  check(!insideReplica, Code::argument, reducer_->wrapper().name,
        ": the module called another wrapped module, whose batch would be this rank's rows; wrap the outer module "
        "only, or call the other one outside");
  const Group& group = reducer_->group();
  const int ranks = group.worldSize();
  const int64_t rows = xs.at(0).size(0), size = (rows + ranks - 1) / ranks;  // torch.chunk's rule
  const auto chunk = [&](int64_t r) { return Rows{std::min(r * size, rows), std::min((r + 1) * size, rows)}; };
  const Rows own = chunk(group.rank());
  idle_ = rows > 0 && own.first == own.last;
  batch_ = batchText(xs, call);
  for (const Tensor& x : xs) versions_.emplace_back(x, x.version());
  const Rows used = idle_ ? chunk((rows - 1) / size) : own;  // the last rank that has any
  return split(reducer_, xs, std::vector<Rows>(xs.size(), own), std::vector<Rows>(xs.size(), used), token_);
}

std::vector<Tensor> Gather::gather(const std::vector<Tensor>& ys, const std::string& structure) {
  // What is wrong here is told in the collective, and thrown on all ranks: the others would wait for this one.
  Forward forward{std::move(batch_), structure};
  const auto problem = [&](Code code, const std::string& text) {
    if (forward.problem.empty())
      std::tie(forward.code, forward.problem) = std::pair{code, str(reducer_->wrapper().name, ": ", text)};
  };
  for (size_t i = 0; i < versions_.size(); i++) {
    const auto& [x, version] = versions_[i];
    if (x.version() != version)
      problem(Code::argument, str("the module changed input ", i, ", of shape ", x.sizes(),
                                  ", in place, where a rank has some of its rows; clone it first"));
  }
  versions_.clear();
  if (const std::string found = gradEnabled() ? outsider(ys, reducer_.get()) : ""; !found.empty())
    problem(Code::autograd, str("the module used ", found,
                                " that requires a gradient and is neither one of its inputs nor a parameter that it "
                                "had when it was wrapped; make it one"));
  std::vector<RankPart> parts;
  for (const Tensor& y : ys) parts.push_back({y, true, recording(y)});
  return join(reducer_, parts, std::exchange(token_, {}), Talk::forward, forward);
}

std::pair<std::string, std::vector<Tensor>> Gather::gatherNothing() {
  versions_.clear();
  Forward forward{std::move(batch_)};
  forward.idle = true;
  std::vector<Tensor> out = join(reducer_, {}, std::exchange(token_, {}), Talk::forward, forward);
  return {std::move(forward.structure), std::move(out)};
}

void Gather::gatherFailure(const std::string& reason) {
  versions_.clear();
  token_ = {};
  // As an idle rank: it has no rows, and no structure that could differ.
  Forward forward{std::move(batch_),
                  {},
                  Code::peer,
                  str(reducer_->wrapper().name, ": the module failed on rank ", reducer_->group().rank(), ": ", reason),
                  true};
  join(reducer_, {}, {}, Talk::forward, forward);
  fail(Code::internal, reducer_->wrapper().name, ": a failure of the module reached no rank");
}

}  // namespace dtrain
