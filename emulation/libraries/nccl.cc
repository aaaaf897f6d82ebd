// Emulated NCCL: communicators among processes or threads of one machine, over shared memory (nccl-clique.h,
// nccl-data.h). Calls are queued on CUDA streams and carried out on their threads. It is as unhelpful as the real one
// when something goes wrong: a peer that is missing, dead, late or in another call leaves the stream waiting until
// ncclCommAbort. That call sits and waits for the peers to abort or end as well, and the collectives that they are in
// may end with wrong data.
//
// A nonblocking communicator (config.blocking = 0) does its work on a thread of its own, after the call has returned
// ncclInProgress: until ncclCommGetAsyncError says ncclSuccess, nothing is on the stream yet, and any other call spoils
// the communicator. Unless NCCL_RUNTIME_CONNECT is 0, the first call of a kind is in progress until all ranks have come
// to theirs.
#include "nccl.h"

#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include "emulation/libraries/nccl-communicator.h"
#include "emulation/libraries/operands.h"

namespace emulation {
namespace {

constexpr int kOldVersion = NCCL_VERSION(2, 29, 7);  // the last one that wants a device per rank

// The fault `oldnccl` makes this an older library.
int version() {
  static const int it = faultDue("oldnccl") ? kOldVersion : NCCL_VERSION_CODE;
  return it;
}

bool isSet(const char* variable, std::string_view value) {
  const char* set = std::getenv(variable);
  return set != nullptr && set == value;
}

// exit() takes down what a thread inside ncclCommAbort uses, and the process crashes or hangs.
class InAbort {
 public:
  InAbort() {
    static const int atEnd = std::atexit([] {
      if (threads > 0) std::raise(SIGSEGV);
    });
    static_cast<void>(atEnd);
    threads++;
  }
  ~InAbort() { threads--; }
  InAbort(const InAbort&) = delete;

