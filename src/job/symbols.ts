// What the launcher's boot code leaves in a rank for the library to find. It is on the global object, under symbols
// that all copies of this file share: the launcher runs from dist/, and a script may load the library from elsewhere.
import type { Store } from './store.ts'

interface Published {
  store: Store
  /** The id that NCCL wants from all ranks of a job on GPUs. */
  ncclId: Uint8Array
}

type Name = keyof Published

const symbols: Record<Name, symbol> = { store: Symbol.for('dtrain.store'), ncclId: Symbol.for('dtrain.ncclId') }
const places = globalThis as Record<symbol, unknown>

export function publish<N extends Name>(name: N, value: Published[N]): void {
  places[symbols[name]] = value
}

/** Undefined where the launcher has left nothing. */
export function published<N extends Name>(name: N): Published[N] | undefined {
  return places[symbols[name]] as Published[N] | undefined
}
