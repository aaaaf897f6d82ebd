// Metrics: their values against the definition, their text, and that sums over ranks are exact (test/distributed).
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  Accuracy,
  ArgumentError,
  Average,
  ConfusionMatrix,
  IndexError,
  metrics,
  RandomState,
  RunningMean,
  ShapeError,
  tensor,
} from '../../src/index.ts'

const classes = (values: number[]) => tensor(values, { dtype: 'int64' })

test('an average counts each value as often as its weight says', () => {
  const loss = new Average()
  expect([loss.value, String(loss)]).toEqual([Number.NaN, '–'])
  loss.update(2)
  loss.update(tensor(0.5), 4)
  loss.update(1, { weight: 3 })
  expect(loss.value).toBe((2 + 0.5 * 4 + 1 * 3) / 8)
  expect([String(loss), inspect(loss)]).toEqual(['0.8750', '0.8750'])
  loss.reset()
  loss.update(3)
  expect(loss.value).toBe(3)
})

test('a running mean is that of the last values', () => {
  const mean = new RunningMean(3)
  expect(String(mean)).toBe('–')
  for (const value of [100, 1, 2]) mean.update(value)
  expect(mean.value).toBeCloseTo(103 / 3)
  mean.update(tensor([6]))
  expect([mean.value, String(mean), inspect(mean)]).toEqual([3, '3.0000', '3.0000'])
  mean.reset()
  mean.update(5)
  expect(mean.value).toBe(5)
  expect(new RunningMean({ window: 2 }).window).toBe(2)
  expect(new RunningMean().window).toBe(100)
})

test('accuracy is read from scores or from classes', () => {
  const accuracy = new Accuracy()
  expect(String(accuracy)).toBe('–')
  const scores = tensor([
    [0.1, 2, 0.3],
    [5, -1, 2],
    [0, 0, 1],
  ])
  accuracy.update(scores, classes([1, 2, 2]))
  expect(accuracy.value).toBe(2 / 3)
  accuracy.update(classes([1, 0]).view(1, 2), classes([1, 1]).view(1, 2))
  expect([accuracy.value, String(accuracy)]).toEqual([3 / 5, '60.00 %'])
  accuracy.reset()
  accuracy.update(tensor([true, false]), tensor([1, 1], { dtype: 'uint8' }))
  expect(accuracy.value).toBe(0.5)
})

test('the right class may be among the k with the highest scores', () => {
  const random = new RandomState(0)
  const scores = random.randn(50, 7)
  const targets = random.randint(7, { size: 50 })
  const rows = scores.toArray() as number[][]
  const right = targets.toArray() as number[]
  for (const k of [1, 2, 3, 7]) {
    const accuracy = new Accuracy({ topK: k })
    accuracy.update(scores.to('float32'), targets)
    const among = rows.filter((row, i) => [...row].sort((a, b) => b - a).indexOf(row[right[i]!]!) < k)
    expect(accuracy.value).toBe(among.length / 50)
  }
})

test('of equal scores the first is the higher, and NaN is above all', () => {
  const scores = tensor([
    [1, 1, 0],
    [1, 1, 0],
    [Number.NaN, 5, 4],
    [Number.NaN, 5, Number.NaN],
  ])
  for (const [target, k, value] of [
    [0, 1, 1],
    [1, 1, 0],
    [1, 2, 0.75],
    [2, 2, 0.25],
  ] as const) {
    const accuracy = new Accuracy(k)
    accuracy.update(scores, classes([target, target, target, target]))
    expect(accuracy.value, `class ${target}, ${k} highest`).toBe(value)
  }
})

test('a confusion matrix counts, rates each class and prints a table', () => {
  const matrix = new ConfusionMatrix(2, ['cat', 'dog'])
  matrix.update(classes([0, 0, 0, 0, 0, 1]), classes([0, 0, 0, 0, 0, 0]))
  matrix.update(
    tensor([
      [3, 1],
      [2, 1],
      [1, 3],
      [1, 3],
      [1, 3],
      [1, 3],
    ]),
    classes([1, 1, 1, 1, 1, 1]),
  )
  expect(matrix.matrix).toEqual([
    [5, 1],
    [2, 4],
  ])
  expect(matrix.value).toBe(9 / 12)
  expect(matrix.precision()).toEqual([5 / 7, 4 / 5])
  expect(matrix.recall()).toEqual([5 / 6, 4 / 6])
  for (const [i, f1] of matrix.f1().entries()) expect(f1).toBeCloseTo([10 / 13, 8 / 11][i]!, 15)
  const table = [
    '             cat    dog recall', //
    'cat            5      1 0.8333',
    'dog            2      4 0.6667',
    'precision 0.7143 0.8000 0.7500',
  ]
  expect(String(matrix).split('\n')).toEqual(table)
  expect(inspect(matrix)).toBe(String(matrix))
})

test('a class that is not there has rates of 0', () => {
  const matrix = new ConfusionMatrix(3)
  expect(String(matrix).split('\n').at(-1)).toMatch(/^precision 0\.0000 0\.0000 0\.0000 +–$/)
  matrix.update(classes([0, 0]), classes([0, 1]))
  expect([matrix.precision(), matrix.recall(), matrix.f1()]).toEqual([
    [0.5, 0, 0],
    [1, 0, 0],
    [2 / 3, 0, 0],
  ])
  expect(matrix.names).toEqual(['0', '1', '2'])
})

test('on one rank the metric of all ranks is its own', () => {
  const accuracy = new metrics.Accuracy()
  accuracy.update(classes([1, 0]), classes([1, 1]))
  expect(accuracy.allReduce().value).toBe(0.5)
})

const wrong: [call: () => unknown, text: string, kind?: new (text: string) => Error][] = [
  [() => new Average().update('1' as never), 'update: value: expected a number, got a string'],
  [() => new RunningMean(0), 'RunningMean: window: expected a positive integer, got 0'],
  [() => new Accuracy(1.5), 'Accuracy: topK: expected a positive integer, got 1.5'],
  [() => new Accuracy({ k: 1 } as never), "Accuracy: unknown option 'k'; it has topK"],
  [() => new Accuracy().update(1 as never, classes([1])), 'Accuracy: output: expected a tensor, got a number'],
  [() => new Accuracy().update(classes([1]), [1] as never), 'Accuracy: target: expected a tensor, got an array'],
  [() => new Accuracy().update(tensor([0.5]), classes([1])), 'Accuracy: output: expected integers, got float32'],
  [() => new Accuracy().update(classes([1]), tensor([0.5])), 'Accuracy: target: expected integers, got float32'],
  [
    () => new Accuracy().update(tensor([[0.5, 1]]), classes([1, 0])),
    "Accuracy: expected scores of shape [N, classes] or classes of the target's [2], got [1, 2]",
    ShapeError,
  ],
  [
    () => new Accuracy(2).update(classes([1]), classes([1])),
    'Accuracy: topK 2 needs scores of shape [N, classes], got classes',
  ],
  [() => new ConfusionMatrix(0), 'ConfusionMatrix: numClasses: expected a positive integer, got 0'],
  [() => new ConfusionMatrix(2, ['cat']), 'ConfusionMatrix: names: expected 2 names, got 1'],
  [
    () => new ConfusionMatrix(2).update(classes([2]), classes([0])),
    'ConfusionMatrix: class 2 is out of range for 2 classes',
    IndexError,
  ],
]

test('wrong calls are refused', () => {
  for (const [call, text, kind = ArgumentError] of wrong) {
    expect(call, text).toThrow(text)
    expect(call, text).toThrow(kind)
  }
})
