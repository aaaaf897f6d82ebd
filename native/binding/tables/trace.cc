// The step trace.
#include "core/trace.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

Group group("trace");

DT_OP(traceStart);
// All events so far, as the text of a Chrome trace.
DT_OP(traceEvents, rank);

}  // namespace
}  // namespace dtrain::binding
