// Batches in pinned memory, for `new DataLoader(data, { pinMemory: true })`.
import { native } from '../native/load.ts'
import { mapTensors } from '../tensor/index.ts'

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
 * The batch with its tensors in pinned memory: itself, in arrays, maps and plain objects, and where an object has a
 * method `pinMemory`, what that returns. The rest is shared. PyTorch: torch.utils.data._utils.pin_memory.pin_memory.
 */
export function pin<B>(batch: B): B {
  return mapTensors(batch, x => (x.device === 'cpu' ? x.pinMemory() : x), pinOther)
}

function pinOther(value: unknown): unknown {
  const own = value as { pinMemory?: unknown } | null | undefined
  return typeof own?.pinMemory === 'function' ? own.pinMemory() : value
}