 private:
  inline static std::atomic<int> threads{0};
};

ncclResult_t join(Communicator& comm, const CliqueId& id) {
  const bool old = version() == kOldVersion;
  const auto [joined, peer] = comm.clique.join(id, version(), !old && isSet("NCCL_MULTI_RANK_GPU_ENABLE", "1"));
  const std::string mine = std::to_string(comm.clique.rank), theirs = std::to_string(peer);
  switch (joined) {
    case Clique::Joined::yes: return ncclSuccess;
    case Clique::Joined::aborted: return refuse(ncclInternalError, "Bootstrap : aborted");
    case Clique::Joined::noSuchId:
      return refuse(ncclRemoteError, "socketPollConnect: connect to the bootstrap root returned Connection refused");
    case Clique::Joined::otherVersion:
      return refuse(ncclInvalidUsage, "Mismatched NCCL version detected : rank " + theirs + " version " +
                                          std::to_string(comm.clique.versionOf(peer)) + " rank " + mine + " version " +
                                          std::to_string(version()));
    case Clique::Joined::deviceTwice:
      return refuse(ncclInvalidUsage,
                    old ? "Duplicate GPU detected : rank " + mine + " and rank " + theirs + " both on CUDA device 1000"
                        : "Multiple Ranks are using the same GPU/Partition. Set "
                          "NCCL_MULTI_RANK_GPU_ENABLE=1 to enable this configuration.");
  }
  return ncclInternalError;
}

// A call that waits for the end of its group. `transfers` is for ncclSend and ncclRecv, which run side by side.
struct Pending {
  CommRef comm;
  cudaStream_t stream;
  std::function<void()> body;
  std::vector<Transfer> transfers;
  std::optional<int> connects;  // the kind of a collective
};

struct Group {
  int depth = 0;
  ncclResult_t error = ncclSuccess;
  std::vector<std::pair<CommRef, CliqueId>> joining;
  std::vector<Pending> calls;
};
thread_local Group group;

ncclResult_t launch(Pending& call) {
  const CommRef& comm = call.comm;
  if (!call.transfers.empty())
    call.body = [c = comm.get(), stream = call.stream, transfers = call.transfers] {
      for (const Transfer& t : transfers)
        if (!reachable(stream, c->device, t.send ? "ncclSend" : "ncclRecv", {{"buff", t.data, t.bytes}})) return;
      transfer(c->clique, transfers);
    };
  uint64_t ticket;
  {
    Guard guard(comm->mutex);
    ticket = comm->launched++;
  }
  auto turn = std::make_shared<Turn>(comm, ticket);
  const cudaError_t status = enqueue(call.stream, [turn, body = std::move(call.body)] { turn->run(body); });
  return status == cudaSuccess ? ncclSuccess : cudaFailure(status);
}

ncclResult_t launchAll(std::vector<Pending>& calls) {
  for (Pending& call : calls)
    if (const ncclResult_t result = launch(call); result != ncclSuccess) return result;
  return ncclSuccess;
}

// Joins all communicators at once, each on a thread of its own unless there is only one.
ncclResult_t joinAll(const std::vector<std::pair<CommRef, CliqueId>>& joining) {
  std::vector<ncclResult_t> results(joining.size());
  std::vector<std::thread> threads;
  const auto work = [&](size_t i) {
    joining[i].first->state = results[i] = join(*joining[i].first, joining[i].second);
  };
  for (size_t i = 1; i < joining.size(); i++) threads.emplace_back(work, i);
  if (!joining.empty()) work(0);
  for (std::thread& t : threads) t.join();
  for (const ncclResult_t r : results)
    if (r != ncclSuccess) return r;
  return ncclSuccess;
}

// Blocking and nonblocking communicators must not meet in a group.
ncclResult_t fitsGroup(const Communicator& comm) {
  const Communicator* other = !group.joining.empty() ? group.joining.front().first.get()
                              : !group.calls.empty() ? group.calls.front().comm.get()
                                                     : &comm;
  if (other->blocking == comm.blocking) return ncclSuccess;
  return refuse(ncclInvalidArgument, "Blocking and nonblocking communicators are not allowed in the same group.");
}

// Whether all connections are made by ncclCommInitRank.
bool connected() { return isSet("NCCL_RUNTIME_CONNECT", "0"); }

ncclResult_t endGroup() {
  if (group.depth == 0) return refuse(ncclInvalidUsage, "ncclGroupEnd: not in a group call.");
  if (--group.depth > 0) return ncclSuccess;
  Group done = std::exchange(group, {});
  if (done.error != ncclSuccess) {
    for (const auto& [comm, id] : done.joining) comm->state = done.error;
    for (const Pending& call : done.calls) spoil(*call.comm, done.error);
    return done.error;
  }
  if (done.joining.empty() && done.calls.empty()) return ncclSuccess;
  if ((done.joining.empty() ? done.calls.front().comm : done.joining.front().first)->blocking) {
    const ncclResult_t joined = joinAll(done.joining);
    return joined == ncclSuccess ? launchAll(done.calls) : joined;
  }
  for (const auto& [comm, id] : done.joining) post(comm, [c = comm.get(), id = id] { return join(*c, id); });
  std::map<CommRef, std::vector<Pending>> byComm;
  for (Pending& call : done.calls) byComm[call.comm].push_back(std::move(call));
  for (auto& [comm, calls] : byComm)
    post(comm, [c = comm.get(), calls = std::move(calls)]() mutable {
      std::this_thread::sleep_for(std::chrono::microseconds(50));  // time for a caller that does not ask to go wrong
      for (const Pending& call : calls)
        if (call.connects && !connected() && !c->clique.connect(*call.connects)) return ncclInternalError;
      return launchAll(calls);
    });
  return ncclInProgress;
}

// Ends the group of one call. Inside a group of the caller's, failures come back from its end as well.
ncclResult_t endCall(ncclResult_t result) {
  if (result != ncclSuccess && group.error == ncclSuccess) group.error = result;
  const ncclResult_t ended = endGroup();
  return result != ncclSuccess ? result : ended;
}

// f(zero of the element type) for a type that reduces.
template <class F>
void dispatch(ncclDataType_t type, F&& f) {
  switch (type) {
    case ncclInt8: return f(int8_t{});
    case ncclUint8: return f(uint8_t{});
    case ncclInt32: return f(int32_t{});
    case ncclUint32: return f(uint32_t{});
    case ncclInt64: return f(int64_t{});
    case ncclUint64: return f(uint64_t{});
    case ncclFloat32: return f(float{});
    case ncclFloat64: return f(double{});
    case ncclFloat16: return f(Float16{});
    case ncclBfloat16: return f(BFloat16{});
    default: return;
  }
}

// The reduction behind an operator, for one rank.
ncclResult_t resolve(Communicator& comm, const char* call, ncclRedOp_t op, ncclDataType_t type, Reduction& out) {
  out = {};
  out.type = type;
  if (!reducible(type))
    return refuse(ncclInvalidArgument,
                  std::string(call) + " : the emulation does not reduce type " + std::to_string(type));
  switch (static_cast<int>(op)) {
    case ncclSum: return ncclSuccess;
    case ncclProd: out.combine = Reduction::Combine::prod; return ncclSuccess;
    case ncclMax: out.combine = Reduction::Combine::max; return ncclSuccess;
    case ncclMin: out.combine = Reduction::Combine::min; return ncclSuccess;
    case ncclAvg:
      dispatch(type, [&]<class T>(T) {
        if constexpr (std::is_integral_v<T>) {
          out.divisor = comm.clique.ranks;
        } else {
          const auto scale = static_cast<T>(1.0 / comm.clique.ranks);
          out.scaling = Reduction::Scale::value;
          std::memcpy(&out.scale, &scale, sizeof scale);
        }
      });
      return ncclSuccess;
  }
  Guard guard(comm.mutex);
  const auto it = comm.reductions.find(op);
  if (it == comm.reductions.end())
    return refuse(ncclInvalidArgument,
                  std::string(call) + " : reduction operation " + std::to_string(op) + " unknown to this communicator");
  if (it->second.type != type)
    return refuse(ncclInvalidArgument,
                  "Data type supplied to user-created ncclRedOp_t does not match type given to "
                  "reduction operation");
  out = it->second;
  return ncclSuccess;
}

enum class Kind : int32_t { allReduce, broadcast, allGather, reduceScatter };

// The arguments of a collective, after the check.
struct Collective {
  Kind kind;
  const char* name;
  const void* send;
  void* recv;
  size_t count;
  ncclDataType_t type;
  ncclRedOp_t op;
  int root;
  cudaStream_t stream;
};

// Runs on the stream's thread.
void carryOut(Communicator& comm, const Collective& call, const Reduction& reduction) {
  Clique& clique = comm.clique;
  const size_t bytes = call.count * itemSize(call.type), all = bytes * clique.ranks;
  const bool sends = call.kind != Kind::broadcast || clique.rank == call.root;
  const size_t in = call.kind == Kind::reduceScatter ? all : sends ? bytes : 0;
  const size_t out = call.kind == Kind::allGather ? all : bytes;
  const size_t scale = reduction.scaling == Reduction::Scale::device ? itemSize(call.type) : 0;
  if (!reachable(call.stream, comm.device, call.name,
                 {{"sendbuff", call.send, in}, {"recvbuff", call.recv, out}, {"scalar", reduction.deviceScale, scale}}))
    return;
  const int op = std::min<int>(call.op, ncclNumOps);  // scalars may differ between ranks
  if (!clique.agree({static_cast<int32_t>(call.kind), call.type, op, call.root, call.count})) return;

  const auto* from = static_cast<const char*>(call.send);
  auto* to = static_cast<char*>(call.recv);
  if (call.kind == Kind::broadcast) return broadcast(clique, call.root, from, to, bytes);
  if (call.kind == Kind::allGather) return allGather(clique, from, to, bytes);
  dispatch(call.type, [&]<class T>(T) {
    if (call.kind == Kind::allReduce)
      allReduce(clique, reduction, static_cast<const T*>(call.send), static_cast<T*>(call.recv), call.count);
    else reduceScatter(clique, reduction, static_cast<const T*>(call.send), static_cast<T*>(call.recv), call.count);
  });
}

ncclResult_t checkCall(Communicator& comm, const char* name, ncclDataType_t type, int root, cudaStream_t stream) {
  if (const ncclResult_t result = ready(comm); result != ncclSuccess) return result;
  if (comm.finalized) return refuse(ncclInvalidUsage, std::string(name) + " : the communicator was finalized");
  if (root < 0 || root >= comm.clique.ranks)
    return refuse(ncclInvalidArgument, std::string(name) + " : invalid root " + std::to_string(root) +
                                           " (root should be in the 0.." + std::to_string(comm.clique.ranks) +
                                           " range)");
  if (type < 0 || type >= ncclNumTypes)
    return refuse(ncclInvalidArgument, std::string(name) + " : invalid type " + std::to_string(type));
  if (deviceOf(stream) != comm.device) return cudaFailure(cudaErrorInvalidResourceHandle);
  if (faultDue("nccl"))
    return refuse(ncclSystemError,
                  "Error while creating shared memory segment /dev/shm/nccl-emulated (size 9637888), "
                  "error: No space left on device (28)");
  return fitsGroup(comm);
}

// A call of which every rank that takes part shall wait for good, because this one never comes.
bool stalls(const CommRef& comm, cudaStream_t stream) {
  if (!faultDue("stall")) return false;
  group.calls.push_back({comm, stream, [c = comm.get()] { c->clique.hang(); }, {}, {}});
  return true;
}

ncclResult_t submit(ncclComm_t handle, const Collective& call) {
  group.depth++;
  const CommRef comm = find(call.name, handle);
  if (!comm) return endCall(ncclInvalidArgument);
  Reduction reduction;
  ncclResult_t result = checkCall(*comm, call.name, call.type, call.root, call.stream);
  if (result == ncclSuccess && (call.kind == Kind::allReduce || call.kind == Kind::reduceScatter))
    result = resolve(*comm, call.name, call.op, call.type, reduction);
  if (result != ncclSuccess) spoil(*comm, result);
  else if (call.count > 0 && !stalls(comm, call.stream))
    group.calls.push_back({comm,
                           call.stream,
                           [c = comm.get(), call, reduction] { carryOut(*c, call, reduction); },
                           {},
                           static_cast<int>(call.kind)});
  return endCall(result);
}

ncclResult_t submit(ncclComm_t handle, const char* name, const Transfer& transfer, ncclDataType_t type,
                    cudaStream_t stream) {
  group.depth++;
  const CommRef comm = find(name, handle);
  if (!comm) return endCall(ncclInvalidArgument);
  const ncclResult_t result = checkCall(*comm, name, type, transfer.peer, stream);
  if (result != ncclSuccess) {
    spoil(*comm, result);
  } else if (!stalls(comm, stream)) {
    const auto same = std::find_if(group.calls.begin(), group.calls.end(), [&](const Pending& call) {
      return call.comm == comm && call.stream == stream && !call.transfers.empty();
    });
    if (same != group.calls.end()) same->transfers.push_back(transfer);
    else group.calls.push_back({comm, stream, {}, {transfer}, {}});
  }
  return endCall(result);
}

// The `blocking` of a configuration, whichever version's it is.
ncclResult_t readConfig(const ncclConfig_t* given, bool& blocking) {
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  if (given) {
    size_t bytes;
    std::memcpy(&bytes, given, sizeof bytes);
    config.magic = 0;
    std::memcpy(static_cast<void*>(&config), given, std::min(bytes, sizeof config));
  }
  if (config.magic != NCCL_API_MAGIC)
    return refuse(ncclInvalidArgument, "ncclConfig_t argument not initialized via NCCL_CONFIG_INITIALIZER");
  if (config.version < NCCL_VERSION(2, 14, 0)) config.blocking = NCCL_CONFIG_UNDEF_INT;
  if (config.blocking != NCCL_CONFIG_UNDEF_INT && config.blocking != 0 && config.blocking != 1)
    return refuse(ncclInvalidArgument, "Invalid config blocking attribute value " + std::to_string(config.blocking));
  blocking = config.blocking != 0;
  return ncclSuccess;
}

// Begins a communicator of the current device and adds it to the group; *out is usable (by ncclCommAbort) at once.
ncclResult_t begin(ncclComm_t* out, int ranks, const ncclUniqueId& commId, int rank, const ncclConfig_t* config) {
  int device;
  std::array<char, 32> bus{};
  cudaError_t status = cudaGetDevice(&device);
  if (status == cudaSuccess) status = cudaDeviceGetPCIBusId(bus.data(), static_cast<int>(bus.size()), device);
  if (status != cudaSuccess) return cudaFailure(status);
  if (!out) return refuse(ncclInvalidArgument, "CommInitRank : newcomm argument is NULL");
  *out = nullptr;
  if (ranks < 1 || rank < 0 || rank >= ranks)
    return refuse(ncclInvalidArgument,
                  "Invalid rank requested : " + std::to_string(rank) + "/" + std::to_string(ranks));
  if (ranks > kMaxRanks)
    return refuse(ncclSystemError, "The emulation has room for " + std::to_string(kMaxRanks) + " ranks");
  bool blocking = true;
  if (const ncclResult_t result = readConfig(config, blocking); result != ncclSuccess) return result;
  CliqueId id;
  std::memcpy(&id, commId.internal, sizeof id);
  if (id.magic != kCliqueMagic) return refuse(ncclInvalidArgument, "CommInitRank : commId is not an ncclUniqueId");
  const auto comm = std::make_shared<Communicator>(rank, ranks, bus.data(), device, blocking);
  if (const ncclResult_t result = fitsGroup(*comm); result != ncclSuccess) return result;
  if (!blocking) startWorker(comm);
  *out = enter(comm);
  group.joining.emplace_back(comm, id);
  return ncclSuccess;
}

}  // namespace
}  // namespace emulation

