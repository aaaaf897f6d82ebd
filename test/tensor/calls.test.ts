// Every function, method and constructor that the package exports is called with an option that it does not have, and
// with more arguments than it has places for: both must be refused by name. The required arguments of a call are here
// only where a function looks at them before its options.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import * as distributed from '../../src/distributed/index.ts'
import * as dt from '../../src/index.ts'
import * as monitor from '../../src/monitor/index.ts'
import * as onnx from '../../src/onnx/index.ts'
import * as tensorboard from '../../src/tensorboard/index.ts'
import * as tune from '../../src/tune/index.ts'
import * as vision from '../../src/vision/index.ts'
import * as viz from '../../src/viz/index.ts'

type Call = (...args: unknown[]) => unknown

const bad = { surelyUnknown: 1 }
const x = dt.ones(2, 2)
const image = dt.ones(1, 1, 2, 2)
const dataset = new dt.TensorDataset(dt.arange(4))
const weight = dt.ones(2, 2, { requiresGrad: true })
const optimizer = new dt.optim.SGD([weight])
const { experiment } = await tune.optimize({
  parameters: [{ name: 'x', type: 'range', bounds: [0, 1] }],
  evaluationFunction: ({ x }) => x,
  totalTrials: 1,
})

/** What stands before the options in a call; by its name alone for what several namespaces have. */
const required: Record<string, unknown[]> = {
  'dt.full': [[1], 1],
  'dt.randint': [4, [1]],
  DataLoader: [dataset],
  'data.SubsetRandomSampler': [[1]],
  'data.WeightedRandomSampler': [[1], 1],
  'dt.add': [x, x],
  'dt.sub': [x, x],
  'Tensor.add': [x],
  'Tensor.sub': [x],
  'Tensor.add_': [x],
  'Tensor.sub_': [x],
  'dt.div': [x, x],
  'Tensor.div': [x],
  'Tensor.div_': [x],
  'dt.cat': [[x]],
  'dt.indexAdd': [x, 0, x, x],
  'Tensor.indexAdd': [0, x, x],
  'dt.indexPut': [x, [x], x],
  'Tensor.indexPut': [[x], x],
  'dt.indexReduce': [x, 0, x, x, 'prod'],
  'Tensor.indexReduce': [0, x, x, 'prod'],
  'dt.put': [x, x, x],
  'Tensor.put': [x, x],
  'Tensor.put_': [x, x],
  'dt.scatter': [x, 0, x, 1],
  'Tensor.scatter': [0, x, 1],
  'dt.scatterReduce': [x, 0, x, x, 'sum'],
  'Tensor.scatterReduce': [0, x, x, 'sum'],
  'Tensor.scatterReduce_': [0, x, x, 'sum'],
  'dt.stack': [[x]],
  'dt.chunk': [x, 2],
  'Tensor.chunk': [2],
  'Module.registerBuffer': ['b', null],
  'dt.slice': [x],
  'dt.sliceCopy': [x],
  'dt.sliceScatter': [x, x],
  'Tensor.sliceScatter': [x],
  'dt.squeeze': [x],
  'dt.squeezeCopy': [x],
  'dt.unbind': [x],
  'dt.unbindCopy': [x],
  'nn.functional.oneHot': [x],
  'nn.functional.adaptiveMaxPool1d': [x, 2],
  'nn.functional.adaptiveMaxPool2d': [x, 2],
  'nn.functional.adaptiveMaxPool3d': [x, 2],
  'dt.choleskySolve': [x, x],
  'Sequential.slice': [0],
  'ModuleList.slice': [0],
  'ParameterList.slice': [0],
  registerModuleForwardHook: [() => {}],
  checkpoint: [() => x],
  checkpointSequential: [[], 1, x],
  jacobian: [(x: dt.Tensor) => x, x],
  hessian: [(x: dt.Tensor) => x, x],
  'Tensor.choleskySolve': [x],
  'dt.cholesky': [x],
  'dt.choleskyInverse': [x],
  'dt.ormqr': [x, x, x],
  'Tensor.ormqr': [x, x],
  'dt.triangularSolve': [x, x],
  'Tensor.triangularSolve': [x],
  'dt.luUnpack': [x, x],
  'linalg.cholesky': [x],
  'linalg.choleskyEx': [x],
  'linalg.solveTriangular': [x, x],
  'linalg.qr': [x],
  'linalg.eigh': [x],
  'linalg.eigvalsh': [x],
  'linalg.invEx': [x],
  'linalg.solve': [x, x],
  'linalg.solveEx': [x, x],
  'linalg.lu': [x],
  'linalg.luFactor': [x],
  'linalg.luFactorEx': [x],
  'linalg.luSolve': [x, x, x],
  'linalg.ldlFactor': [x],
  'linalg.ldlFactorEx': [x],
  'linalg.ldlSolve': [x, x, x],
  'linalg.lstsq': [x, x],
  'linalg.tensorsolve': [x, x],
  'linalg.norm': [x],
  'linalg.vectorNorm': [x],
  'linalg.matrixNorm': [x],
  'dt.conv1d': [image, image],
  'dt.conv2d': [image, image],
  'dt.conv3d': [image, image],
  'dt.convTranspose1d': [image, image],
  'dt.convTranspose2d': [image, image],
  'dt.convTranspose3d': [image, image],
  dropout1d: [x],
  multiHeadAttentionForward: [x, x, x, 2, 1, null, null, null, null, false, 0, x, null],
  dropout3d: [image],
  'nn.Parameter': [weight],
  'optim.SGD': [[weight]],
  CyclicLR: [optimizer, 0.1, 0.2],
  SWALR: [optimizer, 0.1],
  AveragedModel: [new dt.nn.ReLU()],
  updateBn: [[], new dt.nn.ReLU()],
  clipGradNorm_: [[weight], 1],
  getTotalNorm: [[weight]],
  OneCycleLR: [optimizer, 0.2],
  ReduceLROnPlateau: [optimizer],
  ConfusionMatrix: [2],
  save: [x, 'x.pth'],
  'dt.load': ['x.pth'],
  'dt.Checkpoint': ['x.pth', {}],
  'onnx.exportOnnx': [new dt.nn.ReLU(), x, 'x.onnx'],
  'distributed.DataParallel': [new dt.nn.ReLU()],
  'distributed.DistributedDataParallel': [new dt.nn.ReLU()],
  'viz.makeDot': [weight],
  'viz.summary': [new dt.nn.ReLU(), [1]],
  'viz.plot.line': [[1]],
  'viz.plot.scatter': [[[1], [1]]],
  'viz.plot.histogram': [[1]],
  'viz.plot.heatmap': [x],
  'viz.plot.images': [image],
  'viz.plot.print': [[1]],
  'viz.plot.subplots': [[]],
  'Experiment.contour': ['x', 'y'],
}

