// Promises are settled from the communication thread through one thread-safe function per call; collectives are rare
// compared to ops, so the simplest form is good enough.
#include "binding/comm.h"

#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "comm/collectives.h"

namespace dtrain::binding {

namespace {

Group* active = nullptr;  // never destroyed: its threads may run until the process ends
std::mutex initMutex;

struct Pending {
  napi_deferred deferred;
  Ref<Work> work;
  Tensor result;
};

void reject(napi_env env, napi_deferred deferred, const std::exception& e) {
  const auto* ours = dynamic_cast<const Error*>(&e);
  throwError(env, codeName(ours ? ours->code : Code::internal), e.what());
  napi_value error;
  napi_get_and_clear_last_exception(env, &error);
  napi_reject_deferred(env, deferred, error);
}

// On the JavaScript thread: the work is done, so wait() only fetches its error.
void settle(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(data));
  if (!env) return;  // shutting down
  try {
    pending->work->wait();
    napi_value value;
    if (pending->result.defined()) value = toJs(env, pending->result);
    else napi_get_undefined(env, &value);
    napi_resolve_deferred(env, pending->deferred, value);
  } catch (const std::exception& e) {
    reject(env, pending->deferred, e);
  }
}

}  // namespace

void commInit(int rank, int worldSize, int fd, int64_t timeoutMs, const std::optional<Bytes>& ncclId) {
  const std::lock_guard lock(initMutex);
  check(!active, Code::distributed, "distributed: already initialised in this process");
  std::vector<uint8_t> id;
  if (ncclId) id.assign(ncclId->data, ncclId->data + ncclId->size);
  active = new Group(rank, worldSize, fd, timeoutMs, std::move(id));
  addDeviceCheck([] { active->check(); });  // see Note [Late errors]
}

void finish() {
  if (const Runtime* cuda = cudaRuntime()) cuda->synchronizeAll();
  if (active) active->finish();
}

bool commLeave() { return !active || active->leave(); }

void exitAtOnce(int code) { _exit(code); }

std::vector<uint8_t> ncclUniqueId() {
  const NcclEngine* nccl = ncclEngine();
  check(nccl, Code::unsupported, "distributed: this build has no CUDA backend, which NCCL belongs to");
  return nccl->uniqueId();
}

namespace {

Group& group() {
  check(active, Code::distributed, "distributed: not initialised; call initProcessGroup() first");
  return *active;
}

// The promise of a collective.
napi_value promiseOf(const std::function<Started()>& start) {
  const napi_env env = instance().env;
  auto pending = std::make_unique<Pending>();
  napi_value promise, name;
  napi_create_promise(env, &pending->deferred, &promise);
  try {
    Started started = start();
    pending->work = std::move(started.work);
    pending->result = std::move(started.out);
  } catch (const Error& e) {
    reject(env, pending->deferred, e);
    return promise;
  }
  const Ref<Work> work = pending->work;
  napi_threadsafe_function notify;
  napi_create_string_utf8(env, "dtrain:collective", NAPI_AUTO_LENGTH, &name);
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, settle, &notify);
  work->then([notify, data = pending.release()] {
    if (napi_call_threadsafe_function(notify, data, napi_tsfn_nonblocking) == napi_closing) {
      delete data;  // the environment is shutting down and has released the function
      return;
    }
    napi_release_threadsafe_function(notify, napi_tsfn_release);
  });
  return promise;
}

}  // namespace

void commAllReduce(const Tensor& x, ReduceOp op) { allReduce(group(), x, op).wait(); }
void commBroadcast(const std::vector<Tensor>& xs, int root) { broadcast(group(), xs, root).wait(); }
Tensor commAllGather(const Tensor& x) { return allGather(group(), x).wait(); }
Tensor commReduceScatter(const Tensor& x, ReduceOp op) { return reduceScatter(group(), x, op).wait(); }
void commBarrier() { group().cpu().barrier()->wait(); }

napi_value commAllReduceAsync(const Tensor& x, ReduceOp op) {
  return promiseOf([&] { return allReduce(group(), x, op); });
}
napi_value commBroadcastAsync(const Tensor& x, int root) {
  return promiseOf([&] { return broadcast(group(), {x}, root); });
}
napi_value commAllGatherAsync(const Tensor& x) {
  return promiseOf([&] { return allGather(group(), x); });
}
napi_value commReduceScatterAsync(const Tensor& x, ReduceOp op) {
  return promiseOf([&] { return reduceScatter(group(), x, op); });
}
napi_value commBarrierAsync() {
  return promiseOf([] { return Started{group().cpu().barrier()}; });
}

void commAbort(const std::string& reason) { group().abort(reason); }

Ref<Reducer> reducer(const std::vector<Tensor>& params, int64_t firstBucketBytes, int64_t bucketBytes,
                     const std::string& wrapper) {
  return make<Reducer>(group(), params, firstBucketBytes, bucketBytes, wrapper);
}
Tensor reducerSink(const Ref<Reducer>& reducer, const Tensor& x, double weight) { return reducer->sink(x, weight); }
void reducerSync(const Ref<Reducer>& reducer, bool on) { reducer->setSync(on); }
std::vector<std::vector<int64_t>> reducerBuckets(const Ref<Reducer>& reducer) { return reducer->bucketParams(); }
void reducerUnhook(const Ref<Reducer>& reducer) { reducer->unhook(); }
bool isReduced(const Tensor& x) { return x.impl()->autograd && x.impl()->autograd->listener; }

std::pair<Ref<Gather>, std::vector<Tensor>> scatterRows(const Ref<Reducer>& reducer, const std::vector<Tensor>& xs,
                                                        const std::string& call) {
  auto gather = make<Gather>(reducer);
  std::vector<Tensor> rows = gather->scatter(xs, call);
  return {std::move(gather), std::move(rows)};
}
bool gatherIdle(const Ref<Gather>& gather) { return gather->idle(); }
std::vector<Tensor> gatherRows(const Ref<Gather>& gather, const std::vector<Tensor>& ys, const std::string& structure) {
  return gather->gather(ys, structure);
}
std::pair<std::string, std::vector<Tensor>> gatherNothing(const Ref<Gather>& gather) { return gather->gatherNothing(); }
void gatherFailure(const Ref<Gather>& gather, const std::string& reason) { gather->gatherFailure(reason); }
void enterReplica() {
  insideReplica = true;
  beginReplicaDraws(group().rank());
}
void leaveReplica() {
  insideReplica = false;
  endReplicaDraws();
}

}  // namespace dtrain::binding
