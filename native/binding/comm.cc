// Promises are settled from the communication thread through one thread-safe function per call; collectives are rare
// compared to ops, so the simplest form is good enough.
#include "binding/comm.h"

#include <mutex>

#include "ops/copy.h"

namespace dtrain::binding {

namespace {

Communicator* active = nullptr;
std::mutex initMutex;

struct Pending {
  napi_deferred deferred;
  Ref<Work> work;
  Tensor result;
};

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
  } catch (const Error& e) {
    throwError(env, codeName(e.code), e.message);
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    napi_reject_deferred(env, pending->deferred, error);
  }
}

}  // namespace

void commInit(int rank, int worldSize, int fd, int64_t timeoutMs) {
  const std::lock_guard lock(initMutex);
  check(!active, Code::distributed, "distributed: already initialised in this process");
  active = makeShmCommunicator(rank, worldSize, fd, timeoutMs);
}

Communicator& communicator() {
  check(active, Code::distributed, "distributed: not initialised; start the script with dtrain --nproc N and call distributed.init()");
  return *active;
}

namespace {
Tensor gatherTarget(const Tensor& x) {
  Dims sizes = x.sizes();
  sizes.insert(0, communicator().worldSize());
  return empty(sizes, x.dtype());
}
}  // namespace

Tensor commAllGather(const Tensor& x) {
  const NoGrad guard;
  const Tensor out = gatherTarget(x);
  communicator().allGather(contiguous(x), out)->wait();
  return out;
}

napi_value commAllGatherAsync(const Tensor& x) {
  const NoGrad guard;
  const Tensor out = gatherTarget(x);
  return promiseOf(communicator().allGather(contiguous(x), out), out);
}

Ref<Reducer> makeReducer(const std::vector<Tensor>& params, int64_t firstBucketBytes, int64_t bucketBytes) {
  return make<Reducer>(communicator(), params, firstBucketBytes, bucketBytes);
}

napi_value promiseOf(Ref<Work> work, Tensor result) {
  const napi_env env = instance().env;
  auto pending = std::make_unique<Pending>();
  napi_value promise, name;
  napi_create_promise(env, &pending->deferred, &promise);
  pending->result = std::move(result);
  pending->work = work;
  napi_threadsafe_function notify;
  napi_create_string_utf8(env, "dtrain:collective", NAPI_AUTO_LENGTH, &name);
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, settle, &notify);
  work->then([notify, data = pending.release()] {
    napi_call_threadsafe_function(notify, data, napi_tsfn_nonblocking);
    napi_release_threadsafe_function(notify, napi_tsfn_release);
  });
  return promise;
}

}  // namespace dtrain::binding
