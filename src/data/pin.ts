// Batches in pinned memory, for `new DataLoader(data, { pinMemory: true })`.
import { native } from '../native/load.ts'
import { isOptions, Tensor } from '../tensor/index.ts'

let warned = false

/** Whether pinned memory is of use: there is a CUDA device. If not, says so, once. */
export function canPin(): boolean {
  if (native.cudaDeviceCount() > 0) return true
  if (!warned) {
    const text = "'pinMemory' argument is set as true but no CUDA device is found, then pinned memory won't be used."
    process.emitWarning(text, { code: 'DTRAIN_PIN_MEMORY' })
  }
  warned = true
  return false
}

/**
 * The batch with its tensors in pinned memory: itself, in arrays, maps and plain objects, and where an object has a method
 * `pinMemory`, what that returns. The rest is shared. PyTorch: torch.utils.data._utils.pin_memory.pin_memory.
 */
export function pin<B>(batch: B): B {
  return pinned(batch) as B
}

function pinned(value: unknown): unknown {
  if (value instanceof Tensor) return value.device === 'cpu' ? value.pinMemory() : value
  if (Array.isArray(value)) return value.map(pinned)
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, pinned(item)]))
  if (isOptions(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pinned(item)]))
  const own = value as { pinMemory?: unknown } | null | undefined
  return typeof own?.pinMemory === 'function' ? own.pinMemory() : value
}