using namespace emulation;

ncclResult_t ncclGetVersion(int* version) {
  if (!version) return refuse(ncclInvalidArgument, "GetVersion : version argument is NULL");
  *version = emulation::version();
  return ncclSuccess;
}

const char* ncclGetErrorString(ncclResult_t result) {
  switch (result) {
    case ncclSuccess: return "no error";
    case ncclUnhandledCudaError: return "unhandled cuda error (run with NCCL_DEBUG=INFO for details)";
    case ncclSystemError: return "unhandled system error (run with NCCL_DEBUG=INFO for details)";
    case ncclInternalError: return "internal error - please report this issue to the NCCL developers";
    case ncclInvalidArgument: return "invalid argument (run with NCCL_DEBUG=WARN for details)";
    case ncclInvalidUsage: return "invalid usage (run with NCCL_DEBUG=WARN for details)";
    case ncclRemoteError: return "remote process exited or there was a network error";
    case ncclInProgress: return "NCCL operation in progress";
    case ncclTimeout: return "timeout";
    case ncclNumResults: break;
  }
  return "unknown result code";
}

const char* ncclGetLastError(ncclComm_t) {
  Guard guard(messages().mutex);
  return messages().last;
}

ncclResult_t ncclGetUniqueId(ncclUniqueId* uniqueId) {
  if (!uniqueId) return refuse(ncclInvalidArgument, "GetUniqueId : out argument is NULL");
  CliqueId id;
  if (!Segment::create(id)) return refuse(ncclSystemError, "Call to memfd_create failed");
  *uniqueId = {};
  static_assert(sizeof id <= sizeof *uniqueId);
  std::memcpy(uniqueId->internal, &id, sizeof id);
  return ncclSuccess;
}

