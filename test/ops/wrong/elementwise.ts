// What elementwise ops refuse: in place, into a given tensor, choices and powers.

import { ArgumentError, AutogradError, DTypeError, IndexError, ShapeError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { bools, doubles, ints, leaf, type Wrong, zeros } from '../../support/wrong.ts'

export const elementwise: Wrong[] = [
  [
    'relu_: a leaf',
    () => leaf(2).relu_(),
    AutogradError,
    'relu_: cannot change a leaf tensor that requires a gradient in place; wrap the call in noGrad(() => …)',
  ],
  [
    'exp: what mul_ has changed since',
    () => {
      const y = leaf(2).exp()
      y.mul_(2).sum().backward()
    },
    AutogradError,
    'ExpBackward0: a tensor needed for the gradient, float32 [2], output 0 of ExpBackward0, has been modified in place since: it is at version 1, expected version 0; use the out-of-place op, or clone() it before the change',
  ],
  [
    'sqrt_: integers',
    () => ints(2).sqrt_(),
    DTypeError,
    'sqrt_: the result is float32, which does not fit into a int64 tensor in place',
  ],
  ['abs: bool', () => bools(2).abs(), DTypeError, 'abs: not defined for bool tensors'],
  [
    'round: decimals of integers',
    () => ints(2).round({ decimals: 1 }),
    DTypeError,
    "round: not implemented for int64; convert with x.to('float32')",
  ],
  [
    'add: out of another shape',
    () => dt.add(zeros(2, 3), zeros(3), { out: zeros(0) }),
    ShapeError,
    'add: the tensor given as out has shape [0], the result [2, 3]; make it with empty([2, 3])',
  ],
  [
    'div: out of integers',
    () => dt.div(ints(2), 2, { out: ints(2) }),
    DTypeError,
    'div: the result is float32, which does not fit into a int64 tensor given as out',
  ],
  [
    'mul: out beside a gradient',
    () => dt.mul(leaf(2), 2, { out: zeros(2) }),
    AutogradError,
    'mul: a result written into out has no gradient, but a tensor here requires one; leave out away, or wrap the call in noGrad(() => …)',
  ],
  [
    'sub: out that needs a gradient',
    () => dt.sub(zeros(2), 2, { out: leaf(2) }),
    AutogradError,
    'sub: a result written into out has no gradient, but a tensor here requires one; leave out away, or wrap the call in noGrad(() => …)',
  ],
  [
    'pow: a negative power of integers',
    () => ints(2).pow(-1),
    ArgumentError,
    'pow: an integer to a negative power is no integer, got exponent -1; convert with .float() first',
  ],
  ['pow: bool', () => bools(2).pow(bools(2)), DTypeError, 'pow: not defined for bool tensors'],
  ['remainder: integers by zero', () => ints(2).remainder(0), ArgumentError, 'remainder: integer division by zero'],
  ['clamp: no bound', () => zeros(2).clamp(), ArgumentError, 'clamp: expected a bound, min or max or both'],
  [
    'clamp_: a larger bound',
    () => zeros(2).clamp_({ min: zeros(3, 2) }),
    ShapeError,
    'clamp_: the bounds do not broadcast to [2] of the tensor changed in place',
  ],
  [
    'clamp_: integers by a fraction',
    () => ints(2).clamp_(0.5),
    DTypeError,
    'clamp_: the result is float32, which does not fit into a int64 tensor in place',
  ],
  [
    'where: a condition of numbers',
    () => dt.where(zeros(2), 1, 0),
    DTypeError,
    'where: the condition must be a bool tensor, got float32; make one by a comparison, or with .bool()',
  ],
  [
    'where: shapes',
    () => dt.where(bools(2), zeros(3), 0),
    ShapeError,
    'where: shapes do not broadcast: [2] and [3] (2 != 3 in dim 0)',
  ],
  [
    'maskedFill: a value with dimensions',
    () => zeros(2).maskedFill(bools(2), zeros(2)),
    ShapeError,
    'maskedFill: the value must be a number or a tensor without dimensions, got one of shape [2]; use where() for more',
  ],
  [
    'maskedFill: a value that does not fit',
    () => ints(2).maskedFill(bools(2), doubles()),
    DTypeError,
    'maskedFill: a float64 value does not fit into a int64 tensor',
  ],
  [
    'maskedFill_: a larger mask',
    () => zeros(2).maskedFill_(bools(3, 2), 1),
    ShapeError,
    'maskedFill_: a mask of shape [3, 2] does not broadcast to [2] of the tensor changed in place',
  ],
  [
    'maskedSelect: positions',
    () => zeros(2).maskedSelect(ints(2)),
    DTypeError,
    'maskedSelect: the mask must be a bool tensor, got int64; make one by a comparison, or with .bool()',
  ],
  [
    'gather: a position beyond the end',
    () => zeros(2, 3).gather(1, dt.tensor([[0, 3]], { dtype: 'int64' })),
    IndexError,
    'gather: index 3 is out of range for dim 1 of size 3',
  ],
  [
    'scatter: a position before the start',
    () => zeros(2, 3).scatter(0, dt.tensor([[-2]], { dtype: 'int64' }), 1),
    IndexError,
    'scatter: index -2 is out of range for dim 0 of size 2',
  ],
  [
    'gather: dimensions',
    () => zeros(2, 3).gather(1, ints(2)),
    ShapeError,
    'gather: the index needs as many dimensions as the tensor, got shapes [2] and [2, 3]',
  ],
  [
    'gather: an index that is larger',
    () => zeros(2, 3).gather(1, ints(4, 1)),
    ShapeError,
    'gather: an index of shape [4, 1] is larger than [2, 3] in dim 0',
  ],
  [
    'gather: a float index',
    () => zeros(2, 3).gather(1, zeros(2, 3)),
    DTypeError,
    "gather: expected index of dtype int64, got float32; use tensor([…], { dtype: 'int64' })",
  ],
  [
    'scatter_: too few elements',
    () => zeros(2, 3).scatter_(1, ints(2, 2), zeros(2, 1)),
    ShapeError,
    'scatter_: an index of shape [2, 2] is larger than the elements, [2, 1]',
  ],
  [
    'scatter_: another dtype',
    () => zeros(2, 3).scatter_(1, ints(2, 1), doubles(2, 1)),
    DTypeError,
    'scatter_: expected elements of dtype float32, got float64',
  ],
]
