// Where the time of a step goes: spans on lanes of this rank, as a file for ui.perfetto.dev. All times are
// CLOCK_MONOTONIC, so the files of a machine's ranks share one clock. A span on a GPU lasts from the moment the device
// reaches its begin until it reaches its end; the host only asked. Off, it costs one branch; on, memory is bounded.
#pragma once

#include <cstdint>
#include <string>

#include "core/device.h"

namespace dtrain {

// compute is what the device of the model does. hostCommunication is shown as communication when there is no other.
// program is what the main thread of the host does beside that: steps, waiting for batches, collections of garbage.
enum class TraceLane { compute, communication, hostCommunication, program };

bool tracing();
void traceStart();

// A span without times yet. Negative when tracing is off or the memory for spans is full; the calls below then do
// nothing.
int64_t traceSpan(TraceLane lane, std::string name, int64_t bytes);
// Now, on the CPU; when the stream of the device gets there, on a GPU.
void traceBegin(int64_t span, Device device = {}, StreamHandle stream = nullptr);
void traceEnd(int64_t span, Device device = {}, StreamHandle stream = nullptr);

// A span from here to there in the order of the device's current stream.
int64_t traceOpen(TraceLane lane, std::string name, Device device);
void traceClose(int64_t span, Device device);
// A moment in that order.
void traceMoment(TraceLane lane, std::string name, int64_t bytes, Device device);
// A span that is over, in microseconds.
void tracePast(TraceLane lane, std::string name, double begin, double duration);

// What was traced so far, in Chrome's trace format. A span that has not ended lasts until now and is marked.
std::string traceEvents(int rank);

}  // namespace dtrain
