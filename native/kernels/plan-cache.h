// What a library needs for a call and takes long to make (descriptors, a primitive, the algorithm it chose), kept by
// what it depends on. The shapes of a program are few; where they are not, a full cache forgets everything rather than
// grow. For one thread at a time: its owner has one per thread, or holds a lock until the plan has been used.
#pragma once

#include <cstddef>
#include <map>

namespace dtrain {

template <class Key, class Plan, size_t kMost>
class PlanCache {
 public:
  // The plan of a key, by make() where there is none. It stays until the next call that makes one.
  template <class Make>
  Plan& get(const Key& key, Make&& make) {
    const auto found = plans_.find(key);
    if (found != plans_.end()) return found->second;
    if (plans_.size() >= kMost) plans_.clear();
    return plans_.emplace(key, make()).first->second;
  }

 private:
  std::map<Key, Plan> plans_;
};

}  // namespace dtrain
