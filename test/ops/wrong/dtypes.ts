// Element types that an op does not take, or that do not go together.

import { DTypeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { bools, doubles, ints, type Wrong, zeros } from '../../support/wrong.ts'

export const dtypes: Wrong[] = [
  ['sub: bool', () => bools(2).sub(bools(2)), DTypeError, 'sub: not defined for bool tensors'],
  ['sub: bool from float32', () => zeros(2).sub(bools(2)), DTypeError, 'sub: not defined for bool tensors'],
  ['sub: number from bool', () => bools(2).sub(1), DTypeError, 'sub: not defined for bool tensors'],
  ['neg: bool', () => bools(2).neg(), DTypeError, 'neg: not defined for bool tensors'],
  ['relu: bool', () => bools(2).relu(), DTypeError, 'relu: not defined for bool tensors'],
  ['argmax: bool', () => bools(2).argmax(), DTypeError, 'argmax: not defined for bool tensors'],
  [
    'add_: float64 into int64',
    () => ints(2).add_(doubles(2)),
    DTypeError,
    'add_: the result is float64, which does not fit into a int64 tensor in place',
  ],
  [
    'add_: fraction into int64',
    () => ints(2).add_(0.5),
    DTypeError,
    'add_: the result is float32, which does not fit into a int64 tensor in place',
  ],
  [
    'div_: int64',
    () => ints(2).div_(2),
    DTypeError,
    'div_: the result is float32, which does not fit into a int64 tensor in place',
  ],
  [
    'mul_: int64 into bool',
    () => bools(2).mul_(ints(2)),
    DTypeError,
    'mul_: the result is int64, which does not fit into a bool tensor in place',
  ],
  [
    'add_: float16 into int32',
    () => zeros(2).int().add_(zeros(2).half()),
    DTypeError,
    'add_: the result is float16, which does not fit into a int32 tensor in place',
  ],
  [
    'mul_: fraction into int8',
    () => zeros(2).char().mul_(0.5),
    DTypeError,
    'mul_: the result is float32, which does not fit into a int8 tensor in place',
  ],
  [
    'mean: int64',
    () => ints(2).mean(),
    DTypeError,
    "mean: expected a floating dtype, got int64; convert with x.to('float32')",
  ],
  [
    'matmul: dtypes',
    () => zeros(2, 3).matmul(doubles(3, 2)),
    DTypeError,
    'matmul: dtypes differ: float32 and float64; convert one with .to()',
  ],
  [
    'linear: dtypes',
    () => dt.nn.functional.linear(zeros(2, 3), doubles(2, 3)),
    DTypeError,
    'linear: dtypes differ: input float32, weight float64; convert with .to()',
  ],
  [
    'conv2d: dtypes',
    () => dt.conv2d(zeros(1, 1, 3, 3), doubles(1, 1, 3, 3)),
    DTypeError,
    'conv2d: dtypes differ: input float32, weight float64; convert with .to()',
  ],
  ['matmul: bool', () => bools(2, 3).matmul(bools(3, 2)), DTypeError, 'matmul: not defined for bool tensors'],
  [
    'addmm: bool',
    () => dt.addmm(bools(2), bools(2, 3), bools(3, 2)),
    DTypeError,
    'addmm: not defined for bool tensors',
  ],
  [
    'linear: bool',
    () => dt.nn.functional.linear(bools(2, 3), bools(2, 3), bools(2)),
    DTypeError,
    'linear: not defined for bool tensors',
  ],
  [
    'conv2d: bool',
    () => dt.conv2d(bools(1, 1, 3, 3), bools(1, 1, 3, 3)),
    DTypeError,
    'conv2d: not defined for bool tensors',
  ],
  [
    'avgPool1d: int32',
    () => dt.avgPool1d(zeros(1, 2).int(), 2),
    DTypeError,
    "avgPool1d: not implemented for int32; convert with x.to('float32')",
  ],
  [
    'maxUnpool2d: indices of another dtype',
    () => dt.nn.functional.maxUnpool2d(zeros(1, 2, 2), zeros(1, 2, 2), 2),
    DTypeError,
    'maxUnpool2d: expected indices of dtype int64, got float32',
  ],
  ['maxPool2d: bool', () => dt.maxPool2d(bools(1, 1, 2, 2), 2), DTypeError, 'maxPool2d: not defined for bool tensors'],
  [
    'logSoftmax: int64',
    () => ints(2, 3).logSoftmax(1),
    DTypeError,
    "logSoftmax: not implemented for int64; convert with x.to('float32')",
  ],
  [
    'nllLoss: float target',
    () => dt.nn.functional.nllLoss(zeros(2, 3), zeros(2)),
    DTypeError,
    "nllLoss: expected class indices of dtype int64 (or uint8) as target, got float32; convert with target.to('int64')",
  ],
  [
    'indexSelect: float index',
    () => zeros(2).indexSelect(0, zeros(1)),
    DTypeError,
    "indexSelect: expected index of dtype int64, got float32; use tensor([…], { dtype: 'int64' })",
  ],
  [
    'rand: int64',
    () => dt.rand([2], { dtype: 'int64' }),
    DTypeError,
    "rand: not implemented for int64; convert with x.to('float32')",
  ],
  [
    'requiresGrad: int64',
    () => ints(2).requiresGrad_(),
    DTypeError,
    'requiresGrad: only floating dtypes can require gradients, got int64',
  ],
  [
    'requiresGrad: int16',
    () => dt.zeros([2], { dtype: 'int16', requiresGrad: true }),
    DTypeError,
    'zeros: only floating dtypes can require gradients, got int16',
  ],
  [
    'matmul: float16 with bfloat16',
    () => zeros(2, 3).half().matmul(zeros(3, 2).bfloat16()),
    DTypeError,
    'matmul: dtypes differ: float16 and bfloat16; convert one with .to()',
  ],
]