ncclResult_t ncclCommInitRankConfig(ncclComm_t* comm, int nranks, ncclUniqueId commId, int rank, ncclConfig_t* config) {
  group.depth++;
  return endCall(begin(comm, nranks, commId, rank, config));
}

ncclResult_t ncclCommInitRank(ncclComm_t* comm, int nranks, ncclUniqueId commId, int rank) {
  return ncclCommInitRankConfig(comm, nranks, commId, rank, nullptr);
}

ncclResult_t ncclCommFinalize(ncclComm_t comm) {
  const CommRef c = find("CommFinalize", comm);
  if (!c) return comm ? ncclInvalidArgument : ncclSuccess;
  if (const ncclResult_t result = ready(*c); result != ncclSuccess) return spoil(*c, result);
  if (c->finalized.exchange(true))
    return spoil(*c, refuse(ncclInvalidArgument, "CommFinalize : the communicator was finalized before"));
  const auto wait = [c = c.get()] { return c->waitUntilIdle() ? ncclSuccess : ncclInternalError; };
  if (c->blocking) return wait();
  post(c, wait);
  return ncclInProgress;
}

ncclResult_t ncclCommDestroy(ncclComm_t comm) {
  const CommRef c = find("CommDestroy", comm);
  if (!c) return comm ? ncclInvalidArgument : ncclSuccess;
  if (const ncclResult_t result = ready(*c); result != ncclSuccess) return result;
  if (c->blocking) c->waitUntilIdle();
  forget(comm);
  close(*c);
  return ncclSuccess;
}

