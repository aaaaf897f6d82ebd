// Functions that a program differentiates itself: autograd.Function.
// Written by `npm run addon-types` from native/binding/tables/function.cc.
import type { Callback, Handle } from './types.ts'

export interface FunctionFunctions {
  /** `differentiable` and `changed` are about the outputs. The results stand for them. */
  recordFunction(
    name: string,
    backward: Callback,
    inputs: (Handle | null)[],
    outputs: Handle[],
    differentiable: boolean[],
    changed: boolean[],
    saved: (Handle | null)[],
  ): Handle[]
  savedOfFunction(): Handle[]
  /** Another handle of the same tensor. */
  another(x: Handle): Handle
}
