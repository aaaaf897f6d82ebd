// Per-environment state (main thread and each worker thread have their own), tensor boxes, and collection on demand.
//
// Note [Finalizers inside the collector]
// The module reports API version INT_MAX, so V8 runs finalizers inside its scavenges instead of queueing them to the
// event loop, where a synchronous training loop would never let them run. Such a finalizer may only touch C++ state:
// Box's drops a reference and returns memory to the caching allocator, nothing else.
#pragma once

#define NAPI_VERSION 9
#include <node_api.h>

#include <memory>

#include "core/allocator.h"
#include "core/generator.h"
#include "core/pooled.h"
#include "core/tensor.h"

namespace dtrain::binding {

enum class Kind : uint32_t {
  tensor = 0x64745431,
  generator = 0x64745432,
  node = 0x64745433,
  reducer = 0x64745434,
  stream = 0x64745435,
  event = 0x64745436,
  gather = 0x64745437,
  hook = 0x64745438
};

// What a JavaScript external points to. The pointer is null after dispose().
struct Box : Pooled<Box> {
  Box(Kind kind, RefCounted* object) : kind(kind), object(object) {}
  const Kind kind;
  RefCounted* object;
};

class DroppedArrays;
std::shared_ptr<DroppedArrays> makeDroppedArrays();

struct Instance {
  napi_env env = nullptr;
  napi_ref makeError = nullptr;  // (code, message) => Error
  napi_ref collect = nullptr;    // (major) => void

  const std::shared_ptr<DroppedArrays> dropped = makeDroppedArrays();  // see Note [Arrays under tensors]

  int64_t minorCollections = 0;
  int64_t majorCollections = 0;

  // Asks JavaScript for a collection once enough has been allocated since the last one: see Note [Memory pressure].
  // `slack` is larger in the middle of a step, where a collection would mostly find tensors still in use.
  void collectIfDue(int slack);
  void collectNow(bool major);

 private:
  int64_t allocatedAtLast_ = 0, wrappersAtLast_ = 0, liveAtLast_ = 0, liveAtMajor_ = 0;
  bool collecting_ = false;
};

Instance& instance();  // of the calling thread's environment
void attachInstance(napi_env env);

int64_t wrapperCount();  // boxes alive in this thread
int64_t wrappersCreated();

// What is wrong with an argument: "expected a tensor or a number, got a string". The caller puts the names of the
// function and of the parameter before it.
struct BadArgument {
  Code code;
  std::string message;
};
[[noreturn]] void failArgument(napi_env env, napi_value given, const char* expected);

napi_value wrapObject(napi_env env, Kind kind, Ref<RefCounted> object);
const char* handleType(Kind kind);  // in TypeScript
// The object in an external; throws BadArgument{argument, disposed} otherwise.
RefCounted* unwrapObject(napi_env env, napi_value value, Kind kind);
RefCounted* unwrapBox(napi_env env, napi_value value, const Box& box, Kind kind);
bool isExternal(napi_env env, napi_value value, Box** box);
void disposeObject(napi_env env, napi_value value);

// Makes the JavaScript error for a C++ one pending.
void throwError(napi_env env, const char* code, const std::string& message);

}  // namespace dtrain::binding
