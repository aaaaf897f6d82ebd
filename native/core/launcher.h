// What a rank owes to its job when the launcher dies with nobody left to clean up.
#pragma once

namespace dtrain {

// In a rank, starts a thread that waits for the end of the launcher, its parent, and then kills what the job has
// started, and this process. Once in a process; elsewhere it does nothing.
void followLauncher();

}  // namespace dtrain
