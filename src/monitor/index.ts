// What 'dtrain/monitor' exports.
export type { GpuSample, NvmlGpu } from './gpus.ts'
export type { MachineSample, ProcessSample } from './machine.ts'
export { type Monitor, type MonitorOptions, monitor } from './monitor.ts'
export type { Sample } from './sampler.ts'
