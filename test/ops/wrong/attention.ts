// Attention: sizes and dtypes that do not fit, masks that do not broadcast.

import { ArgumentError, DTypeError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { doubles, ints, type Wrong, zeros } from '../../support/wrong.ts'

const attend = dt.nn.functional.scaledDotProductAttention
const [q, k] = [zeros(2, 3, 4), zeros(2, 5, 4)]

export const attention: Wrong[] = [
  [
    'scaledDotProductAttention: sizes',
    () => attend(q, zeros(2, 5, 3), k),
    ShapeError,
    'scaledDotProductAttention: expected (…, L, E), (…, S, E) and (…, S, V), got [2, 3, 4], [2, 5, 3], [2, 5, 4]',
  ],
  [
    'scaledDotProductAttention: as many values',
    () => attend(q, k, zeros(2, 4, 4)),
    ShapeError,
    'scaledDotProductAttention: expected (…, L, E), (…, S, E) and (…, S, V), got [2, 3, 4], [2, 5, 4], [2, 4, 4]',
  ],
  [
    'scaledDotProductAttention: batches',
    () => attend(q, zeros(3, 5, 4), zeros(3, 5, 4)),
    ShapeError,
    'scaledDotProductAttention: shapes do not broadcast: [2] and [3] (2 != 3 in dim 0)',
  ],
  [
    'scaledDotProductAttention: dtypes',
    () => attend(q, k, doubles(2, 5, 4)),
    DTypeError,
    'scaledDotProductAttention: dtypes differ: float32, float32 and float64; convert with .to()',
  ],
  [
    'scaledDotProductAttention: integers',
    () => attend(ints(3, 4), ints(5, 4), ints(5, 4)),
    DTypeError,
    "scaledDotProductAttention: not implemented for int64; convert with x.to('float32')",
  ],
  [
    'scaledDotProductAttention: size of a mask',
    () => attend(q, k, k, zeros(3, 4)),
    ShapeError,
    'scaledDotProductAttention: attnMask [3, 4] does not broadcast to [.., 3, 5]',
  ],
  [
    'scaledDotProductAttention: dtype of a mask',
    () => attend(q, k, k, ints(3, 5)),
    DTypeError,
    'scaledDotProductAttention: expected attnMask to be bool or float32, got int64',
  ],
  [
    'scaledDotProductAttention: mask and isCausal',
    () => attend(q, k, k, zeros(3, 5), { isCausal: true }),
    ArgumentError,
    'scaledDotProductAttention: expected attnMask or isCausal, got both',
  ],
  [
    'scaledDotProductAttention: dropoutP',
    () => attend(q, k, k, { dropoutP: 2 }),
    ArgumentError,
    'scaledDotProductAttention: dropoutP must be from 0 to 1, got 2',
  ],
  [
    'scaledDotProductAttention: shared heads',
    () => attend(zeros(3, 2, 4), k, k, { enableGqa: true }),
    ShapeError,
    'scaledDotProductAttention: 3 heads of queries are no multiple of 2 heads of keys and values',
  ],
]
