// Where memory and kernels are.
#pragma once

#include <cstdint>
#include <ostream>

namespace dtrain {

struct Device {
  enum Type : uint8_t { cpu, cuda };
  Type type = cpu;
  int8_t index = 0;
  bool operator==(const Device& other) const { return type == other.type && index == other.index; }
};

inline std::ostream& operator<<(std::ostream& out, Device device) {
  if (device.type == Device::cpu) return out << "cpu";
  return out << "cuda:" << int{device.index};
}

}  // namespace dtrain
