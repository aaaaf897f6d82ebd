// What one op costs before any arithmetic: microseconds for tensors of one element, median over rounds of 1,000 calls,
// the forced collections included. Goal: x.add(y) at most 1 µs.
//   npx tsx bench/overhead.ts
import { noGrad, ones, tensor } from 'dtrain'
import { medianMicroseconds, row } from './measure.ts'

const x = tensor([1])
const y = tensor([2])
const w = tensor([3], { requiresGrad: true })
const matrix = ones(1, 1)

row('op', 'µs (median)')
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
for (const [name, fn] of Object.entries(ops)) row(name, medianMicroseconds(fn).toFixed(3))
