// Reducers of gradients, and what a replica of DataParallel exchanges with the others.
#include "binding/comm.h"
#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("reducer");

// `wrapper`: the name of its class, for messages.
DT_OP(reducer, params, firstBucketBytes, bucketBytes, wrapper);
// Identity whose backward arms the reducer; `weight` is this rank's sample count.
DT_OP(reducerSink, reducer, x, weight);
// This rank's rows of each, for a gathering; another rank's, if there are none for it and it is idle. `call` says how
// the module is called, which must be the same on all ranks.
DT_OP_AS(scatterRows, "[gather: GatherHandle, rows: Handle[]]", reducer, xs, call);
DT_OP(gatherIdle, gather);
// All ranks' ys joined along dim 0, by rank; `structure` is that of the module's output.
DT_OP(gatherRows, gather, ys, structure);
// The same for an idle rank, which learns the structure.
DT_OP_AS(gatherNothing, "[structure: string, joined: Handle[]]", gather);
// Instead of gathering: throws on all ranks, after those that would wait have heard why.
DT_OP_AS(gatherFailure, "never", gather, reason);
// Until leaveReplica(), this thread computes what belongs to a replica, and draws from streams of its own.
DT_OP(enterReplica);
DT_OP(leaveReplica);
DT_OP(reducerSync, reducer, on);
DT_OP(reducerBuckets, reducer);
// Lets go of the parameters.
DT_OP(reducerUnhook, reducer);
// Whether a reducer watches this parameter.
DT_OP(isReduced, x);

}  // namespace
}  // namespace dtrain::binding
