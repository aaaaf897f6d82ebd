// CUDA devices: what there is, memory, streams and events. PyTorch: torch.cuda. `import { cuda } from 'dtrain'`.
// Without a GPU everything can be asked and nothing be made: `isAvailable()` is false.
import { native } from '../native/load.ts'
import { atMost, type Device, deviceCode, type MemoryStats, named, Options, refuse } from '../tensor/index.ts'

export {
  currentStream,
  defaultStream,
  Event,
  type EventOptions,
  recordStream,
  Stream,
  type StreamOptions,
  stream,
} from './stream.ts'

/** A device, or its number; by default the current one. */
export type DeviceArgument = Device | number

/** Options of the functions about one device. */
export interface DeviceOptions {
  /** Default: the current device. */
  device?: DeviceArgument
}

const deviceOptions = new Options<DeviceOptions>({ device: true })

/** What `deviceProperties` tells. */
export interface DeviceProperties {
  name: string
  /** Bytes. */
  totalMemory: number
  /** Compute capability, as in 9.0. */
  major: number
  minor: number
  multiProcessorCount: number
  /** Bytes. */
  l2CacheSize: number
  /** Whether the driver allocates in the order of a stream; it does not in some virtual machines. */
  memoryPools: boolean
}

function nameOf(op: string, first?: DeviceArgument | DeviceOptions): string {
  const { device = 'cuda' } = deviceOptions.readFirst(op, first)
  const name = typeof device === 'number' ? `cuda:${device}` : deviceCode(op, device)
  return name ?? refuse(op, 'a CUDA device', device)
}

/** Whether there is a CUDA device to use. PyTorch: torch.cuda.is_available. */
export function isAvailable(): boolean {
  atMost('isAvailable', 0, arguments.length)
  return native.cudaDeviceCount() > 0
}

/** Why `isAvailable()` is false, as a sentence; empty when it is true. */
export function whyUnavailable(): string {
  atMost('whyUnavailable', 0, arguments.length)
  return native.cudaUnavailable()
}

/** Number of CUDA devices this process sees; one in a rank that `dtrain --gpus` started. */
export function deviceCount(): number {
  atMost('deviceCount', 0, arguments.length)
  return native.cudaDeviceCount()
}

/** Name of a device. PyTorch: torch.cuda.get_device_name. @throws UnsupportedError without one */
export function deviceName(device?: DeviceArgument | DeviceOptions): string {
  atMost('deviceName', 1, arguments.length)
  return named('deviceName', () => native.cudaInfo(nameOf('deviceName', device)).name)
}

/** Name, memory and capability of a device. PyTorch: torch.cuda.get_device_properties. */
export function deviceProperties(device?: DeviceArgument | DeviceOptions): DeviceProperties {
  atMost('deviceProperties', 1, arguments.length)
  const { memory, multiprocessors, l2, ...rest } = named('deviceProperties', () =>
    native.cudaInfo(nameOf('deviceProperties', device)),
  )
  return { ...rest, totalMemory: memory, multiProcessorCount: multiprocessors, l2CacheSize: l2 }
}

/** Number of the device that `'cuda'` means. PyTorch: torch.cuda.current_device. */
export function currentDevice(): number {
  atMost('currentDevice', 0, arguments.length)
  return native.cudaCurrentDevice()
}

/** Makes `'cuda'` mean another device. PyTorch: torch.cuda.set_device. */
export function setDevice(index: number): void {
  atMost('setDevice', 1, arguments.length)
  named('setDevice', () => native.cudaSetDevice(index))
}

/**
 * Waits until a device has done everything it was given. Errors found on the device appear here, as in every function
 * that waits (`item`, `toArray`). PyTorch: torch.cuda.synchronize.
 */
export function synchronize(device?: DeviceArgument | DeviceOptions): void {
  atMost('synchronize', 1, arguments.length)
  const name = nameOf('synchronize', device)
  named('synchronize', () => native.cudaInfo(name)) // what it throws itself may be of an op before
  native.cudaSynchronize(name)
}

/** The state of a device's default generator, 16 bytes. PyTorch: torch.cuda.get_rng_state. */
export function getRngState(device?: DeviceArgument | DeviceOptions): Uint8Array {
  atMost('getRngState', 1, arguments.length)
  return named('getRngState', () => native.generatorState(native.defaultOf(nameOf('getRngState', device))))
}

/** Lets a device's default generator go on where it was. PyTorch: torch.cuda.set_rng_state. */
export function setRngState(state: Uint8Array, device?: DeviceArgument | DeviceOptions): void {
  atMost('setRngState', 2, arguments.length)
  named('setRngState', () => native.setGeneratorState(native.defaultOf(nameOf('setRngState', device)), state))
}

/** Bytes in use, cached and allowed on a device. PyTorch: torch.cuda.memory_stats. */
export function memoryStats(device?: DeviceArgument | DeviceOptions): MemoryStats {
  atMost('memoryStats', 1, arguments.length)
  return named('memoryStats', () => native.memoryStats(nameOf('memoryStats', device)))
}

/** Bytes in tensors on a device. PyTorch: torch.cuda.memory_allocated. */
export function memoryAllocated(device?: DeviceArgument | DeviceOptions): number {
  atMost('memoryAllocated', 1, arguments.length)
  return named('memoryAllocated', () => native.memoryStats(nameOf('memoryAllocated', device)).live)
}

/** Largest `memoryAllocated` so far, or since `resetPeakMemoryStats`. PyTorch: torch.cuda.max_memory_allocated. */
export function maxMemoryAllocated(device?: DeviceArgument | DeviceOptions): number {
  atMost('maxMemoryAllocated', 1, arguments.length)
  return named('maxMemoryAllocated', () => native.memoryStats(nameOf('maxMemoryAllocated', device)).peak)
}

/** Makes `maxMemoryAllocated` start over. */
export function resetPeakMemoryStats(device?: DeviceArgument | DeviceOptions): void {
  atMost('resetPeakMemoryStats', 1, arguments.length)
  named('resetPeakMemoryStats', () => native.resetPeakMemoryStats(nameOf('resetPeakMemoryStats', device)))
}

/**
 * Waits for the device and gives memory that is kept for reuse, pinned memory included, back to the driver. PyTorch:
 * torch.cuda.empty_cache.
 */
export function emptyCache(device?: DeviceArgument | DeviceOptions): void {
  atMost('emptyCache', 1, arguments.length)
  named('emptyCache', () => native.emptyCache(nameOf('emptyCache', device)))
}

/** Bytes tensors may take on a device before OutOfMemoryError; at first 90 % of its memory. */
export function setMemoryBudget(bytes: number, device?: DeviceArgument | DeviceOptions): void {
  atMost('setMemoryBudget', 2, arguments.length)
  named('setMemoryBudget', () => native.setMemoryBudget(bytes, nameOf('setMemoryBudget', device)))
}
