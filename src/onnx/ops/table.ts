// All rows together, by the name of the addon's function.
import type { Graph } from '../graph.ts'
import type { Value } from '../merge.ts'
import { activation } from './activation.ts'
import { arithmetic } from './arithmetic.ts'
import type { Converters } from './converter.ts'
import { index } from './index.ts'
import { layers } from './layers.ts'
import { norm } from './norm.ts'
import { reduce } from './reduce.ts'
import { unary } from './unary.ts'
import { view } from './view.ts'

/** How a call becomes operators, whatever its arguments are; a call may have no result. */
type AnyConverter = (g: Graph, out: Value | undefined, ...args: unknown[]) => string | string[]

export const converters = new Map(
  [activation, arithmetic, index, layers, norm, reduce, unary, view].flatMap(
    (family: Converters) => Object.entries(family) as [string, AnyConverter][],
  ),
)
