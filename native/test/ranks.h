// Ranks of a job for tests, as processes or as threads, over a control segment as the launcher would make it.
#pragma once

#include <functional>
#include <vector>

#include "comm/group.h"
#include "test/test.h"

namespace dtrain::test {

constexpr int kDistributed = 10, kPeer = 11, kOtherError = 21;
int codeOf(const Error& e);

// The code of f's Error, whose message must contain `text`; 20 if it does not (and it is printed), 22 if there is none.
int failureOf(const std::string& text, const std::function<void()>& f);

// Runs f(group) in forked processes; their exit codes, or 128 + signal.
std::vector<int> inProcesses(int ranks, int64_t timeoutMs, const std::function<int(Group&)>& f);

// Runs f(group, device) in threads of this process, for sanitizers, each with a GPU of its own or, where there are too
// few emulated ones and NCCL allows it, two on each, with a current stream of their own. Skips the test where that is
// not enough. Throws what the lowest rank that threw has thrown. Groups end when all threads have. Ranks use the GPUs
// from `firstGpu` on.
void inThreads(int ranks, int64_t timeoutMs, const std::function<void(Group&, Device)>& f, int firstGpu = 0);

// `wanted`, or two where there is no place for more.
int ranksUpTo(int wanted);

// Skips the test unless each of so many ranks has a GPU of its own, for what is counted per GPU.
void requireGpus(int ranks);

}  // namespace dtrain::test
