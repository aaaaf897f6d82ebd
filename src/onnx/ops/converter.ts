// How a function of the addon becomes operators of ONNX: a row of a table, under the function's name. It is given the
// graph, what the result is, and the arguments; it adds operators and says what the result is called there, in the
// dtype that it should have. In place is the same: `relu_` has the row of `relu`.
import type { Addon } from '../../native/addon.ts'
import type { DType } from '../../tensor/index.ts'
import type { Graph } from '../graph.ts'
import type { Given, Value } from '../merge.ts'

type AllGiven<P extends readonly unknown[]> = { [I in keyof P]: Given<P[I]> }

/** Rows for some functions of the addon. */
export type Converters = {
  [K in keyof Addon]?: (
    g: Graph,
    out: Value,
    // biome-ignore lint/suspicious/noExplicitAny: of every function, whatever it takes
    ...args: Addon[K] extends (...args: infer P extends any[]) => unknown ? AllGiven<P> : never
  ) => string | string[]
}

/** The dtype to compute in: operators know no arithmetic of truth values. */
export const wide = (dtype: DType): DType => (dtype === 'bool' ? 'int32' : dtype)