/** Those that take any number of arguments. */
const variadic = new Set([
  ...['dt.zeros', 'dt.ones', 'dt.empty', 'dt.rand', 'dt.randn', 'dt.arange', 'dt.reshape', 'dt.permute'],
  ...['dt.einsum', 'dt.blockDiag', 'dt.cartesianProd', 'dt.chainMatmul'],
  ...['Tensor.newEmpty', 'Tensor.newOnes', 'Tensor.newZeros'],
  ...['Tensor.reshape', 'Tensor.permute', 'Tensor.view', 'Tensor.expand', 'Tensor.index', 'Tensor.resize_'],
  ...['Tensor.repeat', 'Tensor.sumToSize', 'dt.tile', 'Tensor.tile', 'dt.flip', 'Tensor.flip'],
  ...['dt.broadcastTo', 'Tensor.broadcastTo', 'dt.broadcastShapes', 'dt.broadcastTensors', 'dt.meshgrid'],
  ...['dt.atleast1d', 'dt.atleast2d', 'dt.atleast3d', 'dt.viewCopy', 'dt.expandCopy', 'dt.permuteCopy'],
  'dt.checkpoint',
  ...['data.TensorDataset', 'dt.TensorDataset', 'data.StackDataset', 'nn.Identity', 'nn.Sequential'],
])

/** Those that nobody calls: base classes, and classes of which programs only get objects. */
const notCalled = new Set([
  'dt.Tensor',
  'dt.Node',
  'nn.Module',
  'autograd.Function',
  'autograd.FunctionCtx',
  'autograd.graph.Node',
  'optim.Optimizer',
  'viz.Dot',
  'viz.ModelSummary',
  'viz.plot.Figure',
  'tune.Experiment',
])

const spaces: Record<string, object> = {
  dt,
  nn: dt.nn,
  'nn.functional': dt.nn.functional,
  'nn.init': dt.nn.init,
  'nn.utils.rnn': dt.nn.utils.rnn,
  optim: dt.optim,
  'optim.lrScheduler': dt.optim.lrScheduler,
  'optim.swaUtils': dt.optim.swaUtils,
  'nn.utils': dt.nn.utils,
  'nn.modules.module': dt.nn.modules.module,
  autograd: dt.autograd,
  'autograd.functional': dt.autograd.functional,
  'autograd.graph': dt.autograd.graph,
  linalg: dt.linalg,
  special: dt.special,
  data: dt.data,
  metrics: dt.metrics,
  cuda: dt.cuda,
  distributed,
  vision,
  'vision.transforms': vision.transforms,
  'vision.datasets': vision.datasets,
  'vision.io': vision.io,
  'vision.utils': vision.utils,
  tensorboard,
  monitor,
  viz,
  'viz.plot': viz.plot,
  onnx,
  tune,
}

