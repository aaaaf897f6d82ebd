// What an op did wrong that was called before: a device says so when the host waits for it, see Note [Device failures].
#pragma once

#include "core/error.h"

namespace dtrain {

struct LateError : Error {
  using Error::Error;
};

}  // namespace dtrain
