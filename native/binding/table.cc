// The addon's entry points, which hand all rows of the tables to JavaScript, and what is said of a row.
#include "binding/table.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <new>

#include "binding/callback.h"
#include "core/late-error.h"
#include "core/launcher.h"

namespace dtrain::binding {

namespace {

napi_value initialize(napi_env env, napi_value exports) {
  followLauncher();
  attachInstance(env);
  std::vector<napi_property_descriptor> properties;
  for (const Group* g = Group::first; g; g = g->next)
    for (const Function& f : g->functions)
      properties.push_back(
          {f.name, nullptr, f.call, nullptr, nullptr, nullptr, napi_enumerable, const_cast<Function*>(&f)});
  napi_define_properties(env, exports, properties.size(), properties.data());
  return exports;
}

// Groups whose functions are no ops: what they throw is worded for the TypeScript above them.
constexpr std::string_view kNoOps[] = {"comm", "cuda",  "files",   "graph",  "lifecycle", "memory",
                                       "nvml", "optim", "reducer", "tensor", "threads",   "trace"};

bool isOp(std::string_view name) {
  for (const Group* g = Group::first; g; g = g->next) {
    const bool ops = std::ranges::find(kNoOps, g->name) == std::end(kNoOps);
    for (const Function& f : g->functions)
      if (ops && f.name == name) return true;
  }
  return false;
}

// What the name of a row adds to that of its op.
constexpr std::string_view kForms[] = {"", "_", "At", "Dim", "Out", "WithIndices"};

// add_ says "add: …", maxDim "max: …", and bernoulli may say "bernoulli_: …".
bool isSameOp(std::string_view name, std::string_view said) {
  said.remove_prefix(said.find('.') + 1);  // linalg.
  if (!name.starts_with(said)) return said == str(name, "_");
  name.remove_prefix(said.size());
  return std::ranges::find(kForms, name) != std::end(kForms);
}

// What fails in an op names the op that was called. Where that is made of others, their names are no help to a person
// who did not call them: "div: shapes …" of addcdiv becomes "addcdiv: shapes …".
std::string named(const Function& f, const std::string& message) {
  const std::string_view name = f.name;
  const size_t colon = message.find(": ");
  const std::string head = colon == std::string::npos ? "" : message.substr(0, colon);
  // "out of memory: …", "device cuda:7: …"
  if (head.empty() || head == "device" || head.find(' ') != std::string::npos) return str(name, ": ", message);
  if (!isOp(name) || isSameOp(name, head)) return message;
  return isOp(head) ? str(name, message.substr(colon)) : str(name, ": ", message);
}

}  // namespace

std::string_view Function::parameter(size_t at) const {
  std::string_view names = parameters;
  for (; at > 0; at--) names.remove_prefix(names.find(',') + 2);
  return names.substr(0, names.find(','));
}

std::string Function::signature() const {
  if (!types) return str(name, spelled);
  const std::vector<std::string> all = types();
  std::string out = str(name, "(");
  for (size_t i = 0; i + 1 < all.size(); i++) out += str(i ? ", " : "", parameter(i), ": ", all[i]);
  return str(out, "): ", spelled ? spelled : all.back());
}

void throwCurrent(napi_env env, const Function& function, size_t at) {
  try {
    throw;
  } catch (const Thrown& e) {
    napi_throw(instance().env, e.value);
  } catch (const BadArgument& e) {
    const std::string which = e.code == Code::argument ? str(function.parameter(at), ": ") : "";
    throwError(env, codeName(e.code), str(function.name, ": ", which, e.message));
  } catch (const LateError& e) {
    throwError(env, codeName(e.code), e.message);
  } catch (const Error& e) {
    throwError(env, codeName(e.code), named(function, e.message));
  } catch (const std::bad_alloc&) {
    throwError(env, codeName(Code::outOfMemory), str(function.name, ": out of memory"));
  } catch (const std::exception& e) {
    throwError(env, codeName(Code::internal), str(function.name, ": ", e.what()));
  }
}

}  // namespace dtrain::binding

// See Note [Finalizers inside the collector].
extern "C" NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1() {
  const char* stable = std::getenv("DTRAIN_STABLE_FINALIZERS");
  return stable && std::strcmp(stable, "1") == 0 ? 9 : INT_MAX;
}

extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  return dtrain::binding::initialize(env, exports);
}