ncclResult_t ncclCommAbort(ncclComm_t comm) {
  const CommRef c = find("CommAbort", comm);
  if (!c) return comm ? ncclInvalidArgument : ncclSuccess;
  const InAbort inside;
  while (faultDue("abort")) std::this_thread::sleep_for(std::chrono::seconds(1));
  forget(comm);
  c->clique.abort();
  std::unique_lock lock(c->mutex);
  c->jobs.clear();
  c->closed = true;
  c->changed.notify_all();
  c->changed.wait(lock, [&] { return c->running == 0 && !c->working; });
  lock.unlock();
  c->clique.leave(abortPatience());
  int before;  // NCCL takes the communicator's device, and then goes back, which makes a context there if there is none
  if (cudaGetDevice(&before) == cudaSuccess) cudaSetDevice(before);
  return ncclSuccess;
}

ncclResult_t ncclCommGetAsyncError(ncclComm_t comm, ncclResult_t* asyncError) {
  if (!asyncError) return refuse(ncclInvalidArgument, "ncclGetAsyncError : asyncError argument is NULL");
  const CommRef c = find("ncclGetAsyncError", comm);
  *asyncError = c ? c->state.load() : ncclInvalidArgument;
  return c ? ncclSuccess : ncclInvalidArgument;
}

