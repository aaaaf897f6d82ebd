// What the addon is, and what it is told when a thread loads it.
#include <omp.h>

#include <atomic>

#include "binding/table.h"
#include "kernels/libraries.h"

namespace dtrain::binding {

namespace {

// Stores the function given as first argument (null: none) and returns undefined.
napi_value keepFunction(napi_env env, napi_callback_info info, napi_ref Instance::*slot) {
  napi_value arg;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &arg, nullptr, nullptr);
  Instance& self = instance();
  if (self.*slot) napi_delete_reference(env, self.*slot);
  self.*slot = nullptr;
  if (n == 1 && !isNullish(env, arg)) napi_create_reference(env, arg, 1, &(self.*slot));
  return nullptr;
}

napi_value setErrorFactory(napi_env env, napi_callback_info info) {
  return keepFunction(env, info, &Instance::makeError);
}
napi_value setCollector(napi_env env, napi_callback_info info) { return keepFunction(env, info, &Instance::collect); }

napi_value dispose(napi_env env, napi_callback_info info) {
  napi_value arg;
  size_t n = 1;
  napi_get_cb_info(env, info, &n, &arg, nullptr, nullptr);
  if (n == 1) disposeObject(env, arg);
  return nullptr;
}

bool isFirst() {
  static std::atomic_flag asked;
  return !asked.test_and_set();
}
constexpr int kMostThreads = 1024;

int numThreads() { return omp_get_max_threads(); }
void setNumThreads(int n) {
  // OpenMP's runtime ends the process when it cannot make as many.
  check(n > 0 && n <= kMostThreads, Code::argument, "setNumThreads: expected an integer from 1 to ", kMostThreads,
        ", got ", n);
  omp_set_num_threads(n);
}

std::map<std::string, std::string> libraries() {
  return {{"openblas", openblasConfig()}, {"onednn", onednnVersion()}, {"loops", loopsName()}};
}

std::vector<std::pair<std::string, std::vector<std::string>>> signatures() {
  std::vector<std::pair<std::string, std::vector<std::string>>> out;
  for (const Group* g = Group::first; g; g = g->next) {
    out.push_back({g->name, {}});
    for (const Function& f : g->functions) out.back().second.push_back(f.signature());
  }
  return out;
}

Group group("lifecycle");

DT_RAW(setErrorFactory, "(make: (code: string, message: string) => Error): void");
DT_RAW(setCollector, "(collect: ((major: boolean) => void) | null): void");
DT_RAW(dispose, "(x: Handle): void");
// True once in a process, whichever of its threads asks first.
DT_OP(isFirst);
DT_OP(numThreads);
DT_OP(setNumThreads, n);
DT_OP(libraries);
// Of each group of functions its name and their signatures, for scripts/addon-types.ts.
DT_OP(signatures);

}  // namespace
}  // namespace dtrain::binding
