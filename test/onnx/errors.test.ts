// What cannot be exported is named, with the layer; names, and dimensions that vary.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, expect, test } from 'vitest'
import { cat, Generator, nn, nonzero, ones, randn, type Tensor, zeros } from '../../src/index.ts'
import { exportOnnx, type OnnxOptions } from '../../src/onnx/index.ts'
import { modelFile } from '../../src/onnx/model.ts'

const folder = mkdtempSync(join(tmpdir(), 'dtrain-onnx-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'model.onnx')

class Layer extends nn.Module<Tensor[], unknown> {
  readonly fn: (...xs: Tensor[]) => unknown
  weight = new nn.Parameter(ones(1))

  constructor(fn: (...xs: Tensor[]) => unknown) {
    super()
    this.fn = fn
  }

  forward(...xs: Tensor[]): unknown {
    return this.fn(...xs)
  }
}

const kept = zeros(4, 3)
const refused: Record<string, [fn: (x: Tensor) => unknown, message: string]> = {
  'an op that is not there': [x => x.multinomial(1), 'multinomial draws random numbers'],
  'a loss': [x => nn.functional.mseLoss(x, zeros(3)), 'mseLoss cannot be said in ONNX'],
  'sizes that depend on data': [x => nonzero(x), 'nonzero cannot be said in ONNX'],
  'a mask': [x => x.index(x.gt(0)), 'index by a mask makes a tensor whose size is not known; use where or maskedFill'],
  'elements that are read': [
    x => x.mul(x.max().item()),
    'the model reads elements (by item, toArray, in a condition or',
  ],
  'random numbers': [x => x.add(randn(3)), 'randn draws random numbers'],
  'random numbers of its own': [x => x.bernoulli({ generator: new Generator() }), 'bernoulli draws random numbers'],
  'dropout that stays': [x => nn.functional.dropout(x), 'dropout draws random numbers'],
  'a tensor from outside that changes': [x => kept.view(-1).add_(x.sum()), 'add_ changes a tensor from outside'],
  'a change through a view': [
    x => {
      const y = x.mul(2)
      y.select(1, 0).fill_(0)
      return y.add(1)
    },
    'a tensor is used after it was changed through another view of its elements',
  ],
  'another model for another batch': [x => (x.size(0) > 2 ? x.exp() : x), 'the model computes other things for inputs'],
  'one more op for each sample': [x => cat(x.chunk(x.size(0))), 'the model computes other things for inputs of other'],
  'a number that is no multiple': [
    x => x.mul(1 / x.size(0)),
    "a size or number depends on 'batch', and is no whole multiple of it plus a whole number",
  ],
  'an attribute that varies': [
    x =>
      x
        .unsqueeze(0)
        .sum(x.size(0) - x.size(0))
        .add(0)
        .std({ correction: x.size(0) }),
    'an argument of std depends on',
  ],
  'a tensor that varies': [
    x => x.add(zeros(x.size(0), 1).fill_(1).cumsum(0)),
    'the elements of a tensor that forward makes depend',
  ],
}

test.each(Object.keys(refused))('%s is refused, and the layer named', name => {
  const [fn, message] = refused[name]!
  const model = new nn.Sequential(new nn.Identity(), new Layer(fn) as never)
  expect(() => exportOnnx(model, randn(2, 3), path)).toThrow(`exportOnnx: 1 (Layer): ${message}`)
  expect(model.training).toBe(true)
  expect(readdirSync(folder)).not.toContain('model.onnx')
})

test('weights must not change', () => {
  const layer: Layer = new Layer(x => x.mul(layer.weight.data.add_(1)))
  expect(() => exportOnnx(layer, randn(2, 3), path)).toThrow('exportOnnx: Layer: add_ changes weight')
})

const identity = new nn.Identity()
const other = (options: OnnxOptions) => () => exportOnnx(identity, randn(2, 3), path, options)

test.each<[() => unknown, string]>([
  [() => exportOnnx(((x: Tensor) => x) as never, randn(2), path), 'exportOnnx: expected a module, got a function'],
  [() => exportOnnx(identity, 3 as never, path), 'exportOnnx: expected a tensor or an array of inputs, got a number'],
  [() => exportOnnx(identity, [], path), 'exportOnnx: there is no tensor among the example inputs'],
  [() => exportOnnx(identity, randn(2), 3 as never), 'exportOnnx: expected the path of a file, got a number'],
  [() => exportOnnx(new Layer(() => 3), randn(2), path), 'exportOnnx: the model gives no tensor'],
  [() => exportOnnx(identity, randn(0, 3), path), "exportOnnx: the example input 'input' is empty along 'batch'"],
  [other({ inputName: ['x'] } as never), "exportOnnx: unknown option 'inputName'; did you mean 'inputNames'?"],
  [other({ inputNames: ['x', 'y'] }), 'exportOnnx: inputNames: expected 1 different names, got [x, y]'],
  [other({ inputNames: 'x' as never }), 'exportOnnx: expected inputNames as texts, got a string'],
  [other({ inputNames: ['output'] }), "exportOnnx: 'output' is the name of an input and of an output"],
  [other({ dynamicAxes: { x: { 0: 'n' } } }), "exportOnnx: dynamicAxes: no input is called 'x'; there are input"],
  [other({ dynamicAxes: { input: { 2: 'n' } } }), 'size: dim 2 is out of range for a tensor of 2 dimensions'],
  [
    other({ dynamicAxes: { input: { 0: 'n', 1: 'n' } } }),
    "exportOnnx: dynamicAxes: 'n' has the sizes 2 and 3 in the example inputs",
  ],
  [
    () => exportOnnx(new nn.Linear(3, 3), randn(2, 3), path, { dynamicAxes: { input: { 1: 'features' } } }),
    'exportOnnx: the model does not take inputs of other sizes (features 4): linear:',
  ],
])('%s', (call, message) => expect(call).toThrow(message))

test('more than 2 GiB are refused', () => {
  const data = new Uint8Array(2 ** 31) // which nobody touches, so it takes no memory
  const initializers = [{ name: 'weight', dtype: 'uint8' as const, shape: [2 ** 31], data }]
  expect(() => modelFile({ name: 'large', nodes: [], initializers, inputs: [], outputs: [] })).toThrow(
    /^exportOnnx: the model takes 2147\d{6} bytes, and an ONNX file holds at most 2 GiB; export parts of it/,
  )
})

/** Shapes of the inputs and outputs, and what onnxruntime gives. */
async function loaded() {
  const session = await ort.InferenceSession.create(path)
  const shapes = (all: readonly ort.InferenceSession.ValueMetadata[]) =>
    Object.fromEntries(all.map(it => [it.name, it.isTensor ? it.shape : null]))
  return { session, inputs: shapes(session.inputMetadata), outputs: shapes(session.outputMetadata) }
}

test('names, and a batch that is fixed', async () => {
  const model = new nn.Linear(3, 2)
  exportOnnx(model, randn(2, 3), path, { inputNames: ['x'], outputNames: ['y'], dynamicAxes: {} })
  const { inputs, outputs } = await loaded()
  expect([inputs, outputs]).toEqual([{ x: [2, 3] }, { y: [2, 2] }])
})

test('several dimensions that vary', async () => {
  const model = new Layer((x, y) => [x!.reshape(-1, 3).add(y!), x!.sum(1).div(x!.size(1)), x!.transpose(0, 1)])
  exportOnnx(model, [randn(2, 5, 3), randn(3)], path, {
    inputNames: ['x', 'y'],
    outputNames: ['a', 'b', 'c'],
    dynamicAxes: { x: { 0: 'batch', 1: 'time' }, a: { 0: 'both' } },
  })
  const { session, inputs, outputs } = await loaded()
  expect(inputs).toEqual({ x: ['batch', 'time', 3], y: [3] })
  expect([outputs.b, outputs.c]).toEqual([
    ['batch', 3],
    ['time', 'batch', 3],
  ])
  const x = randn(4, 7, 3)
  const got = await session.run({
    x: new ort.Tensor(x.toTypedArray() as Float32Array, [4, 7, 3]),
    y: new ort.Tensor(new Float32Array(3), [3]),
  })
  expect(Object.values(got).map(({ dims }) => dims)).toEqual([
    [28, 3],
    [4, 3],
    [7, 4, 3],
  ])
  expect(got.a!.data).toEqual(x.toTypedArray())
})

test('of several inputs those with as many rows as the first vary together', async () => {
  exportOnnx(new Layer((x, y, z) => x!.mul(y!).add(z!)), [randn(2, 3), randn(2, 1), randn(3)], path)
  expect((await loaded()).inputs).toEqual({ input0: ['batch', 3], input1: ['batch', 1], input2: [3] })
})
