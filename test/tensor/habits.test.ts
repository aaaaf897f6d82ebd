// What a JavaScript program does to objects out of habit: change the arrays it is given, write JSON, clone, spread.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  ArgumentError,
  conv2d,
  DataLoader,
  dtypes,
  Generator,
  nn,
  ones,
  optim,
  rand,
  TensorDataset,
  tensor,
  zeros,
} from '../../src/index.ts'

describe('arrays that are handed out', () => {
  test('the shape of a tensor cannot be changed by way of them', () => {
    const x = zeros(2, 3)
    expect(() => (x.shape as number[]).reverse()).toThrow(TypeError)
    expect(() => (x.size() as number[]).push(1)).toThrow(TypeError)
    expect(() => (x.stride() as number[]).fill(0)).toThrow(TypeError)
    expect(() => Object.assign(x.shape, { 0: 5 })).toThrow(TypeError)
    expect([x.shape, x.size(0), x.numel(), x.stride()]).toEqual([[2, 3], 2, 6, [3, 1]])
    expect([...x.shape].reverse()).toEqual([3, 2])
  })

  test('nor the dtypes, nor the graph, nor the tensors of a dataset', () => {
    expect(() => (new TensorDataset(zeros(2)).tensors as unknown as unknown[]).pop()).toThrow(TypeError)
    expect(() => (dtypes as unknown as string[]).reverse()).toThrow(TypeError)
    const { nextFunctions } = ones(1, { requiresGrad: true }).exp().gradFn!
    expect(() => (nextFunctions as unknown[]).pop()).toThrow(TypeError)
    expect(() => Object.assign(nextFunctions[0]!, { 1: 7 })).toThrow(TypeError)
  })

  test('a layer keeps its sizes when the array it was given is changed, and gives none that can be', () => {
    const size: [number, number] = [2, 2]
    const conv = new nn.Conv2d(1, 1, size, size, { padding: size, dilation: size })
    const pool = new nn.MaxPool2d(size, { stride: size })
    size[0] = 9
    for (const kept of [conv.kernelSize, conv.stride, conv.padding, conv.dilation, pool.kernelSize, pool.stride]) {
      expect(kept).toEqual([2, 2])
      expect(() => (kept as unknown as number[]).reverse()).toThrow(TypeError)
    }
    expect(conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2), { stride: [1, 2] }).shape).toEqual([1, 1, 2, 1])
  })

  test('what PyTorch lets one change can be changed', () => {
    const layer = new nn.Linear(1, 1)
    const optimizer = new optim.SGD(layer.parameters(), { lr: 1 })
    optimizer.paramGroups[0]!.lr *= 0.5
    optimizer.paramGroups[0]!.params.pop()
    expect([optimizer.paramGroups[0]!.lr, optimizer.paramGroups[0]!.params]).toEqual([0.5, [layer.weight]])
    const [batch] = new DataLoader({ length: 2, get: i => i }, { batchSize: 2, collateFn: samples => samples })
    expect(batch!.reverse()).toEqual([1, 0])
  })
})

describe('JSON', () => {
  const aboutTensors = new ArgumentError(
    'JSON.stringify: a tensor has no JSON form; give it x.toArray(), nested arrays of numbers, and x.dtype if that matters',
  )
  const aboutModules = new ArgumentError(
    'JSON.stringify: a module has no JSON form; its tensors are in stateDict(), and each of them gives numbers by toArray()',
  )

  test('of tensors, state dicts and optimizers is refused, and never empty', () => {
    const model = new nn.Sequential(new nn.Linear(2, 1))
    const optimizer = new optim.SGD(model.parameters())
    for (const value of [tensor(1), [model.parameters()], model.stateDict(), { best: model.stateDict() }, optimizer]) {
      expect(() => JSON.stringify(value)).toThrow(aboutTensors)
    }
    for (const value of [model, { model }, [new nn.ReLU()]]) expect(() => JSON.stringify(value)).toThrow(aboutModules)
  })

  test('of generators too', () => {
    const text = 'JSON.stringify: a generator has no JSON form; give it [...generator.getState()]'
    expect(() => JSON.stringify({ generator: new Generator() })).toThrow(new ArgumentError(text))
    const generator = new Generator().manualSeed(5)
    const saved = JSON.parse(JSON.stringify([...generator.getState()]))
    expect(rand(3, { generator: new Generator().setState(Uint8Array.from(saved)) }).toArray()).toEqual(
      rand(3, { generator }).toArray(),
    )
  })

  test('of numbers brings a state dict there and back', () => {
    const from = new nn.Linear(2, 1)
    const text = JSON.stringify(Object.entries(from.stateDict()).map(([key, x]) => [key, x.toArray()]))
    const to = new nn.Linear(2, 1)
    to.loadStateDict(Object.fromEntries(JSON.parse(text).map(([key, data]: [string, number[]]) => [key, tensor(data)])))
    expect(to.weight.toArray()).toEqual(from.weight.toArray())
  })
})

test('deep equality never takes two tensors for equal, whose elements it cannot see', () => {
  const x = tensor([1, 2])
  for (const other of [tensor([1, 2]), tensor([3]), x.detach()]) {
    expect(isDeepStrictEqual(x, other)).toBe(false)
    expect({ best: [x] }).not.toEqual({ best: [other] })
    expect(new Map([['x', x]])).not.toStrictEqual(new Map([['x', other]]))
  }
  expect(isDeepStrictEqual([x], [x])).toBe(true)
  expect({ x }).toEqual({ x })
})

test('a tensor or a module cannot be cloned, and a spread one is no tensor', () => {
  expect(() => structuredClone(zeros(2))).toThrow('could not be cloned')
  expect(() => structuredClone({ model: new nn.ReLU() })).toThrow('could not be cloned')
  expect(String({ ...zeros(2) })).toBe('[object Object]')
})
