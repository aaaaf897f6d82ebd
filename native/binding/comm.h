// Collectives and the reducer as JavaScript sees them.
#pragma once

#include "binding/value.h"
#include "comm/reducer.h"

namespace dtrain::binding {

void commInit(int rank, int worldSize, int fd, int64_t timeoutMs);
Communicator& communicator();  // throws Error{distributed} before commInit
Tensor commAllGather(const Tensor& x);
Ref<Reducer> makeReducer(const std::vector<Tensor>& params, int64_t firstBucketBytes, int64_t bucketBytes);

// The Promise of a collective; the event loop stays alive until it settles.
napi_value promiseOf(Ref<Work> work, Tensor result);
napi_value commAllGatherAsync(const Tensor& x);

template <>
constexpr Kind kindOf<Reducer>() { return Kind::reducer; }

}  // namespace dtrain::binding
