// The spans of this process in one list under a mutex, and the file made of them. A span without an end is written as
// unfinished, up to the moment of writing.
#include "core/trace.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <iomanip>
#include <mutex>
#include <sstream>

#include "core/error.h"
#include "core/runtime.h"

namespace dtrain {

namespace {

constexpr size_t kMaxSpans = 200'000;  // about 20 MB

struct Span {
  TraceLane lane;
  std::string name;
  int64_t bytes;
  bool moment = false;
  double begin = -1, end = -1;  // microseconds; negative: not yet
};

std::atomic<bool> on{false};
std::mutex mutex;
int64_t dropped = 0;

std::deque<Span>& spans() {
  static auto* all = new std::deque<Span>;  // never destroyed: a driver's thread may still report
  return *all;
}

double now() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void mark(int64_t span, double Span::*time, Device device, StreamHandle stream) {
  if (span < 0) return;
  const auto set = [span, time] {
    const double at = now();
    const std::lock_guard lock(mutex);
    spans()[span].*time = at;
  };
  if (device.isCpu()) set();
  else runtime(device).callWhenReached(stream, set);
}

int64_t add(Span span) {
  if (!tracing()) return -1;
  const std::lock_guard lock(mutex);
  if (spans().size() == kMaxSpans) return dropped++, -1;
  spans().push_back(std::move(span));
  return static_cast<int64_t>(spans().size()) - 1;
}

StreamHandle currentStream(Device device) {
  return device.isCpu() ? nullptr : runtime(device).currentStream(device.index);
}

}  // namespace

bool tracing() { return on.load(std::memory_order_relaxed); }
void traceStart() { on = true; }

int64_t traceSpan(TraceLane lane, std::string name, int64_t bytes) { return add({lane, std::move(name), bytes}); }

void traceBegin(int64_t span, Device device, StreamHandle stream) { mark(span, &Span::begin, device, stream); }
void traceEnd(int64_t span, Device device, StreamHandle stream) { mark(span, &Span::end, device, stream); }

int64_t traceOpen(TraceLane lane, std::string name, Device device) {
  const int64_t span = traceSpan(lane, std::move(name), 0);
  if (span >= 0) traceBegin(span, device, currentStream(device));
  return span;
}

void traceClose(int64_t span, Device device) {
  {
    const std::lock_guard lock(mutex);
    check(span < static_cast<int64_t>(spans().size()), Code::argument, "traceClose: there is no span ", span);
  }
  if (span >= 0) traceEnd(span, device, currentStream(device));
}

void traceMoment(TraceLane lane, std::string name, int64_t bytes, Device device) {
  const int64_t span = add({lane, std::move(name), bytes, true});
  if (span >= 0) traceBegin(span, device, currentStream(device));
}

void tracePast(TraceLane lane, std::string name, double begin, double duration) {
  add({lane, std::move(name), 0, false, begin, begin + duration});
}

std::string traceEvents(int rank) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(3);
  out << R"({"displayTimeUnit":"ms","otherData":{"droppedSpans":)";
  const double until = now();
  const std::lock_guard lock(mutex);
  out << dropped << R"(},"traceEvents":[)" << '\n';
  out << R"({"ph":"M","pid":)" << rank << R"(,"name":"process_name","args":{"name":"rank )" << rank << "\"}}";
  const bool device = std::any_of(spans().begin(), spans().end(),
                                  [](const Span& span) { return span.lane == TraceLane::communication; });
  const auto nameLane = [&](TraceLane lane, const char* name) {
    out << ",\n"
        << R"({"ph":"M","pid":)" << rank << R"(,"tid":)" << static_cast<int>(lane)
        << R"(,"name":"thread_name","args":{"name":")" << name << "\"}}";
  };
  nameLane(TraceLane::compute, "compute");
  if (device) nameLane(TraceLane::communication, "communication");
  nameLane(TraceLane::hostCommunication, device ? "communication of the CPU" : "communication");
  nameLane(TraceLane::program, "program");
  for (const Span& span : spans()) {
    if (span.begin < 0) continue;
    const bool unfinished = !span.moment && span.end < 0;
    out << ",\n"
        << R"({"ph":")" << (span.moment ? R"(i","s":"t)" : "X") << R"(","pid":)" << rank << R"(,"tid":)"
        << static_cast<int>(span.lane) << R"(,"name":")" << span.name << R"(","ts":)" << span.begin;
    if (!span.moment) out << R"(,"dur":)" << (unfinished ? until : span.end) - span.begin;
    out << R"(,"args":{)";
    if (span.bytes > 0) out << R"("bytes":)" << span.bytes;
    if (unfinished) out << (span.bytes > 0 ? "," : "") << R"("unfinished":true)";
    out << "}}";
  }
  out << "\n]}\n";
  return out.str();
}

}  // namespace dtrain