const isClass = (value: Call) => value.toString().startsWith('class')

const calls = Object.entries(spaces).flatMap(([space, exports]) =>
  Object.entries(exports as Record<string, Call>)
    .filter(([, value]) => typeof value === 'function' && !(value.prototype instanceof Error))
    .map(([name, value]): [string, Call] => [
      `${space}.${name}`,
      isClass(value) ? (...args) => Reflect.construct(value, args) : value,
    ])
    .filter(([name]) => !notCalled.has(name)),
)

const folder = mkdtempSync(join(tmpdir(), 'dtrain-calls-'))
const writer = new tensorboard.SummaryWriter(folder)
afterAll(() => {
  writer.close()
  rmSync(folder, { recursive: true })
})

/** Classes with methods of their own, and an object of each. */
const owners: [{ name: string; prototype: object }, object][] = [
  [dt.Tensor, x],
  [dt.nn.Module, new dt.nn.Linear(2, 2)],
  [dt.nn.Sequential, new dt.nn.Sequential()],
  [dt.nn.ModuleList, new dt.nn.ModuleList()],
  [dt.nn.ParameterList, new dt.nn.ParameterList()],
  [dt.optim.Optimizer, optimizer],
  [dt.Average, new dt.Average()],
  [dt.RandomState, new dt.RandomState(0)],
  [tensorboard.SummaryWriter, writer],
  [tune.Experiment, experiment],
]

const methods = owners.flatMap(([{ name, prototype }, object]) =>
  Object.getOwnPropertyNames(prototype).flatMap((method): [string, Call][] => {
    const { value } = Object.getOwnPropertyDescriptor(prototype, method)!
    return typeof value === 'function' ? [[`${name}.${method}`, (...args) => value.apply(object, args)]] : []
  }),
)

/** Those of which the sources say that they take options. */
const script = fileURLToPath(new URL('../../scripts/arguments.ts', import.meta.url))
const listed = spawnSync(process.execPath, ['--import', 'tsx', script, '--options'], { encoding: 'utf8' })
const takingOptions = listed.stdout.trim().split('\n')

/** Whether a method of tensors is an op, which methods.ts has put there: its code is not in the class. */
function isOp(name: string): boolean {
  const [owner, method] = name.split('.') as [string, string]
  return owner === 'Tensor' && dt.Tensor.prototype[method as 'add'].toString().startsWith('[name]')
}

/** What a call says is wrong, at once or later; empty if it says nothing. */
const message = async (call: () => unknown): Promise<string> => {
  try {
    await call()
  } catch (error) {
    if (error instanceof dt.ArgumentError) return error.message
  }
  return ''
}

/** A name as errors give it: without the namespace; of two names for one function the first. */
const short = (name: string) => {
  const last = name.slice(name.lastIndexOf('.') + 1)
  const own = name.startsWith('dt.') ? (spaces.dt as Record<string, Call>)[last]?.name : undefined
  return own && own in dt ? own : last
}

describe('more arguments than places', () => {
  const counting = methods.filter(([name]) => takingOptions.includes(name) || isOp(name))
  for (const [name, call] of [...calls, ...counting].filter(([name]) => !variadic.has(name))) {
    test(name, async () => {
      const text = await message(() => call(...Array(20).fill(undefined)))
      expect(text).toMatch(new RegExp(`^${short(name)}: expected (no|at most \\d+) arguments?, got 20$`))
    })
  }
})

describe('options that do not exist', () => {
  const all = new Map([...calls, ...methods])
  // Streams and events are made only where there is a device: test/cuda/stream.test.ts. What addParamGroup takes is a
  // group, and errors name the optimizer: test/optim/optimizer.test.ts. Calls of recurrent layers: test/nn/rnn.test.ts.
  const others = /^(Event|Stream)\.|\.(addParamGroup|forward)$/
  for (const name of takingOptions.filter(name => !others.test(name))) {
    test(name, async () => {
      const call = all.get(name)!
      const needed = required[name] ?? required[short(name)]
      const given = needed ?? []
      const places = needed === undefined ? [0, 1, 2, 3, 4] : [given.length]
      const texts: string[] = []
      for (const place of places) {
        const args = [...given, ...Array(place - given.length).fill(undefined), bad]
        texts.push(await message(() => call(...args)))
      }
      expect(texts).toContainEqual(expect.stringMatching(`^${short(name)}: unknown option 'surelyUnknown'; `))
    })
  }

  test('of a base class', async () => {
    for (const Wrapper of [distributed.DataParallel, distributed.DistributedDataParallel]) {
      const text = await message(() => new Wrapper(new dt.nn.ReLU(), bad as never))
      expect(text).toBe(`${Wrapper.name}: unknown option 'surelyUnknown'; it has bucketCapMb`)
    }
  })
})
