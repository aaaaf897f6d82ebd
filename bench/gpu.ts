// Speed on one GPU: training steps, the host's time per op, bandwidth of copies and kernels beside the card's copy
// rate, and arithmetic of products and convolutions. bench/gpu.py measures the same rows in PyTorch; with its output
// there are ratios, above 1 where dtrain is faster. On emulated GPUs every row runs once, small, and without times.
//   npx dtrain --gpus 1 bench/gpu.ts [--beside torch.json] [--rows 'sum']     only rows with this in their names
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { cuda, nn, noGrad, optim, randint, randn, type Tensor, zeros } from 'dtrain'
import { alternate, machineLine, type Spread, spreadOf, within } from '../dist/src/bench/measure.js'
import { lenet, mlp, wide } from './models.ts'

const { values } = parseArgs({ options: { beside: { type: 'string' }, rows: { type: 'string', default: '' } } })
const emulated = process.env.DTRAIN_EMULATE === '1'
if (!cuda.isAvailable()) throw new Error(`bench/gpu.ts wants a GPU, but ${cuda.whyUnavailable()}`)

type Unit = 'µs' | 'GB/s' | 'TFLOP/s'
interface Row {
  name: string
  unit: Unit
  /** Bytes or operations of one call, for the units that count them. */
  work: number
  make: () => () => unknown
  /** The host's time alone: nothing is waited for inside a round. */
  host?: boolean
}

const on = { device: 'cuda' } as const
/** n on a GPU, few on the emulation. */
const size = (n: number, few: number) => (emulated ? few : n)

function step(make: () => nn.Module, batch: number): () => unknown {
  const model = make().to('cuda')
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 })
  const criterion = new nn.CrossEntropyLoss()
  const x = randn(batch, 1, 28, 28, on)
  const y = randint(0, 10, [batch], on)
  return () => {
    const loss = criterion(model(x) as Tensor, y)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
  }
}

const n = size(64 * 2 ** 20, 4096) // floats
const [rows, cols] = [size(65_536, 64), size(1024, 64)]
const [few, long] = [size(256, 4), size(262_144, 1024)]
const kernel = (name: string, bytes: number, make: Row['make']): Row => ({ name, unit: 'GB/s', work: bytes, make })
const steps = (name: string, make: () => nn.Module, ...batches: number[]): Row[] =>
  batches.map(batch => ({ name: `${name} ${batch}`, unit: 'µs', work: 0, make: () => step(make, size(batch, 2)) }))

function product(m: number, dtype: 'float32' | 'float64'): Row {
  const side = size(m, 32)
  const make = () => {
    const a = randn(side, side, { ...on, dtype })
    return () => a.matmul(a)
  }
  return { name: `matmul ${m} ${dtype}`, unit: 'TFLOP/s', work: 2 * side ** 3, make }
}

function convolution(backward: boolean): Row {
  const [batch, side] = [size(64, 1), size(56, 8)]
  const make = () => {
    const conv = new nn.Conv2d(64, 64, 3, { padding: 1 }).to('cuda')
    const x = randn(batch, 64, side, side, { ...on, requiresGrad: backward })
    const dy = randn(batch, 64, side, side, on)
    if (!backward) return () => noGrad(() => conv(x))
    return () => {
      conv.zeroGrad()
      x.grad = null
      conv(x).backward(dy)
    }
  }
  const work = (backward ? 3 : 1) * 2 * batch * 64 * side * side * 64 * 9
  return { name: backward ? 'conv 3x3 forward + backward' : 'conv 3x3 forward', unit: 'TFLOP/s', work, make }
}

function withInputs(make: (x: Tensor, y: Tensor) => () => unknown, ...shape: number[]): Row['make'] {
  return () => make(randn(...shape, on), randn(...shape, on))
}