ncclResult_t ncclCommCount(const ncclComm_t comm, int* count) {
  const CommRef c = find("CommCount", comm);
  if (!c || !count) return ncclInvalidArgument;
  if (const ncclResult_t result = ready(*c); result != ncclSuccess) return result;
  *count = c->clique.ranks;
  return ncclSuccess;
}

ncclResult_t ncclCommUserRank(const ncclComm_t comm, int* rank) {
  const CommRef c = find("CommUserRank", comm);
  if (!c || !rank) return ncclInvalidArgument;
  if (const ncclResult_t result = ready(*c); result != ncclSuccess) return result;
  *rank = c->clique.rank;
  return ncclSuccess;
}

ncclResult_t ncclCommCuDevice(const ncclComm_t comm, int* device) {
  const CommRef c = find("CommCuDevice", comm);
  if (!c || !device) return ncclInvalidArgument;
  if (const ncclResult_t result = ready(*c); result != ncclSuccess) return result;
  *device = c->device;
  return ncclSuccess;
}

ncclResult_t ncclRedOpCreatePreMulSum(ncclRedOp_t* op, void* scalar, ncclDataType_t datatype,
                                      ncclScalarResidence_t residence, ncclComm_t comm) {
  static std::atomic<int> next{ncclNumOps};  // unique in the process, so that no communicator takes another's
  const CommRef c = find("ncclRedOpCreatePreMulSum", comm);
  if (!c || !op || !scalar) return ncclInvalidArgument;
  if (const ncclResult_t result = ready(*c); result != ncclSuccess) return result;
  if (datatype < 0 || datatype >= ncclNumTypes)
    return refuse(ncclInternalError, "ncclRedOpCreatePreMulSum : invalid type " + std::to_string(datatype));
  Reduction reduction;
  reduction.type = datatype;
  if (residence == ncclScalarHostImmediate) {
    reduction.scaling = Reduction::Scale::value;
    std::memcpy(&reduction.scale, scalar, itemSize(datatype));
  } else {
    reduction.scaling = Reduction::Scale::device;
    reduction.deviceScale = scalar;
  }
  Guard guard(c->mutex);
  *op = static_cast<ncclRedOp_t>(next++);
  c->reductions[*op] = reduction;
  return ncclSuccess;
}

