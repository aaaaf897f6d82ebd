// Collectives and the reducer as JavaScript sees them.
#pragma once

#include "binding/value.h"
#include "comm/gather.h"

namespace dtrain::binding {

template <>
constexpr Kind kindOf<Reducer>() {
  return Kind::reducer;
}
template <>
constexpr Kind kindOf<Gather>() {
  return Kind::gather;
}

void commInit(int rank, int worldSize, int fd, int64_t timeoutMs, const std::optional<Bytes>& ncclId);
// Before the process ends well: waits for its devices, and until the other ranks need it no more; throws what went
// wrong there.
void finish();
// Before the process ends.
bool commLeave();
[[noreturn]] void exitAtOnce(int code);
// The bytes of an id that NCCL makes for a job.
std::vector<uint8_t> ncclUniqueId();

// On tensors of the CPU these block, on those of a GPU its current stream waits. The Async ones return a promise and
// leave the event loop free.
void commAllReduce(const Tensor& x, ReduceOp op);
void commBroadcast(const std::vector<Tensor>& xs, int root);
Tensor commAllGather(const Tensor& x);
Tensor commReduceScatter(const Tensor& x, ReduceOp op);
void commBarrier();
napi_value commAllReduceAsync(const Tensor& x, ReduceOp op);
napi_value commBroadcastAsync(const Tensor& x, int root);
napi_value commAllGatherAsync(const Tensor& x);
napi_value commReduceScatterAsync(const Tensor& x, ReduceOp op);
napi_value commBarrierAsync();
void commAbort(const std::string& reason);

Ref<Reducer> reducer(const std::vector<Tensor>& params, int64_t firstBucketBytes, int64_t bucketBytes,
                     const std::string& wrapper);
Tensor reducerSink(const Ref<Reducer>& reducer, const Tensor& x, double weight);
void reducerSync(const Ref<Reducer>& reducer, bool on);
std::vector<std::vector<int64_t>> reducerBuckets(const Ref<Reducer>& reducer);
void reducerUnhook(const Ref<Reducer>& reducer);
bool isReduced(const Tensor& x);

std::pair<Ref<Gather>, std::vector<Tensor>> scatterRows(const Ref<Reducer>& reducer, const std::vector<Tensor>& xs,
                                                        const std::string& call);
bool gatherIdle(const Ref<Gather>& gather);
std::vector<Tensor> gatherRows(const Ref<Gather>& gather, const std::vector<Tensor>& ys, const std::string& structure);
std::pair<std::string, std::vector<Tensor>> gatherNothing(const Ref<Gather>& gather);
void gatherFailure(const Ref<Gather>& gather, const std::string& reason);
// What this thread does between them is a replica's: see Note [Exact sums] and Note [Replica streams].
void enterReplica();
void leaveReplica();

}  // namespace dtrain::binding
