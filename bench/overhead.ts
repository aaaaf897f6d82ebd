// What one op costs before any arithmetic: microseconds for tensors of one element, the forced collections included.
// With --python PyTorch does the same in turn (bench/overhead.py). Goal: x.add(y) at most 1 µs.
//   npx tsx bench/overhead.ts [--python python3]
import { join } from 'node:path'
import { noGrad, ones, tensor } from 'dtrain'
import { show } from '../dist/src/bench/measure.js'

const x = tensor([1])
const y = tensor([2])
const w = tensor([3], { requiresGrad: true })
const matrix = ones(1, 1)

const ops: Record<string, () => unknown> = {
  'x.add(y)': () => x.add(y),
  'x.add(2)': () => x.add(2),
  'recorded add': () => w.add(y),
  'x.exp()': () => x.exp(),
  'x.sum()': () => x.sum(),
  'x.view(1, 1)': () => x.view(1, 1),
  'matmul 1x1': () => matrix.matmul(matrix),
  'noGrad add_': () => noGrad(() => x.add_(0)),
  'x.item()': () => x.item(),
}
const rows = Object.entries(ops).map(([name, call]) => ({ cells: [name], make: () => call }))
await show({ heads: ['op'], rows }, join(import.meta.dirname, 'overhead.py'), { calls: 1000, rounds: 101 })
