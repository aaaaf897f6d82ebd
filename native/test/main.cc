// Runs the native tests and prints `N passed, N failed`, and how many were skipped. Arguments select tests by part of
// their name, `-part` leaves tests out. `--verbose` comes first and prints when each test starts: what hangs or crashes
// is the last one named.
// `--devices` prints the CUDA devices and the libraries for them instead, and fails with the reason where there is
// none.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/library.h"
#include "core/runtime.h"
#include "test/test.h"

namespace dtrain::test {
std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}
}  // namespace dtrain::test

static int printDevices() {
  using namespace dtrain;
  const Runtime* cuda = cudaRuntime();
  const int count = cuda ? cuda->deviceCount() : 0;
  if (count == 0) {
    std::printf("no GPU: %s\n", cuda ? cuda->whyNoDevice().c_str() : "this build has no CUDA backend");
    return 1;
  }
  try {
    for (int i = 0; i < count; i++) {
      const DeviceInfo info = cuda->info(i);
      std::printf(
          "cuda:%d: %s, %.1f GiB, compute capability %d.%d, %d multiprocessors, %.0f MiB of L2, memory pools: %s\n", i,
          info.name.c_str(), static_cast<double>(info.memory) / (1 << 30), info.major, info.minor, info.multiprocessors,
          static_cast<double>(info.l2) / (1 << 20), info.memoryPools ? "yes" : "no");
    }
  } catch (const Error& e) {
    std::printf("%s\n", e.what());
    return 1;
  }
  for (const LibraryVersion& library : cudaLibraryVersions())
    std::printf("%s: %s%s\n", library.name.c_str(), library.version.c_str(),
                library.path.empty() ? "" : (" (" + library.path + ")").c_str());
  return 0;
}

int main(int argc, char** argv) {
  using namespace dtrain::test;
#ifdef DTRAIN_EMULATED_LIBRARIES
  setenv("DTRAIN_LIBRARY_PATH", DTRAIN_EMULATED_LIBRARIES, 0);  // they are beside the addon, not beside this program
#endif
  setenv("NCCL_RUNTIME_CONNECT", "0", 0);  // as in every rank that the launcher starts
  // Ranks that are threads. Two of them may share a GPU; and NCCL must not hand one rank's memory to another's kernels,
  // since it lies in a pool that is closed to the other GPU.
  setenv("NCCL_MULTI_RANK_GPU_ENABLE", "1", 0);
  setenv("NCCL_MAX_CTAS", "8", 0);
  setenv("NCCL_P2P_DIRECT_DISABLE", "1", 0);
  // Loading a kernel may wait for the device, which would wait for a collective that waits for the thread that loads.
  setenv("CUDA_MODULE_LOADING", "EAGER", 0);
  if (argc == 2 && std::strcmp(argv[1], "--devices") == 0) return printDevices();
  const bool verbose = argc > 1 && std::strcmp(argv[1], "--verbose") == 0;
  std::vector<std::string> parts, without;
  for (int i = verbose ? 2 : 1; i < argc; i++)
    argv[i][0] == '-' ? without.emplace_back(argv[i] + 1) : parts.emplace_back(argv[i]);
  const auto start = std::chrono::steady_clock::now();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // what was printed is not lost with a test that hangs
  int passed = 0, failed = 0, skipped = 0;
  for (const Case& c : cases()) {
    const auto named = [&](const std::string& part) { return c.name.find(part) != std::string::npos; };
    if (std::any_of(without.begin(), without.end(), named)) continue;
    if (!parts.empty() && std::none_of(parts.begin(), parts.end(), named)) continue;
    if (verbose) {
      const std::chrono::duration<double> at = std::chrono::steady_clock::now() - start;
      std::printf("%6.1f s  %s\n", at.count(), c.name.c_str());
    }
    std::string problem;
    try {
      c.run();
    } catch (const Skipped& s) {
      skipped++;
      std::printf("SKIP %s: %s\n", c.name.c_str(), s.why.c_str());
      continue;
    } catch (const Failure& f) {
      problem = f.what;
    } catch (const std::exception& e) {
      problem = e.what();
    }
    (problem.empty() ? passed : failed)++;
    if (!problem.empty()) std::printf("FAIL %s\n  %s\n", c.name.c_str(), problem.c_str());
  }
  std::printf("%d passed, %d failed", passed, failed);
  if (skipped > 0) std::printf(", %d skipped", skipped);
  std::printf("\n");
  return failed == 0 ? 0 : 1;
}
