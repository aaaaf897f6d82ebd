// Boxes, errors and collection. See the notes in instance.h and core/allocator.h.
#include "binding/instance.h"

#include <algorithm>

#include "binding/shared.h"

namespace dtrain::binding {

namespace {

thread_local Instance* current = nullptr;
thread_local int64_t liveBoxes = 0, createdBoxes = 0;  // finalizers run on their environment's thread

// A collection takes 25 µs and a little for each object that it frees. Memory that few tensors have been through since
// is still in the caches when it is given out again, so collections come as often as costs next to nothing: a wrapper
// counts as more than the 600 bytes that it takes.
constexpr int64_t kWrapperBytes = 4096;
constexpr int64_t kLeastBetweenCollections = 4 << 20;
constexpr int64_t kLeastGrowthForMajor = 64 << 20;

void onPressure(Pressure level) { instance().collectNow(level == Pressure::major); }

void finalizeBox(napi_env, void* data, void*) {
  Box* box = static_cast<Box*>(data);
  if (box->object) {
    box->object->release();
    liveBoxes--;
  }
  delete box;
}

// As messages and as TypeScript name it.
struct KindName {
  const char *text, *type;
};
const KindName& nameOf(Kind kind) {
  static constexpr KindName names[] = {{"a tensor", "Handle"},          {"a generator", "GeneratorHandle"},
                                       {"a graph node", "NodeHandle"},  {"a reducer", "ReducerHandle"},
                                       {"a stream", "StreamHandle"},    {"an event", "EventHandle"},
                                       {"a gathering", "GatherHandle"}, {"a hook", "HookHandle"}};
  return names[static_cast<uint32_t>(kind) - static_cast<uint32_t>(Kind::tensor)];
}

}  // namespace

Instance& instance() { return *current; }

void attachInstance(napi_env env) {
  auto* created = new Instance;
  created->env = env;
  current = created;
  setPressureHandler(onPressure);
  napi_set_instance_data(
      env, created,
      [](napi_env, void* data, void*) {
        current = nullptr;
        setPressureHandler(nullptr);
        delete static_cast<Instance*>(data);
      },
      nullptr);
}

int64_t wrapperCount() { return liveBoxes; }
int64_t wrappersCreated() { return createdBoxes; }

napi_value wrapObject(napi_env env, Kind kind, Ref<RefCounted> object) {
  Box* box = new Box(kind, object.detach());
  napi_value value = nullptr;
  if (napi_create_external(env, box, finalizeBox, nullptr, &value) != napi_ok) {
    box->object->release();
    delete box;
    fail(Code::internal, "native: could not create a handle");
  }
  liveBoxes++;
  createdBoxes++;
  return value;
}

bool isExternal(napi_env env, napi_value value, Box** box) {
  return napi_get_value_external(env, value, reinterpret_cast<void**>(box)) == napi_ok;
}

const char* handleType(Kind kind) { return nameOf(kind).type; }

void failArgument(napi_env env, napi_value given, const char* expected) {
  static constexpr const char* names[] = {"undefined", "null",       "a boolean",
                                          "a number",  "a string",   "a symbol",
                                          "an object", "a function", "another native object",
                                          "a bigint"};
  napi_valuetype type = napi_undefined;
  napi_typeof(env, given, &type);
  throw BadArgument{Code::argument, str("expected ", expected, ", got ", names[type])};
}

RefCounted* unwrapObject(napi_env env, napi_value value, Kind kind) {
  Box* box = nullptr;
  if (!isExternal(env, value, &box)) failArgument(env, value, nameOf(kind).text);
  return unwrapBox(env, value, *box, kind);
}

RefCounted* unwrapBox(napi_env env, napi_value value, const Box& box, Kind kind) {
  if (box.kind != kind) failArgument(env, value, nameOf(kind).text);
  if (!box.object)
    throw BadArgument{Code::disposed,
                      "the tensor was disposed, or its tidy() scope has ended; return it from the scope to keep it"};
  return box.object;
}

void disposeObject(napi_env env, napi_value value) {
  Box* box = nullptr;
  if (!isExternal(env, value, &box) || !box->object) return;
  box->object->release();
  box->object = nullptr;
  liveBoxes--;
}

void throwError(napi_env env, const char* code, const std::string& message) {
  Instance& self = instance();
  napi_value error = nullptr, args[2], make, global;
  napi_create_string_utf8(env, code, NAPI_AUTO_LENGTH, &args[0]);
  napi_create_string_utf8(env, message.data(), message.size(), &args[1]);
  if (self.makeError && napi_get_reference_value(env, self.makeError, &make) == napi_ok &&
      napi_get_global(env, &global) == napi_ok && napi_call_function(env, global, make, 2, args, &error) == napi_ok) {
    napi_throw(env, error);
    return;
  }
  napi_throw_error(env, code, message.c_str());
}

void Instance::collectNow(bool major) {
  if (!collect || collecting_) return;
  collecting_ = true;
  (major ? majorCollections : minorCollections)++;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value function, argument, global, result;
  if (napi_get_reference_value(env, collect, &function) == napi_ok &&
      napi_get_boolean(env, major, &argument) == napi_ok && napi_get_global(env, &global) == napi_ok)
    napi_call_function(env, global, function, 1, &argument, &result);
  napi_close_handle_scope(env, scope);
  dropped->release(env);
  collecting_ = false;
  allocatedAtLast_ = allocatedBytes();
  wrappersAtLast_ = wrappersCreated();
  liveAtLast_ = liveBytes();
  liveAtMajor_ = major ? liveAtLast_ : std::min(liveAtMajor_, liveAtLast_);
}

void Instance::collectIfDue(int slack) {
  const int64_t since = allocatedBytes() - allocatedAtLast_ + (wrappersCreated() - wrappersAtLast_) * kWrapperBytes;
  if (since < slack * std::max(kLeastBetweenCollections, liveAtLast_ / 4)) return;
  collectNow(false);
  // Wrappers that survived two scavenges are out of a minor collection's reach. A major one pays only when live memory
  // has grown by half since the last, so their number is logarithmic in a program that really needs the memory.
  if (liveAtLast_ > liveAtMajor_ + liveAtMajor_ / 2 + kLeastGrowthForMajor) collectNow(true);
}

}  // namespace dtrain::binding
