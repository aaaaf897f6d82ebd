// Options and numbers that make no sense, and what JavaScript lets one write by mistake.

import { ArgumentError, ShapeError, UnsupportedError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { classes, ints, type Wrong, zeros } from '../../support/wrong.ts'

export const values: Wrong[] = [
  ['add: two numbers', () => dt.add(1, 2), ArgumentError, 'add: expected at least one tensor, got two numbers'],
  [
    'add: fractional alpha of integers',
    () => ints(2).add(ints(2), { alpha: 0.5 }),
    ArgumentError,
    'add: alpha must be an integer for int64 tensors, got 0.5',
  ],
  ['sum: dim twice', () => zeros(2, 3).sum([0, -2]), ArgumentError, 'sum: dim 0 appears twice in [0, -2]'],
  ['permute: dim twice', () => zeros(2, 3).permute(0, 0), ArgumentError, 'permute: dim 0 appears twice in [0, 0]'],
  [
    'permute: number of dims',
    () => zeros(2, 3).permute(0),
    ArgumentError,
    'permute: expected 2 dims for a tensor of shape [2, 3], got [0]',
  ],
  [
    'flatten: order of dims',
    () => zeros(2, 3).flatten({ startDim: 1, endDim: 0 }),
    ArgumentError,
    'flatten: startDim 1 comes after endDim 0',
  ],
  ['cat: nothing', () => dt.cat([]), ArgumentError, 'cat: expected at least one tensor'],
  ['arange: step 0', () => dt.arange(0, 1, 0), ArgumentError, 'arange: step must not be 0'],
  [
    'arange: away from the end',
    () => dt.arange(0, 3, -1),
    ArgumentError,
    'arange: step -1 leads away from the end: start 0, end 3',
  ],
  [
    'conv2d: stride',
    () => dt.conv2d(zeros(1, 1, 3, 3), zeros(1, 1, 2, 2), { stride: 0 }),
    ArgumentError,
    'conv2d: stride must be positive, got [0, 0]',
  ],
  [
    'conv2d: padding',
    () => dt.conv2d(zeros(1, 1, 3, 3), zeros(1, 1, 2, 2), { padding: -1 }),
    ArgumentError,
    'conv2d: padding must not be negative, got [-1, -1]',
  ],
  [
    'conv2d: groups',
    () => dt.conv2d(zeros(1, 1, 3, 3), zeros(1, 1, 2, 2), { groups: 0 }),
    ArgumentError,
    'conv2d: groups must be positive, got 0',
  ],
  [
    'maxPool2d: padding',
    () => dt.maxPool2d(zeros(1, 1, 4, 4), 2, { padding: 2 }),
    ArgumentError,
    'maxPool2d: padding must be between 0 and half of kernelSize [2, 2], got [2, 2]',
  ],
  [
    'maxPool2d: kernel',
    () => dt.maxPool2d(zeros(1, 1, 4, 4), 0),
    ArgumentError,
    'maxPool2d: kernelSize must be positive, got [0, 0]',
  ],
  [
    'fill_: an expanded tensor',
    () => zeros(1, 3).expand(2, 3).fill_(1),
    ArgumentError,
    'fill_: several elements of an expanded tensor share one place in memory; clone() it first',
  ],
  [
    'randint: range',
    () => dt.randint(5, 5, [1]),
    ArgumentError,
    'randint: low must be less than high, got low 5 and high 5',
  ],
  [
    'randint: uint8',
    () => dt.randint(0, 257, [1], { dtype: 'uint8' }),
    ArgumentError,
    'randint: range 0 to 256 does not fit uint8',
  ],
  ['randperm: negative', () => dt.randperm(-1), ArgumentError, 'randperm: n must not be negative, got -1'],
  ['uniform_: order', () => zeros(2).uniform_(1, 0), ArgumentError, 'uniform_: from must not exceed to, got 1 and 0'],
  ['normal_: std', () => zeros(2).normal_(0, -1), ArgumentError, 'normal_: std must not be negative, got -1'],
  [
    'crossEntropy: reduction',
    () => dt.crossEntropy(zeros(1, 2), classes(0), { reduction: 'max' as 'mean' }),
    ArgumentError,
    'max is not a valid value for reduction',
  ],
  [
    'an operator',
    () => `${+(zeros(1) as unknown as number)}`,
    ArgumentError,
    'JavaScript operators do not work on tensors: use a.add(b), a.lt(b), … or a.item()',
  ],
  ['item: several elements', () => zeros(2).item(), ShapeError, 'item: expected one element, got shape [2]'],
  [
    'a dtype of the future',
    () => dt.zeros([1], { dtype: 'float16' }),
    UnsupportedError,
    'dtype float16 is not implemented; use one of float32, float64, int64, uint8, bool',
  ],
]