ncclResult_t ncclRedOpDestroy(ncclRedOp_t op, ncclComm_t comm) {
  if (op < ncclNumOps) return refuse(ncclInvalidArgument, "ncclRedOpDestroy : operator is a NCCL builtin.");
  const CommRef c = find("ncclRedOpDestroy", comm);
  if (!c) return ncclInvalidArgument;
  Guard guard(c->mutex);
  if (c->reductions.erase(op) == 0)
    return refuse(ncclInvalidArgument, "ncclRedOpDestroy : operator unknown to this communicator.");
  return ncclSuccess;
}

ncclResult_t ncclAllReduce(const void* sendbuff, void* recvbuff, size_t count, ncclDataType_t datatype, ncclRedOp_t op,
                           ncclComm_t comm, cudaStream_t stream) {
  return submit(comm, {Kind::allReduce, "AllReduce", sendbuff, recvbuff, count, datatype, op, 0, stream});
}

ncclResult_t ncclBroadcast(const void* sendbuff, void* recvbuff, size_t count, ncclDataType_t datatype, int root,
                           ncclComm_t comm, cudaStream_t stream) {
  return submit(comm, {Kind::broadcast, "Broadcast", sendbuff, recvbuff, count, datatype, ncclSum, root, stream});
}

ncclResult_t ncclAllGather(const void* sendbuff, void* recvbuff, size_t sendcount, ncclDataType_t datatype,
                           ncclComm_t comm, cudaStream_t stream) {
  return submit(comm, {Kind::allGather, "AllGather", sendbuff, recvbuff, sendcount, datatype, ncclSum, 0, stream});
}

ncclResult_t ncclReduceScatter(const void* sendbuff, void* recvbuff, size_t recvcount, ncclDataType_t datatype,
                               ncclRedOp_t op, ncclComm_t comm, cudaStream_t stream) {
  return submit(comm, {Kind::reduceScatter, "ReduceScatter", sendbuff, recvbuff, recvcount, datatype, op, 0, stream});
}

ncclResult_t ncclSend(const void* sendbuff, size_t count, ncclDataType_t datatype, int peer, ncclComm_t comm,
                      cudaStream_t stream) {
  auto* data = static_cast<char*>(const_cast<void*>(sendbuff));
  return submit(comm, "Send", {true, peer, data, count * itemSize(datatype)}, datatype, stream);
}

ncclResult_t ncclRecv(void* recvbuff, size_t count, ncclDataType_t datatype, int peer, ncclComm_t comm,
                      cudaStream_t stream) {
  return submit(comm, "Recv", {false, peer, static_cast<char*>(recvbuff), count * itemSize(datatype)}, datatype,
                stream);
}

ncclResult_t ncclGroupStart() {
  group.depth++;
  return ncclSuccess;
}

ncclResult_t ncclGroupEnd() { return endGroup(); }
