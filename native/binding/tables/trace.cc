// The step trace.
#include "core/trace.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("trace");

DT_OP(traceStart);
// A span in the order of the device's current stream, from here until it is closed. When there is no trace, or no
// memory for more, it is negative, and closing it does nothing.
DT_OP(traceOpen, lane, name, device);
DT_OP(traceClose, span, device);
// A span that is over, in microseconds of CLOCK_MONOTONIC.
DT_OP(tracePast, lane, name, begin, duration);
// All events so far, as the text of a Chrome trace.
DT_OP(traceEvents, rank);

}  // namespace
}  // namespace dtrain::binding
