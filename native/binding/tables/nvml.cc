// What the NVIDIA driver says of the machine's GPUs, whichever of them this process sees: src/monitor.
#include "core/nvml.h"

#include "binding/table.h"

namespace dtrain::binding {

namespace {

// What is absent has no property.
void set(napi_env env, napi_value object, const char* name, const std::optional<double>& value) {
  if (value) napi_set_named_property(env, object, name, toJs(env, *value));
}

napi_value processOf(napi_env env, const GpuProcess& process) {
  const napi_value out = toObject(env, {{"pid", toJs(env, process.pid)}});
  set(env, out, "memory", process.memory);
  return out;
}

napi_value gpuOf(napi_env env, const GpuState& gpu) {
  const napi_value out = toObject(env, {{"index", toJs(env, gpu.index)}});
  set(env, out, "part", gpu.part);
  for (const auto& [name, value] : {std::pair{"name", &gpu.name}, {"uuid", &gpu.uuid}, {"busId", &gpu.busId}})
    napi_set_named_property(env, out, name, toJs(env, *value));
  set(env, out, "utilization", gpu.utilization);
  set(env, out, "memoryUtilization", gpu.memoryUtilization);
  set(env, out, "memoryUsed", gpu.memoryUsed);
  set(env, out, "memoryTotal", gpu.memoryTotal);
  set(env, out, "temperature", gpu.temperature);
  set(env, out, "power", gpu.power);
  set(env, out, "powerLimit", gpu.powerLimit);
  set(env, out, "smClock", gpu.multiprocessorClock);
  set(env, out, "memoryClock", gpu.memoryClock);
  napi_value processes;
  napi_create_array(env, &processes);
  for (uint32_t i = 0; i < gpu.processes.size(); i++)
    napi_set_element(env, processes, i, processOf(env, gpu.processes[i]));
  napi_set_named_property(env, out, "processes", processes);
  if (!gpu.problem.empty()) napi_set_named_property(env, out, "problem", toJs(env, gpu.problem));
  return out;
}

napi_value nvmlGpus() {
  const napi_env env = instance().env;
  const std::vector<GpuState> gpus = gpuStates();
  napi_value out;
  napi_create_array(env, &out);
  for (uint32_t i = 0; i < gpus.size(); i++) napi_set_element(env, out, i, gpuOf(env, gpus[i]));
  return out;
}

Group group("nvml");

// Why the driver cannot be asked, or '' when it can.
DT_OP(nvmlUnavailable);
// All GPUs, each followed by its parts (MIG); none where the driver cannot be asked.
DT_OP_AS(nvmlGpus, "NvmlGpu[]");

}  // namespace
}  // namespace dtrain::binding
