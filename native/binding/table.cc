// The addon's entry points, which hand all rows of the tables to JavaScript, and what is said of a row.
#include "binding/table.h"

#include <climits>
#include <cstdlib>
#include <cstring>

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
  } catch (const BadArgument& e) {
    const std::string which = e.code == Code::argument ? str(function.parameter(at), ": ") : "";
    throwError(env, codeName(e.code), str(function.name, ": ", which, e.message));
  } catch (const Error& e) {
    throwError(env, codeName(e.code), e.message);
  } catch (const std::exception& e) {
    throwError(env, codeName(Code::internal), e.what());
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
