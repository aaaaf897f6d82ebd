// Values of a kind that an op does not take. TypeScript refuses most of these; a program in JavaScript meets the error.

import { ArgumentError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { leaf, type Wrong, zeros } from '../../support/wrong.ts'

/** Anything at all, past the compiler. */
const not = (value: unknown): never => value as never

const operand = (name: string, value: unknown, kind: string): Wrong => [
  `add: ${name}`,
  () => zeros(2).add(not(value)),
  ArgumentError,
  `add: expected a tensor or a number, got ${kind}`,
]

const tensor = (op: string, call: () => unknown, kind: string): Wrong => [
  `${op}: ${kind}`,
  call,
  ArgumentError,
  `${op}: expected a tensor, got ${kind}`,
]

export const kinds: Wrong[] = [
  operand('undefined', undefined, 'undefined'),
  operand('null', null, 'null'),
  operand('array', [1, 2], 'an array'),
  operand('string', '2', 'a string'),
  operand('bigint', 2n, 'a bigint'),
  operand('object', { alpha: 2 }, 'an object'),
  operand('typed array', new Int32Array(2), 'an Int32Array'),
  operand('module', new dt.nn.ReLU(), 'a ReLU'),
  operand('function', Math.max, 'a function'),
  ['add: first', () => dt.add(not('2'), zeros(2)), ArgumentError, 'add: expected a tensor or a number, got a string'],
  ['add_', () => zeros(2).add_(not(null)), ArgumentError, 'add_: expected a tensor or a number, got null'],
  tensor('neg', () => dt.neg(not(1)), 'a number'),
  tensor('matmul', () => zeros(2).matmul(not(undefined)), 'undefined'),
  tensor('mm', () => zeros(2, 2).mm(not([[1]])), 'an array'),
  tensor('linear', () => dt.nn.functional.linear(zeros(2), not(undefined)), 'undefined'),
  [
    'linear: bias',
    () => dt.nn.functional.linear(zeros(2), zeros(3, 2), not(true)),
    ArgumentError,
    'linear: expected a tensor, got a boolean',
  ],
  tensor('conv2d', () => dt.conv2d(zeros(1, 2, 2), not(undefined)), 'undefined'),
  tensor('conv2d', () => dt.conv2d(not('x'), zeros(1, 1, 2, 2)), 'a string'),
  tensor('maxPool2d', () => dt.maxPool2d(not(null), 2), 'null'),
  [
    'maxPool2d: kernelSize',
    () => dt.maxPool2d(zeros(1, 2, 2), not(undefined)),
    ArgumentError,
    'maxPool2d: kernelSize must be a number or a pair of numbers, got undefined',
  ],
  tensor('logSoftmax', () => dt.logSoftmax(not([1]), 0), 'an array'),
  tensor('crossEntropy', () => dt.nn.functional.crossEntropy(zeros(2, 3), not([0, 1])), 'an array'),
  tensor('nllLoss', () => dt.nn.functional.nllLoss(zeros(2, 3), not(undefined)), 'undefined'),
  tensor('mseLoss', () => dt.nn.functional.mseLoss(zeros(2), not(3)), 'a number'),
  tensor('huberLoss', () => dt.nn.functional.huberLoss(not('x'), zeros(2)), 'a string'),
  tensor('sum', () => dt.sum(not(3)), 'a number'),
  tensor('copy_', () => zeros(2).copy_(not(3)), 'a number'),
  tensor('viewAs', () => zeros(2).viewAs(not(undefined)), 'undefined'),
  tensor('indexSelect', () => zeros(2).indexSelect(0, not([0])), 'an array'),
  tensor('cat', () => dt.cat([zeros(2), not(3)]), 'a number'),
  tensor('stack', () => dt.stack([zeros(2), not(undefined)]), 'undefined'),
  ['cat: a tensor', () => dt.cat(not(zeros(2))), ArgumentError, 'cat: expected an array of tensors, got a Tensor'],
  ['stack: nothing', () => dt.stack([]), ArgumentError, 'stack: expected at least one tensor'],
  tensor('onesLike', () => dt.onesLike(not([2])), 'an array'),
  tensor('randLike', () => dt.randLike(not(null)), 'null'),
  tensor('backward', () => leaf(1).exp().backward(not(3)), 'a number'),
  ['grad: a number', () => dt.grad(leaf(1).exp(), not([3])), ArgumentError, 'grad: expected a tensor, got a number'],
  [
    'grad: no inputs',
    () => dt.grad(leaf(1).exp(), not(undefined)),
    ArgumentError,
    'grad: expected a tensor or an array of tensors, got undefined',
  ],
  ['x.grad = 3', () => Object.assign(leaf(1), { grad: 3 }), ArgumentError, 'grad: expected a tensor, got a number'],
  [
    'to: undefined',
    () => zeros(2).to(not(undefined)),
    ArgumentError,
    'to: expected a dtype, a device, a tensor or options, got undefined',
  ],
  [
    'to: text',
    () => zeros(2).to(not('int')),
    ArgumentError,
    "to: unknown dtype 'int'; known are float32, float64, int64, uint8, bool, float16, bfloat16, int32, int16, int8",
  ],
  ['zeros: text', () => dt.zeros(not('3')), ArgumentError, 'zeros: expected sizes as numbers, got a string'],
  [
    'ones: two arrays',
    () => dt.ones(not([2]), not([3])),
    ArgumentError,
    'ones: expected sizes as numbers, got an array',
  ],
  ['rand: undefined', () => dt.rand(not(undefined)), ArgumentError, 'rand: expected sizes as numbers, got undefined'],
  ['zeros: a fraction', () => dt.zeros(2.5), ArgumentError, 'zeros: sizes must be integers, got [2.5]'],
  ['arange: text', () => dt.arange(1, not('a')), ArgumentError, 'arange: expected a number, got a string'],
  ['eye: columns', () => dt.eye(2, not('3')), ArgumentError, 'eye: expected sizes as numbers, got a string'],
  ['eye: nothing', () => dt.eye(not(undefined)), ArgumentError, 'eye: expected sizes as numbers, got undefined'],
  [
    'tensor: nothing',
    () => dt.tensor(not(undefined)),
    ArgumentError,
    'tensor: expected numbers, bigints or booleans, got undefined',
  ],
  [
    'tensor: text',
    () => dt.tensor(not('abc')),
    ArgumentError,
    'tensor: expected numbers, bigints or booleans, got a string',
  ],
  [
    'tensor: a hole',
    () => dt.tensor([1, not(undefined)]),
    ArgumentError,
    'tensor: expected numbers, bigints or booleans, got undefined',
  ],
  [
    'tensor: a tensor',
    () => dt.tensor(not(zeros(2))),
    ArgumentError,
    'tensor: expected numbers, bigints or booleans, got a Tensor',
  ],
  [
    'index: undefined',
    () => zeros(2).index(not(undefined)),
    ArgumentError,
    "index: expected an integer, a slice, null, '...' or integers, got undefined",
  ],
  [
    'index: boolean',
    () => zeros(2).index(not(true)),
    ArgumentError,
    "index: expected an integer, a slice, null, '...' or integers, got a boolean",
  ],
  ['max: dim', () => zeros(2).max(not('a')), ArgumentError, 'max: expected a number, got a string'],
  ['manualSeed: text', () => dt.manualSeed(not('a')), ArgumentError, 'manualSeed: expected an integer, got a string'],
  ['noGrad: no function', () => dt.noGrad(not(3)), ArgumentError, 'noGrad: expected a function, got a number'],
  ['tidy: no function', () => dt.tidy(not(undefined)), ArgumentError, 'tidy: expected a function, got undefined'],
]
