// Exported models, run by onnxruntime with two sizes of the batch, against what the models themselves compute.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, expect, test } from 'vitest'
import { type DType, manualSeed, nn, Tensor, tensor } from '../../src/index.ts'
import { exportOnnx } from '../../src/onnx/index.ts'
import { converters } from '../../src/onnx/ops/table.ts'
import { type Forward, layers, models, ops } from './cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'dtrain-onnx-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A function as a model. */
class Func extends nn.Module<Tensor[], unknown> {
  readonly fn: Forward

  constructor(fn: Forward) {
    super()
    this.fn = fn
  }

  forward(...xs: Tensor[]): unknown {
    return this.fn(...xs)
  }
}

const tolerance: Partial<Record<DType, number>> = { float32: 1e-5, float64: 1e-12, float16: 4e-3 }

/** The outputs by onnxruntime, as tensors. */
async function run(path: string, inputs: readonly Tensor[]): Promise<Tensor[]> {
  const session = await ort.InferenceSession.create(path, { logSeverityLevel: 3, intraOpNumThreads: 1 })
  const feeds = Object.fromEntries(
    inputs.map((x, i) => [
      session.inputNames[i],
      new ort.Tensor(x.dtype as 'float32', x.toTypedArray() as Float32Array, [...x.shape]),
    ]),
  )
  const found = await session.run(feeds)
  const outputs = session.outputNames.map(name => fromRuntime(found[name]!))
  await session.release()
  return outputs
}

function fromRuntime({ type, data, dims }: ort.Tensor): Tensor {
  const dtype = type as DType
  const flat = tensor(data as Float32Array, dtype === 'float16' ? { dtype } : undefined)
  return flat.to(dtype).reshape([...dims])
}

function expectSame(got: Tensor, want: Tensor): void {
  expect([got.dtype, got.shape]).toEqual([want.dtype, want.shape])
  const [actual, expected] = [got, want].map(x => [...x.to('float64').toTypedArray()] as [number, ...number[]])
  const limit = tolerance[want.dtype] ?? 0
  for (const [i, value] of expected!.entries()) {
    const isClose = Object.is(actual![i], value) || Math.abs(actual![i]! - value) <= limit * (1 + Math.abs(value))
    if (!isClose) expect(actual).toEqual(expected)
  }
}

/** Which converters have been used. */
const used = new Set<string>()
for (const [name, converter] of converters) {
  converters.set(name, (...args) => {
    used.add(name)
    return converter(...args)
  })
}

function tensorsOf(output: unknown): Tensor[] {
  return output instanceof Tensor ? [output] : Object.values(output as Tensor[])
}

const table = [...models, ...layers, ...ops].flatMap(({ dtypes = ['float32'], ...rest }) =>
  dtypes.map(dtype => ({ ...rest, dtype, title: `${rest.name}, ${dtype}` })),
)

test.each(table.map(row => [row.title, row] as const))('%s', async (title, { model: given, inputs, dtype }) => {
  manualSeed(5)
  const model: nn.AnyModule = given instanceof nn.Module ? given : new Func(given)
  const path = join(folder, `${title}.onnx`)
  const cast = (x: Tensor) => (x.dtype === 'float32' ? x.to(dtype) : x)
  model.to(dtype as 'float32')
  exportOnnx(model, inputs(3).map(cast), path)
  expect(model.training).toBe(true)
  for (const n of [3, 7]) {
    const xs = inputs(n).map(cast)
    const got = await run(path, xs)
    const want = tensorsOf(model.eval()(...xs.map(x => x.clone())))
    model.train()
    expect(got).toHaveLength(want.length)
    for (const [i, output] of got.entries()) expectSame(output, want[i]!)
  }
})

test('every layer and every converter has a row', () => {
  // Losses and containers; layers whose states depend on the batch, or whose ops have no row: exporting names the op.
  const skipped =
    /Loss$|^(Module|ModuleList|ModuleDict|Sequential|Parameter|ParameterList|ParameterDict)$|^(RNN|GRU|LSTM)|Transformer|Attention$|Pad[123]d$|^Upsampl|[Ss]huffle$|[Ff]old$|^Unflatten$|Bag$|Unpool|^Fractional|^LPPool|^LocalResponse|^SyncBatchNorm/
  const classes = Object.keys(nn).filter(name => /^[A-Z]/.test(name) && !skipped.test(name))
  expect(classes.filter(name => !layers.some(row => row.name.split(/[ ,]/)[0] === name))).toEqual([])
  expect([...converters.keys()].filter(name => !used.has(name))).toEqual(['to']) // see test/cuda/onnx.test.ts
})
