// What `dtrain bench comm` runs on each rank: a round of every collective at every size, of a copy, and of kernels
// of training by all ranks at once. Rank 0 writes what it has found into a file. The first argument is the plan, as
// JSON.
import { writeFileSync } from 'node:fs'
import {
  allGather,
  allReduce,
  barrier,
  broadcast,
  DistributedDataParallel,
  getRank,
  getWorldSize,
  initProcessGroup,
  reduceScatter,
} from '../../distributed/index.ts'
import { cuda, nn, ones, optim, randn, type Tensor, tensor, tidy, zeros } from '../../index.ts'
import { copyBytes, type Found, kernelSizes, type Plan, type Seconds } from './plan.ts'

const plan = JSON.parse(process.argv[2]!) as Plan
const { device } = plan
const ranks = getWorldSize()
initProcessGroup()

/** A round is not shorter than this, and not shorter than a call. */
const leastMs = 8
/** Of averages, which are the difference of two times. */
const averagesMs = 20
const averageWindows = 3
/** Of kernels: ranks that share a core take turns of some milliseconds. */
const kernelMs = 60
const mostCalls = 2000

/** Seconds of so many calls on all ranks, from the moment at which all begin until the last has ended. */
function together(call: () => unknown, calls: number): number {
  settle()
  const start = performance.now()
  for (let i = 0; i < calls; i++) call()
  settle()
  return (performance.now() - start) / 1000
}

function settle(): void {
  if (device === 'cuda') cuda.synchronize()
  barrier()
}

/** How many calls a round makes, the same on all ranks. */
function callsFor(call: () => unknown, ms: number): number {
  together(call, 2)
  const count = tensor([Math.min(mostCalls, Math.max(1, Math.ceil(ms / 1000 / (together(call, 2) / 2))))])
  broadcast(count)
  return count.item()
}

/** Seconds of processors that this process has taken. */
function processors(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** In each round, by all ranks at once, seconds of a call, and those of processors; null where nothing is timed. */
function measure(call: () => unknown, ms = leastMs): { seconds: Seconds; busy: Seconds } {
  if (!plan.timed) {
    call()
    return { seconds: null, busy: null }
  }
  const calls = callsFor(call, ms)
  const rounds = Array.from({ length: plan.windows }, () => round(call, calls))
  return { seconds: rounds.map(({ seconds }) => seconds), busy: rounds.map(({ busy }) => busy) }
}

function round(call: () => unknown, calls: number): { seconds: number; busy: number } {
  const before = processors()
  const seconds = together(call, calls) / calls
  return { seconds, busy: (processors() - before) / calls }
}

/** As many elements as make about so many bytes, in equal parts for all ranks. */
const elements = (bytes: number) => Math.max(1, Math.round(bytes / 4 / ranks)) * ranks

const collectives: Record<string, (count: number) => () => unknown> = {
  allReduce: count => {
    const x = ones(count, { device })
    return () => allReduce(x, 'mean')
  },
  broadcast: count => {
    const x = ones(count, { device })
    return () => broadcast(x)
  },
  allGather: count => {
    const x = ones(count / ranks, { device })
    return () => tidy(() => void allGather(x))
  },
  reduceScatter: count => {
    const x = ones(count, { device })
    return () => tidy(() => void reduceScatter(x))
  },
}

/** A linear layer with so many bytes of weights, for 64 rows: forward and backward, and the update of its weights. */
function layerOf(bytes: number): { passes: () => void; update: () => void } {
  const width = Math.round(Math.sqrt(bytes / 4))
  const layer = new nn.Linear(width, width, { bias: false }).to(device)
  const optimizer = new optim.SGD(layer.parameters(), { lr: 1e-9 })
  const x = randn(64, width, { device, requiresGrad: true })
  const dy = ones(64, width, { device })
  const passes = () => {
    layer.zeroGrad()
    x.grad = null
    layer(x).backward(dy)
  }
  return { passes, update: () => optimizer.step() }
}

/** Convolution, ReLU and pooling as in LeNet, which make about so many bytes of tensors: forward and backward. */
function convolutionOf(bytes: number): () => void {
  const layers = new nn.Sequential(new nn.Conv2d(1, 6, 5, { padding: 2 }), new nn.ReLU(), new nn.MaxPool2d(2))
  const model = layers.to(device)
  const [height, width] = [28, 28]
  // Two outputs of all pixels, one of a quarter of them, and as many gradients.
  const image = 2 * 2.25 * 6 * height * width * 4
  const count = Math.ceil(bytes / image)
  const x = randn(count, 1, height, width, { device })
  const dy = ones(count, 6, height / 2, width / 2, { device })
  return () => {
    model.zeroGrad()
    model(x).backward(dy)
  }
}

/** A model with one parameter, the gradient of which is there at once. */
class Flat extends nn.Module {
  weight: nn.Parameter
  constructor(count: number) {
    super()
    this.weight = new nn.Parameter(zeros(count, { device }))
  }
  forward(x: Tensor): Tensor {
    return this.weight.sum().mul(x)
  }
}

/**
 * The averaging of gradients: what a step takes longer than without it, by pairs of rounds; and how long it takes a
 * processor.
 */
function gradients(count: number): { seconds: Seconds; busy: Seconds } {
  const model = new DistributedDataParallel(new Flat(count), { bucketCapMb: 4096 })
  const x = ones(1, { device })
  // In training a processor comes from computing, and not from rest.
  const { passes } = layerOf(kernelSizes[0]!)
  const step = () => {
    passes()
    model.zeroGrad()
    model(x).sum().backward()
  }
  const alone = () => model.noSync(step)
  step()
  if (!plan.timed) return { seconds: null, busy: null }
  const calls = callsFor(step, averagesMs)
  const seconds: number[] = []
  const busy: number[] = []
  for (let window = 0; window < averageWindows * plan.windows; window++) {
    const [first, second] = window % 2 === 0 ? [step, alone] : [alone, step]
    const rounds = [first, second].map(call => round(call, calls))
    const [averaged, not] = window % 2 === 0 ? rounds : rounds.toReversed()
    seconds.push(averaged!.seconds - not!.seconds)
    busy.push(averaged!.busy - not!.busy)
  }
  return { seconds, busy }
}

const found: Found = { collectives: {}, busy: [], barrier: null, copy: null, passes: [], convolution: [], update: [] }
if (ranks > 1) {
  for (const [name, make] of Object.entries(collectives))
    found.collectives[name] = plan.sizes.map(bytes => measure(make(elements(bytes))).seconds)
  const averages = plan.sizes.map(bytes => gradients(elements(bytes)))
  found.collectives.gradients = averages.map(({ seconds }) => seconds)
  found.busy = averages.map(({ busy }) => busy)
  found.barrier = measure(() => barrier()).seconds
}
if (plan.timed) {
  const [from, to] = [ones(copyBytes / 4, { device }), ones(copyBytes / 4, { device })]
  found.copy = measure(() => to.copy_(from), kernelMs).seconds
  // What a processor takes, since ranks may also have to wait for one; of a GPU there is only the time.
  const of = device === 'cuda' ? 'seconds' : 'busy'
  for (const bytes of kernelSizes) {
    const { passes, update } = layerOf(bytes)
    found.passes.push(measure(passes, kernelMs)[of])
    found.convolution.push(measure(convolutionOf(bytes), kernelMs)[of])
    found.update.push(measure(update, kernelMs)[of])
  }
}
if (getRank() === 0) writeFileSync(plan.file, JSON.stringify(found))
