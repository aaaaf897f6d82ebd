// Names of devices. They cross to the native core as they are; null is the CPU, the common case, and costs nothing.
import { refuse } from './refuse.ts'

/** Where a tensor is: `'cuda'` is the current CUDA device (see `cuda.setDevice`), `'cuda:1'` a certain one. */
export type Device = 'cpu' | 'cuda' | `cuda:${number}`

/**
 * What stands for a device in the native core, which checks it.
 * @throws ArgumentError unless it is a string
 * @internal
 */
export function deviceCode(op: string, device: Device | undefined): string | null {
  if (device === undefined || device === 'cpu') return null
  return typeof device === 'string' ? device : refuse(op, "a device such as 'cpu' or 'cuda:0'", device)
}

/** Whether a text names a device rather than a dtype. @internal */
export function isDevice(text: unknown): text is Device {
  return typeof text === 'string' && /^(cpu|cuda(:.*)?)$/.test(text)
}
