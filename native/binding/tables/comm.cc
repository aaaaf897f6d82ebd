// Communication between the ranks of the job.
#include "binding/comm.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("comm");

// `ncclId`: what rank 0's ncclUniqueId() gave, the same on all ranks; null in a job on CPUs.
DT_OP(commInit, rank, worldSize, fd, timeoutMs, ncclId);
DT_OP(commAllReduce, x, op);
DT_OP(commBroadcast, xs, root);
DT_OP(commAllGather, x);
DT_OP(commReduceScatter, x, op);
DT_OP(commBarrier);
DT_OP_AS(commAllReduceAsync, "Promise<void>", x, op);
DT_OP_AS(commBroadcastAsync, "Promise<void>", x, root);
DT_OP_AS(commAllGatherAsync, "Promise<Handle>", x);
DT_OP_AS(commReduceScatterAsync, "Promise<Handle>", x, op);
DT_OP_AS(commBarrierAsync, "Promise<void>");
DT_OP(commAbort, reason);
// Before the process ends well: waits for its devices, and until the other ranks need it no more.
DT_OP(finish);
// Before the process ends: stops threads. False when NCCL keeps one of them, beside which exit handlers must not
// run.
DT_OP(commLeave);
// Ends the process without its exit handlers. The only function that does.
DT_OP_AS(exitAtOnce, "never", code);
DT_OP(ncclUniqueId);

}  // namespace
}  // namespace dtrain::binding