const table: Row[] = [
  kernel(
    'copy',
    8 * n,
    withInputs((x, y) => () => y.copy_(x), n),
  ),
  kernel(
    'add',
    12 * n,
    withInputs((x, y) => () => x.add(y), n),
  ),
  kernel(
    'exp',
    8 * n,
    withInputs(x => () => x.exp(), n),
  ),
  kernel(
    'add a transposed',
    12 * rows * cols,
    withInputs(x => () => x.t().add(x.view(cols, rows)), rows, cols),
  ),
  kernel(
    'sum of all',
    4 * n,
    withInputs(x => () => x.sum(), n),
  ),
  kernel(
    'sum of rows',
    4 * rows * cols,
    withInputs(x => () => x.sum(1), rows, cols),
  ),
  kernel(
    'sum of columns',
    4 * rows * cols,
    withInputs(x => () => x.sum(0), rows, cols),
  ),
  kernel(
    'logSoftmax',
    8 * rows * cols,
    withInputs(x => () => x.logSoftmax(1), rows, cols),
  ),
  kernel(
    'logSoftmax long rows',
    8 * few * long,
    withInputs(x => () => x.logSoftmax(1), few, long),
  ),
  kernel('sgd with momentum', 20 * n, () => {
    const w = new nn.Parameter(zeros(n, on))
    const optimizer = new optim.SGD([w], { lr: 0.1, momentum: 0.9 })
    w.grad = randn(n, on)
    return () => optimizer.step()
  }),
  product(4096, 'float32'),
  product(2048, 'float64'),
  convolution(false),
  convolution(true),
  ...steps('lenet', lenet, 16, 64, 256, 1024),
  ...steps('mlp', mlp, 16, 64, 256, 1024),
  ...steps('wide', wide, 64, 1024),
  { name: 'host time of an add', unit: 'µs', work: 0, host: true, make: withInputs((x, y) => () => x.add(y), 1) },
  { name: 'item', unit: 'µs', work: 0, make: withInputs(x => () => x.item(), 1) },
  {
    name: 'batch to the GPU',
    unit: 'µs',
    work: 0,
    make: () =>
      (
        (x: Tensor) => () =>
          x.to('cuda')
      )(randn(64, 784)),
  },
]

/** Microseconds of one of `calls` calls, where the device has nothing to do before and after them. */
const timing = (call: () => unknown, host: boolean) => (calls: number) => {
  cuda.synchronize()
  const start = performance.now()
  for (let i = 0; i < calls; i++) call()
  if (!host) cuda.synchronize()
  return (1000 * (performance.now() - start)) / calls
}

/** A figure of one row, with the middle half of the rounds. */
async function measure({ unit, work, make, host = false }: Row): Promise<Spread | null> {
  const call = make()
  if (emulated) {
    call()
    cuda.synchronize()
    return null
  }
  const [times] = await alternate([timing(call, host)], { ms: 20, rounds: 7 })
  return spreadOf(times!.map(us => (unit === 'µs' ? us : work / us / (unit === 'GB/s' ? 1e3 : 1e6))))
}

interface Beside {
  torch: string
  /** Figures by row: without TF32, and with PyTorch's defaults. */
  rows: Record<string, { exact: Spread; default: Spread }>
}
const beside: Beside | undefined = values.beside && JSON.parse(readFileSync(values.beside, 'utf8'))

const shown = (x: number | null | undefined) => (x == null ? '-' : x >= 1000 ? x.toFixed(0) : x.toPrecision(3))
const line = (name: string, ...cells: string[]) =>
  console.log(name.padEnd(28) + cells.map(cell => cell.padStart(12)).join(''))

const { name: card } = cuda.deviceProperties()
console.log(beside ? `${card}, beside PyTorch ${beside.torch} without TF32 and with its defaults` : card)
console.log(machineLine())
const others = beside ? ['PyTorch', 'spread', 'ratio', 'its default', 'spread', 'ratio'] : ['of copy']
line('', 'unit', 'dtrain', 'spread', ...others)
let copy: number | null = null
for (const row of table.filter(({ name }) => name.includes(values.rows))) {
  const ours = await measure(row)
  copy ??= ours?.median ?? null
  const theirs = beside?.rows[row.name]
  const shares = (x: Spread | undefined) => [shown(x?.median), x ? within(x) : '-', shown(faster(x?.median))]
  const faster = (x: number | undefined) =>
    ours === null || x === undefined ? null : row.unit === 'µs' ? x / ours.median : ours.median / x
  const share = row.unit === 'GB/s' && ours !== null && copy !== null ? shown(ours.median / copy) : '-'
  const cells = beside ? [...shares(theirs?.exact), ...shares(theirs?.default)] : [share]
  line(row.name, row.unit, ...(ours === null ? ['ran', '-'] : [shown(ours.median), within(ours)]), ...cells)
}
