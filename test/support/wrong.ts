// What a wrong call is: data for test/ops/errors.test.ts, with small makers of arguments.

import type { DtrainError } from '../../src/errors.ts'
import * as dt from '../../src/index.ts'

type Tensor = dt.Tensor
type ErrorClass = new (message: string) => DtrainError

/** The whole text is compared: it reads "op: rule: values" and names the function that was called. */
export type Wrong = [name: string, call: () => unknown, error: ErrorClass, text: string]

export const zeros = (...shape: number[]): Tensor => dt.zeros(shape)
export const ints = (...shape: number[]): Tensor => dt.zeros(shape, { dtype: 'int64' })
export const bytes = (...shape: number[]): Tensor => dt.zeros(shape, { dtype: 'uint8' })
export const doubles = (...shape: number[]): Tensor => dt.zeros(shape, { dtype: 'float64' })
export const bools = (...shape: number[]): Tensor => dt.zeros(shape, { dtype: 'bool' })
/** A leaf that needs a gradient. */
export const leaf = (...shape: number[]): Tensor => zeros(...shape).requiresGrad_()
export const classes = (...values: number[]): Tensor => dt.tensor(values, { dtype: 'int64' })
