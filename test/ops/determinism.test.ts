// What is scattered to places where several meet has the same bits on every run: on the CPU always, whatever the number
// of threads, on a GPU with useDeterministicAlgorithms, and then those of the sums in order.
import { afterEach, expect, test } from 'vitest'
import {
  areDeterministicAlgorithmsEnabled,
  getNumThreads,
  manualSeed,
  randint,
  randn,
  setNumThreads,
  type Tensor,
  useDeterministicAlgorithms,
  zeros,
} from '../../src/index.ts'
import { device } from '../support/device.ts'

const threads = getNumThreads()
afterEach(() => {
  setNumThreads(threads)
  useDeterministicAlgorithms(false)
})

/** Rows, and where each goes: to few places, so that hundreds meet. */
manualSeed(1)
const [rows, columns, places] = [1200, 40, 3]
const source = randn(rows, columns)
const each = randint(places, [rows, columns])
const at = each.select(1, 0).contiguous()

const ways: Record<string, (x: Tensor, at: Tensor, each: Tensor, source: Tensor) => Tensor> = {
  scatter: (x, _, each, source) => x.scatter(0, each, source),
  scatterAdd: (x, _, each, source) => x.scatterAdd(0, each, source),
  scatterReduce: (x, _, each, source) => x.scatterReduce(0, each, source, 'prod'),
  indexAdd: (x, at, _, source) => x.indexAdd(0, at, source),
  indexCopy: (x, at, _, source) => x.indexCopy(0, at, source),
  indexPut: (x, at, _, source) => x.indexPut([at], source),
  'indexPut that adds': (x, at, _, source) => x.indexPut([at], source, { accumulate: true }),
  put: (x, at, _, source) => x.put(at, source.select(1, 0), { accumulate: true }),
  'the gradient of gather': (x, _, each, source) => {
    const leaf = x.clone().requiresGrad_()
    leaf.gather(0, each).mul(source).sum().backward()
    return leaf.grad!
  },
  'the gradient of index': (x, at, _, source) => {
    const leaf = x.clone().requiresGrad_()
    leaf.index(at).mul(source).sum().backward()
    return leaf.grad!
  },
}

const numbers = (x: Tensor) => [...x.cpu().contiguous().toTypedArray()].map(Number)

/** float32 sums in the order of the rows, and what came last. */
function inOrder(adds: boolean): number[] {
  const [values, where] = [numbers(source), numbers(each)]
  const out = new Float32Array(places * columns)
  values.forEach((value, i) => {
    const place = where[i]! * columns + (i % columns)
    out[place] = adds ? out[place]! + value : value
  })
  return [...out]
}

test('it is off unless it is asked for', () => {
  expect(areDeterministicAlgorithmsEnabled()).toBe(false)
  useDeterministicAlgorithms(true)
  expect(areDeterministicAlgorithmsEnabled()).toBe(true)
})

test.each(Object.entries(ways))('%s: equal bits on every run', (_, way) => {
  useDeterministicAlgorithms(device !== 'cpu')
  const inputs = [zeros(places, columns).add(1), at, each, source].map(x => x.to(device))
  const run = () => numbers(way(...(inputs as [Tensor, Tensor, Tensor, Tensor])))
  setNumThreads(1)
  const first = run()
  for (const count of [1, 2, 2]) {
    setNumThreads(count)
    expect(run()).toEqual(first)
  }
})

test('sums are those in order, and what came last stays', () => {
  useDeterministicAlgorithms(device !== 'cpu')
  const [x, index, values] = [zeros(places, columns), each, source].map(x => x.to(device)) as [Tensor, Tensor, Tensor]
  expect(numbers(x.scatterAdd(0, index, values))).toEqual(inOrder(true))
  expect(numbers(x.scatter(0, index, values))).toEqual(inOrder(false))
})
