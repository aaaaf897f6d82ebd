// One step of each optimizer over 200 tensors of mixed sizes, 11 million parameters of float32, in microseconds, and
// the bytes that it reads and writes at least, in a second: of Adam four arrays are read and three written. The last
// row copies as many bytes as Adam moves, which is the floor. With --python PyTorch's foreach and fused steps do the
// same in turn (bench/optim.py). Names choose optimizers.
//   npx tsx bench/optim.ts [Adam…] [--python python3]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { optim, rand, type Tensor, zeros } from 'dtrain'
import { show } from '../dist/src/bench/measure.js'

const { Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, ASGD, Muon, NAdam, RAdam, RMSprop, Rprop, SGD } = optim

interface Entry {
  make: (params: Tensor[]) => optim.Optimizer
  /** How many arrays as long as the parameters a step reads and writes. */
  arrays: number
  fused?: boolean
}

const entries: Record<string, Entry> = {
  Adam: { make: params => new Adam(params), arrays: 7, fused: true },
  AdamW: { make: params => new AdamW(params), arrays: 7, fused: true },
  SGD: { make: params => new SGD(params, { lr: 1e-3, momentum: 0.9 }), arrays: 5, fused: true },
  Adagrad: { make: params => new Adagrad(params), arrays: 5, fused: true },
  RMSprop: { make: params => new RMSprop(params), arrays: 5 },
  Adadelta: { make: params => new Adadelta(params), arrays: 7 },
  Adamax: { make: params => new Adamax(params), arrays: 7 },
  ASGD: { make: params => new ASGD(params), arrays: 4 },
  NAdam: { make: params => new NAdam(params), arrays: 7 },
  RAdam: { make: params => new RAdam(params), arrays: 7 },
  Rprop: { make: params => new Rprop(params), arrays: 7 },
  Adafactor: { make: params => new Adafactor(params), arrays: 3 },
  Muon: { make: params => new Muon(params), arrays: 5 },
}

/** The same in optim.py. */
const shapes = Array.from({ length: 200 }, (_, i) =>
  i % 5 === 0 ? [512, 512] : [8 * (1 + (i % 40)), 4 * (1 + (i % 10))],
)
const elements = shapes.reduce((sum, [rows, columns]) => sum + rows! * columns!, 0)

function params(): Tensor[] {
  return shapes.map(shape => {
    const param = rand(...shape).sub(0.5)
    param.requiresGrad = true
    param.grad = rand(...shape).sub(0.5)
    return param
  })
}

const { positionals } = parseArgs({ options: { python: { type: 'string' } }, allowPositionals: true })
const chosen = Object.entries(entries).filter(([name]) => positionals.length === 0 || positionals.includes(name))
const rows = chosen.flatMap(([name, { make, arrays, fused }]) =>
  ['foreach', ...(fused ? ['fused'] : [])].map(against => ({
    cells: [name, against],
    work: 4 * arrays * elements,
    make: () => {
      const optimizer = make(params())
      return () => void optimizer.step()
    },
  })),
)
rows.push({
  cells: ['copy', 'floor'],
  work: 28 * elements,
  make: () => {
    const [from, to] = [zeros(elements * 3.5), zeros(elements * 3.5)]
    return () => void to.copy_(from)
  },
})
await show(
  { heads: ['optimizer', 'against'], rows, rate: { head: 'GB/s', unit: 1e3 } },
  join(import.meta.dirname, 'optim.py'),
  { rounds: 15 },
)
