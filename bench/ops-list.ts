// The ops of bench/ops.ts and what they are called with; bench/ops.py has the same in Python, name by name.
import { arange, bmm, cat, type DType, nn, rand, randint, randn, stack, type Tensor, where, zeros } from 'dtrain'

export type Layout = 'contiguous' | 'transposed'

/** Sizes, and the operands of a layout and dtype, each made when it is first asked for: matrices are n x n. */
export function operandsOf(elements: number, layout: Layout, dtype: DType) {
  const n = Math.round(Math.sqrt(elements))
  const [depth, side] = [Math.max(1, Math.round(n / 20)), Math.min(n, 20)]
  const laid = (matrix: Tensor) => (layout === 'transposed' ? matrix.t() : matrix)
  const values = (...sizes: number[]) =>
    dtype === 'int64' ? randint(-1000, 1000, sizes, { dtype }) : randn(...sizes).to(dtype)
  const matrix = () => laid(values(n, n))
  const make = {
    x: matrix,
    y: matrix,
    z: matrix,
    target: matrix, // what is written into
    positive: () => laid(rand(n, n).add(0.1).to(dtype)),
    row: () => values(n),
    column: () => values(n, 1),
    mask: () => laid(rand(n, n).gt(0.5)),
    places: () => laid(randint(0, n, [n, n], { dtype: 'int64' })),
    rows: () => randint(0, n, [n], { dtype: 'int64' }),
    counted: () => randint(0, 100, [elements], { dtype: 'int64' }),
    left: () => values(depth, side, n),
    right: () => (layout === 'transposed' ? values(depth, side, n).transpose(1, 2) : values(depth, n, side)),
    table: () => values(Math.min(1000, n), Math.min(64, n)),
  }
  const made = { elements, n, dtype }
  for (const [name, of] of Object.entries(make)) {
    const get = () => {
      const value = of()
      Object.defineProperty(made, name, { value })
      return value
    }
    Object.defineProperty(made, name, { get, configurable: true })
  }
  return made as typeof made & Record<keyof typeof make, Tensor>
}
export type Operands = ReturnType<typeof operandsOf>

const F = nn.functional
const common = ['float32', 'int64', 'float64', 'bfloat16'] as const
const floats = ['float32', 'float64', 'bfloat16'] as const
const wide = ['float32', 'int64'] as const
const one = ['float32'] as const

/** In which dtypes, and the call; `plain` ones have no layout: no operand, or of one dimension. */
export type Op = readonly [dtypes: readonly DType[], call: (o: Operands) => unknown, plain?: 'plain']

