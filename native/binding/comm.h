// Collectives and the reducer as JavaScript sees them.
#pragma once

#include "binding/value.h"
#include "comm/reducer.h"

namespace dtrain::binding {

template <>
constexpr Kind kindOf<Reducer>() {
  return Kind::reducer;
}

void commInit(int rank, int worldSize, int fd, int64_t timeoutMs);

// These block, the Async ones return a promise and leave the event loop free.
void commAllReduce(const Tensor& x, int op);
void commBroadcast(const Tensor& x, int root);
Tensor commAllGather(const Tensor& x);
void commBarrier();
napi_value commAllReduceAsync(const Tensor& x, int op);
napi_value commBroadcastAsync(const Tensor& x, int root);
napi_value commAllGatherAsync(const Tensor& x);
napi_value commBarrierAsync();
void commAbort(const std::string& reason);

Ref<Reducer> reducer(const std::vector<Tensor>& params, int64_t firstBucketBytes, int64_t bucketBytes);
Tensor reducerSink(const Ref<Reducer>& reducer, const Tensor& x, double weight);
Tensor reducerGather(const Ref<Reducer>& reducer, const MaybeTensor& x);
void reducerSync(const Ref<Reducer>& reducer, bool on);
std::vector<std::vector<int64_t>> reducerBuckets(const Ref<Reducer>& reducer);
bool isReduced(const Tensor& x);

}  // namespace dtrain::binding
