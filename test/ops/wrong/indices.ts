// Dims and indices out of range.

import { ArgumentError, IndexError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { classes, type Wrong, zeros } from '../../support/wrong.ts'

export const indices: Wrong[] = [
  [
    'sum: dim',
    () => zeros(2, 3).sum(2),
    IndexError,
    'sum: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'mean: negative dim',
    () => zeros(2, 3).mean(-3),
    IndexError,
    'mean: dim -3 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'max: dim',
    () => zeros(2, 3).max(5),
    IndexError,
    'max: dim 5 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'argmax: dim',
    () => zeros(2, 3).argmax(-4),
    IndexError,
    'argmax: dim -4 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  ['max: empty dim', () => zeros(2, 0).max(1), IndexError, 'max: dim 1 of shape [2, 0] is empty'],
  ['argmax: empty dim', () => zeros(0, 2).argmax(0), IndexError, 'argmax: dim 0 of shape [0, 2] is empty'],
  [
    'logSoftmax: dim',
    () => zeros(2, 3).logSoftmax(2),
    IndexError,
    'logSoftmax: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'transpose: dim',
    () => zeros(2, 3).transpose(0, 2),
    IndexError,
    'transpose: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'unsqueeze: dim',
    () => zeros(2, 3).unsqueeze(4),
    IndexError,
    'unsqueeze: dim 4 is out of range for a tensor of 3 dimensions (expected -3 to 2)',
  ],
  [
    'squeeze: dim',
    () => zeros(2, 3).squeeze(2),
    IndexError,
    'squeeze: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'flatten: dim',
    () => zeros(2, 3).flatten(2),
    IndexError,
    'flatten: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'cat: dim',
    () => dt.cat([zeros(2)], 1),
    IndexError,
    'cat: dim 1 is out of range for a tensor of 1 dimensions (expected -1 to 0)',
  ],
  ['select: index', () => zeros(2, 3).select(1, 3), IndexError, 'select: index 3 is out of range for dim 1 of size 3'],
  ['select: 0-d', () => zeros().select(0, 0), IndexError, 'select: cannot index a 0-d tensor'],
  [
    'narrow: dim',
    () => zeros(2).narrow(1, 0, 1),
    IndexError,
    'narrow: dim 1 is out of range for a tensor of 1 dimensions (expected -1 to 0)',
  ],
  [
    'narrow: start',
    () => zeros(3).narrow(0, 1.5, 1),
    ArgumentError,
    'narrow: start and length must be integers, got 1.5 and 1',
  ],
  [
    'narrow: length',
    () => zeros(3).narrow(0, 0, 2n as never),
    ArgumentError,
    'narrow: start and length must be integers, got 0 and 2',
  ],
  [
    'chunk: dim',
    () => zeros(2).chunk(2, 1),
    IndexError,
    'chunk: dim 1 is out of range for a tensor of 1 dimensions (expected -1 to 0)',
  ],
  [
    'size: dim',
    () => zeros(2, 3).size(-3),
    IndexError,
    'size: dim -3 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  [
    'stack: dim',
    () => dt.stack([zeros(2)], 2),
    IndexError,
    'stack: dim 2 is out of range for a tensor of 2 dimensions (expected -2 to 1)',
  ],
  ['index: integer', () => zeros(2).index(7), IndexError, 'index: index 7 is out of range for dim 0 of size 2'],
  [
    'index: second integer',
    () => zeros(2, 3).index(0, -4),
    IndexError,
    'index: index -4 is out of range for dim 1 of size 3',
  ],
  [
    'index: array',
    () => zeros(2, 3).index(':', [0, 3]),
    IndexError,
    'index: index 3 is out of range for dim 1 of size 3',
  ],
  [
    'index: tensor',
    () => zeros(2, 3).index('...', classes(-4)),
    IndexError,
    'index: index -4 is out of range for dim 1 of size 3',
  ],
  [
    'index: too many',
    () => zeros(2).index(0, 0),
    IndexError,
    'index: too many indices for tensor of dimension 1: got 2',
  ],
  [
    'indexSelect: index',
    () => zeros(2, 3).indexSelect(0, classes(0, 2)),
    IndexError,
    'indexSelect: index 2 is out of range for dim 0 of size 2',
  ],
  [
    'indexSelect: negative index',
    () => zeros(2, 3).indexSelect(0, classes(-1)),
    IndexError,
    'indexSelect: index -1 is out of range for dim 0 of size 2',
  ],
  [
    'nllLoss: class',
    () => dt.nn.functional.nllLoss(zeros(2, 3), classes(0, 3)),
    IndexError,
    'nllLoss: target 3 is out of range for 3 classes',
  ],
  [
    'crossEntropy: negative class',
    () => dt.nn.functional.crossEntropy(zeros(2, 3), classes(-1, 0)),
    IndexError,
    'crossEntropy: target -1 is out of range for 3 classes',
  ],
]