export const ops: Readonly<Record<string, Op>> = {
  add: [common, o => o.x.add(o.y)],
  'add(2)': [wide, o => o.x.add(2)],
  'add(row)': [one, o => o.x.add(o.row)],
  'add(column)': [one, o => o.x.add(o.column)],
  sub: [one, o => o.x.sub(o.y)],
  mul: [common, o => o.x.mul(o.y)],
  div: [one, o => o.x.div(o.y)],
  add_: [one, o => o.target.add_(o.y)],
  'mul_(1)': [one, o => o.target.mul_(1)],
  gt: [wide, o => o.x.gt(o.y)],
  'eq(0)': [wide, o => o.x.eq(0)],
  where: [one, o => where(o.mask, o.x, o.y)],
  clamp: [wide, o => o.x.clamp({ min: -1, max: 1 })],
  maximum: [one, o => o.x.maximum(o.y)],
  abs: [one, o => o.x.abs()],
  neg: [one, o => o.x.neg()],
  exp: [floats, o => o.x.exp()],
  log: [one, o => o.positive.log()],
  sin: [one, o => o.x.sin()],
  tanh: [one, o => o.x.tanh()],
  sigmoid: [one, o => o.x.sigmoid()],
  gelu: [one, o => F.gelu(o.x)],
  relu: [one, o => o.x.relu()],
  erf: [one, o => o.x.erf()],
  'pow(2)': [one, o => o.x.pow(2)],
  'pow(y)': [one, o => o.positive.pow(o.y)],
  sqrt: [one, o => o.positive.sqrt()],
  rsqrt: [one, o => o.positive.rsqrt()],
  lerp: [one, o => o.x.lerp(o.y, 0.3)],
  addcmul: [one, o => o.x.addcmul(o.y, o.z)],
  sum: [common, o => o.x.sum()],
  'sum(0)': [wide, o => o.x.sum(0)],
  'sum(1)': [wide, o => o.x.sum(1)],
  mean: [one, o => o.x.mean()],
  'mean(1)': [one, o => o.x.mean(1)],
  max: [wide, o => o.x.max()],
  'max(0)': [one, o => o.x.max(0)],
  'max(1)': [wide, o => o.x.max(1)],
  'amax(0)': [one, o => o.x.amax(0)],
  'amax(1)': [one, o => o.x.amax(1)],
  argmax: [wide, o => o.x.argmax()],
  'argmax(0)': [one, o => o.x.argmax(0)],
  'argmax(1)': [one, o => o.x.argmax(1)],
  prod: [one, o => o.x.prod()],
  var: [one, o => o.x.var()],
  'var(0)': [one, o => o.x.var(0)],
  'var(1)': [one, o => o.x.var(1)],
  std: [one, o => o.x.std()],
  norm: [one, o => o.x.norm()],
  'norm(0)': [one, o => o.x.norm({ dim: 0 })],
  'norm(1)': [one, o => o.x.norm({ dim: 1 })],
  any: [one, o => o.mask.any()],
  nansum: [one, o => o.x.nansum()],
  countNonzero: [wide, o => o.x.countNonzero()],
  aminmax: [wide, o => o.x.aminmax()],
  median: [one, o => o.x.median()],
  'median(1)': [one, o => o.x.median(1)],
  'logsumexp(1)': [one, o => o.x.logsumexp(1)],
  'cumsum(0)': [wide, o => o.x.cumsum(0)],
  'cumsum(1)': [wide, o => o.x.cumsum(1)],
  'cummax(0)': [one, o => o.x.cummax(0)],
  'cummax(1)': [one, o => o.x.cummax(1)],
  'sort(0)': [one, o => o.x.sort(0)],
  'sort(1)': [wide, o => o.x.sort(1)],
  argsort: [wide, o => o.row.argsort(), 'plain'],
  topk: [wide, o => o.x.topk(Math.min(10, o.n))],
  bincount: [one, o => o.counted.bincount(), 'plain'],
  histc: [one, o => o.x.histc({ bins: 100, min: -3, max: 3 })],
  'softmax(0)': [one, o => o.x.softmax(0)],
  'softmax(1)': [floats, o => o.x.softmax(1)],
  'logSoftmax(1)': [one, o => o.x.logSoftmax(1)],
  matmul: [['float32', 'float64'], o => o.x.matmul(o.y)],
  bmm: [one, o => bmm(o.left, o.right)],
  addmm: [one, o => o.row.addmm(o.x, o.y)],
  'cat(0)': [one, o => cat([o.x, o.y])],
  'cat(1)': [one, o => cat([o.x, o.y], 1)],
  stack: [one, o => stack([o.x, o.y])],
  contiguous: [wide, o => o.x.t().contiguous()],
  index: [one, o => o.x.index(o.rows)],
  'gather(1)': [one, o => o.x.gather(1, o.places)],
  'indexSelect(0)': [one, o => o.x.indexSelect(0, o.rows)],
  'indexSelect(1)': [one, o => o.x.indexSelect(1, o.rows)],
  maskedFill: [one, o => o.x.maskedFill(o.mask, 0)],
  embedding: [one, o => o.table.index(o.rows.remainder(o.table.shape[0]!)), 'plain'],
  arange: [wide, o => arange(o.elements, { dtype: o.dtype }), 'plain'],
  zeros: [one, o => zeros(o.n, o.n), 'plain'],
  rand: [one, o => rand(o.n, o.n), 'plain'],
  randn: [one, o => randn(o.n, o.n), 'plain'],
  clone: [wide, o => o.x.clone()],
  copy_: [one, o => o.target.copy_(o.y)],
  'to(float64)': [one, o => o.x.to('float64')],
  'to(bfloat16)': [one, o => o.x.to('bfloat16')],
  'to(int64)': [one, o => o.x.to('int64')],
}
