// What a program does with the tensors that ops keep for backward. PyTorch: torch.autograd.graph. `import { autograd }
// from 'dtrain'`, then `autograd.graph`.
import type { Handle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { atMost, flag, handleOf, Options, runNow, Tensor } from '../tensor/index.ts'

export { Node } from '../tensor/index.ts'

/**
 * Runs `fn`. What its ops keep for backward is given to `pack`, and what that returns is kept; backward gives it to
 * `unpack`, which brings back a tensor with the same elements. PyTorch: torch.autograd.graph.saved_tensors_hooks.
 * @example
 * const loss = autograd.graph.savedTensorsHooks(
 *   x => x.half(), // half the memory, and fewer digits
 *   x => x.float(),
 *   () => w.exp().sum(),
 * )
 */
export function savedTensorsHooks<P, T>(pack: (x: Tensor) => P, unpack: (packed: P) => Tensor, fn: () => T): T {
  atMost('savedTensorsHooks', 3, arguments.length)
  return hooked('savedTensorsHooks', pack, unpack, fn)
}

function hooked<P, T>(op: string, pack: (x: Tensor) => P, unpack: (packed: P) => Tensor, fn: () => T): T {
  const hooks = (handle: Handle) => packedBy(pack, unpack, new Tensor(handle))
  return native.withSavedHooks(hooks, () => runNow(op, fn)) as T
}

/** Apart, so that what is kept closes over the packed value alone. */
function packedBy<P>(pack: (x: Tensor) => P, unpack: (packed: P) => Tensor, x: Tensor): () => Handle {
  return unpackedBy(unpack, pack(x))
}

function unpackedBy<P>(unpack: (packed: P) => Tensor, packed: P): () => Handle {
  return () => handleOf('savedTensorsHooks: unpack', unpack(packed))
}

/** Options of `saveOnCpu`. */
export interface SaveOnCpuOptions {
  /** In memory from which a GPU copies faster, default false. */
  pinMemory?: boolean
}

const saveOnCpuOptions = new Options<SaveOnCpuOptions>({ pinMemory: true })

/**
 * Runs `fn`. What its ops keep for backward waits in the memory of the host. PyTorch: torch.autograd.graph.save_on_cpu.
 * @example const loss = autograd.graph.saveOnCpu(() => w.exp().sum())
 */
export function saveOnCpu<T>(fn: () => T, options?: SaveOnCpuOptions): T {
  atMost('saveOnCpu', 2, arguments.length)
  const { pinMemory = false } = saveOnCpuOptions.read('saveOnCpu', options)
  const pin = flag('saveOnCpu: pinMemory', pinMemory)
  const pack = (x: Tensor) => ({ device: x.device, kept: keptOnCpu(x, pin) })
  const unpack = ({ device, kept }: ReturnType<typeof pack>) => kept.to(device, { nonBlocking: pin })
  return hooked('saveOnCpu', pack, unpack, fn)
}

function keptOnCpu(x: Tensor, pin: boolean): Tensor {
  const host = x.to('cpu')
  return new Tensor(native.another((pin ? host.pinMemory() : host).handle))
}
