// Tables of embeddings, and labels of sequences.

import { ArgumentError, DTypeError, IndexError, ShapeError, UnsupportedError } from '../../../src/errors.ts'
import * as dt from '../../../src/index.ts'
import { classes, ints, type Wrong, zeros } from '../../support/wrong.ts'

export const tables: Wrong[] = [
  [
    'embedding: a number that is no row',
    () => dt.nn.functional.embedding(classes(0, 3), zeros(3, 2)),
    IndexError,
    'embedding: index 3 is out of range for dim 0 of size 3',
  ],
  [
    'embedding: a negative number',
    () => dt.nn.functional.embedding(classes(-1), zeros(3, 2)),
    IndexError,
    'embedding: index -1 is out of range for dim 0 of size 3',
  ],
  [
    'embedding: floats',
    () => dt.nn.functional.embedding(zeros(2), zeros(3, 2)),
    DTypeError,
    "embedding: expected index of dtype int64, got float32; use tensor([…], { dtype: 'int64' })",
  ],
  [
    'embedding: weight',
    () => dt.nn.functional.embedding(classes(0), zeros(3)),
    ShapeError,
    'embedding: expected weight of 2 dimensions, got [3]',
  ],
  [
    'embedding: paddingIdx',
    () => dt.nn.functional.embedding(classes(0), zeros(3, 2), -4),
    ArgumentError,
    'embedding: paddingIdx -4 is out of range for 3 rows',
  ],
  [
    'embedding: sparse',
    () => dt.nn.functional.embedding(classes(0), zeros(3, 2).requiresGrad_(), { sparse: true }),
    UnsupportedError,
    'embedding: there are no sparse gradients; leave sparse out, and they are dense',
  ],
  [
    'embeddingBag: no offsets',
    () => dt.nn.functional.embeddingBag(classes(0), zeros(3, 2)),
    ShapeError,
    'embeddingBag: expected an index of 2 dimensions, or of 1 and offsets, got [1]',
  ],
  [
    'embeddingBag: offsets of rows',
    () => dt.nn.functional.embeddingBag(ints(2, 2), zeros(3, 2), classes(0)),
    ShapeError,
    'embeddingBag: with offsets expected an index of 1 dimension, got [2, 2]',
  ],
  [
    'embeddingBag: offsets of two dimensions',
    () => dt.nn.functional.embeddingBag(classes(0), zeros(3, 2), ints(1, 1)),
    ShapeError,
    'embeddingBag: expected offsets of 1 dimension, got [1, 1]',
  ],
  [
    'embeddingBag: no last offset',
    () => dt.nn.functional.embeddingBag(classes(0), zeros(3, 2), ints(0), { includeLastOffset: true }),
    ShapeError,
    'embeddingBag: with includeLastOffset expected at least one offset',
  ],
  [
    'embeddingBag: the first offset',
    () => dt.nn.functional.embeddingBag(classes(0, 1), zeros(3, 2), classes(1)),
    ArgumentError,
    'embeddingBag: the first offset must be 0, got 1',
  ],
  [
    'embeddingBag: an offset behind the end',
    () => dt.nn.functional.embeddingBag(classes(0, 1), zeros(3, 2), classes(0, 3)),
    IndexError,
    'embeddingBag: offsets: index 3 is out of range for dim 0 of size 3',
  ],
  [
    'embeddingBag: factors of a mean',
    () => dt.nn.functional.embeddingBag(ints(1, 2), zeros(3, 2), { perSampleWeights: zeros(1, 2) }),
    UnsupportedError,
    "embeddingBag: perSampleWeights are for the mode 'sum'",
  ],
  [
    'embeddingBag: shape of factors',
    () => dt.nn.functional.embeddingBag(ints(1, 2), zeros(3, 2), { perSampleWeights: zeros(2), mode: 'sum' }),
    ShapeError,
    'embeddingBag: expected perSampleWeights [1, 2] as the index, got [2]',
  ],
  [
    'embeddingBag: dtype of factors',
    () => dt.nn.functional.embeddingBag(ints(1, 2), zeros(3, 2), { perSampleWeights: ints(1, 2), mode: 'sum' }),
    DTypeError,
    'embeddingBag: expected perSampleWeights of dtype float32 as the weight, got int64',
  ],
  [
    'embeddingBag: frequency of maxima',
    () => dt.nn.functional.embeddingBag(ints(1, 2), zeros(3, 2), { scaleGradByFreq: true, mode: 'max' }),
    UnsupportedError,
    "embeddingBag: the mode 'max' has no scaleGradByFreq",
  ],
  [
    'ctcLoss: logProbs',
    () => dt.nn.functional.ctcLoss(zeros(4), ints(2, 2), [4], [2]),
    ShapeError,
    'ctcLoss: expected logProbs [T, N, C] or [T, C], got [4]',
  ],
  [
    'ctcLoss: targets',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(), [4, 4], [2, 2]),
    ShapeError,
    'ctcLoss: expected targets [N, S] or [all], got []',
  ],
  [
    'ctcLoss: dtype of targets',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), zeros(2, 2), [4, 4], [2, 2]),
    DTypeError,
    "ctcLoss: expected targets of dtype int64, got float32; convert with targets.to('int64')",
  ],
  [
    'ctcLoss: halves',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3).half(), ints(2, 2), [4, 4], [2, 2]),
    DTypeError,
    "ctcLoss: not implemented for float16; convert with x.to('float32')",
  ],
  [
    'ctcLoss: blank',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(2, 2), [4, 4], [2, 2], 3),
    ArgumentError,
    'ctcLoss: blank 3 is out of range for 3 classes',
  ],
  [
    'ctcLoss: number of lengths',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(2, 2), [4], [2, 2]),
    ShapeError,
    'ctcLoss: expected 2 inputLengths, one for each sample, got 1',
  ],
  [
    'ctcLoss: a negative length',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(2, 2), [4, 4], [2, -1]),
    ArgumentError,
    'ctcLoss: targetLengths must not be negative, got -1',
  ],
  [
    'ctcLoss: more steps than there are',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(2, 2), [4, 5], [2, 2]),
    ArgumentError,
    'ctcLoss: inputLengths must be at most 4, the number of steps, got 5',
  ],
  [
    'ctcLoss: more labels than there are',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(2, 2), [4, 4], [2, 3]),
    ShapeError,
    'ctcLoss: expected targets [2, at least 3], got [2, 2]',
  ],
  [
    'ctcLoss: targets one after the other',
    () => dt.nn.functional.ctcLoss(zeros(4, 2, 3), ints(3), [4, 4], [2, 2]),
    ShapeError,
    'ctcLoss: expected 4 targets, the sum of targetLengths, got 3',
  ],
  [
    'ctcLoss: a target that is no class',
    () => dt.nn.functional.ctcLoss(zeros(4, 1, 3), dt.tensor([[1, 3]], { dtype: 'int64' }), [4], [2]),
    IndexError,
    'ctcLoss: target 3 is out of range for 3 classes',
  ],
  [
    'ctcLoss: lengths',
    () => dt.nn.functional.ctcLoss(zeros(4, 1, 3), ints(1, 2), 4 as never, [2]),
    ArgumentError,
    'ctcLoss: inputLengths: expected a tensor or an array of numbers, got a number',
  ],
  [
    'linearCrossEntropy: features',
    () => dt.nn.functional.linearCrossEntropy(zeros(2, 3), zeros(5, 4), ints(2)),
    ShapeError,
    'linearCrossEntropy: expected input [N, in] or [in] and linearWeight [C, …, in], got [2, 3] and [5, 4]',
  ],
  [
    'linearCrossEntropy: no batch',
    () => dt.nn.functional.linearCrossEntropy(zeros(4), zeros(5, 2, 4), ints()),
    ShapeError,
    'linearCrossEntropy: linearWeight [5, 2, 4] is for a batch, got input [4]',
  ],
  [
    'linearCrossEntropy: bias',
    () => dt.nn.functional.linearCrossEntropy(zeros(2, 4), zeros(5, 4), ints(2), zeros(4)),
    ShapeError,
    'linearCrossEntropy: expected linearBias [5], got [4]',
  ],
  [
    'linearCrossEntropy: ignoreIndex',
    () => dt.nn.functional.linearCrossEntropy(zeros(2, 4), zeros(5, 4), zeros(2, 5), { ignoreIndex: 1 }),
    ArgumentError,
    'linearCrossEntropy: ignoreIndex does not go with class probabilities',
  ],
  [
    'linearCrossEntropy: a class out of range',
    () => dt.nn.functional.linearCrossEntropy(zeros(2, 4), zeros(5, 4), classes(5, 0)),
    IndexError,
    'linearCrossEntropy: target 5 is out of range for 5 classes',
  ],
]
