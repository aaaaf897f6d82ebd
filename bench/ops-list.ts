// The ops of bench/ops.ts and what they are called with; bench/ops.py has the same in Python, name by name.
import {
  arange,
  cat,
  type DType,
  nn,
  rand,
  randint,
  randn,
  stack,
  type Tensor,
  where,
  zeros,
} from 'dtrain'

export type Layout = 'contiguous' | 'transposed'

/** What the ops of one size, layout and dtype take, made when it is asked for: matrices, as square as they can be. */
export class Operands {
  readonly elements: number
  readonly dtype: DType
  readonly n: number
  readonly #transposed: boolean

  constructor(elements: number, layout: Layout, dtype: DType) {
    this.elements = elements
    this.dtype = dtype
    this.n = Math.round(Math.sqrt(elements))
    this.#transposed = layout === 'transposed'
  }

  #laid(make: (n: number) => Tensor): Tensor {
    const matrix = make(this.n)
    return this.#transposed ? matrix.t() : matrix
  }
  #values(...sizes: number[]): Tensor {
    const { dtype } = this
    return dtype === 'int64' ? randint(-1000, 1000, sizes, { dtype }) : randn(...sizes).to(dtype)
  }

  get x(): Tensor {
    return this.#laid(n => this.#values(n, n))
  }
  get y(): Tensor {
    return this.x
  }
  get z(): Tensor {
    return this.x
  }
  /** What is written into. */
  get target(): Tensor {
    return this.x
  }
  get positive(): Tensor {
    return this.#laid(n => rand(n, n).add(0.1).to(this.dtype))
  }
  get row(): Tensor {
    return this.#values(this.n)
  }
  get column(): Tensor {
    return this.#values(this.n, 1)
  }
  get mask(): Tensor {
    return this.#laid(n => rand(n, n).gt(0.5))
  }
  /** Of a matrix's shape and layout, and of as many rows: places in one dimension. */
  get places(): Tensor {
    return this.#laid(n => randint(0, n, [n, n], { dtype: 'int64' }))
  }
  get rows(): Tensor {
    return randint(0, this.n, [this.n], { dtype: 'int64' })
  }
  /** As many as elements, from 0 to 99. */
  get counted(): Tensor {
    return randint(0, 100, [this.elements], { dtype: 'int64' })
  }
  get stacks(): [Tensor, Tensor] {
    const { n } = this
    const [depth, side] = [Math.max(1, Math.round(n / 20)), Math.min(n, 20)]
    const right = this.#transposed ? this.#values(depth, side, n).transpose(1, 2) : this.#values(depth, n, side)
    return [this.#values(depth, side, n), right]
  }
  get table(): Tensor {
    return this.#values(Math.min(1000, this.n), Math.min(64, this.n))
  }
}

export interface OpRow {
  name: string
  dtypes: readonly DType[]
  /** It has no layout: no operand, or of one dimension. */
  plain?: boolean
  call: (of: Operands) => () => unknown
}

const F = nn.functional
const common = ['float32', 'int64', 'float64', 'bfloat16'] as const
const floats = ['float32', 'float64', 'bfloat16'] as const
const wide = ['float32', 'int64'] as const
const one = ['float32'] as const

const row = (name: string, dtypes: readonly DType[], call: OpRow['call'], plain = false): OpRow => ({
  name,
  dtypes,
  call,
  plain,
})

export const ops: readonly OpRow[] = [
  row('add', common, ({ x, y }) => () => x.add(y)),
  row('add(2)', wide, ({ x }) => () => x.add(2)),
  row('add(row)', one, ({ x, row }) => () => x.add(row)),
  row('add(column)', one, ({ x, column }) => () => x.add(column)),
  row('sub', one, ({ x, y }) => () => x.sub(y)),
  row('mul', common, ({ x, y }) => () => x.mul(y)),
  row('div', one, ({ x, y }) => () => x.div(y)),
  row('add_', one, ({ target, y }) => () => target.add_(y)),
  row('mul_(1)', one, ({ target }) => () => target.mul_(1)),
  row('gt', wide, ({ x, y }) => () => x.gt(y)),
  row('eq(0)', wide, ({ x }) => () => x.eq(0)),
  row('where', one, ({ mask, x, y }) => () => where(mask, x, y)),
  row('clamp', wide, ({ x }) => () => x.clamp({ min: -1, max: 1 })),
  row('maximum', one, ({ x, y }) => () => x.maximum(y)),
  row('abs', one, ({ x }) => () => x.abs()),
  row('neg', one, ({ x }) => () => x.neg()),
  row('exp', floats, ({ x }) => () => x.exp()),
  row('log', one, ({ positive }) => () => positive.log()),
  row('sin', one, ({ x }) => () => x.sin()),
  row('tanh', one, ({ x }) => () => x.tanh()),
  row('sigmoid', one, ({ x }) => () => x.sigmoid()),
  row('gelu', one, ({ x }) => () => F.gelu(x)),
  row('relu', one, ({ x }) => () => x.relu()),
  row('erf', one, ({ x }) => () => x.erf()),
  row('pow(2)', one, ({ x }) => () => x.pow(2)),
  row('pow(y)', one, ({ positive, y }) => () => positive.pow(y)),
  row('sqrt', one, ({ positive }) => () => positive.sqrt()),
  row('rsqrt', one, ({ positive }) => () => positive.rsqrt()),
  row('lerp', one, ({ x, y }) => () => x.lerp(y, 0.3)),
  row('addcmul', one, ({ x, y, z }) => () => x.addcmul(y, z)),
  row('sum', common, ({ x }) => () => x.sum()),
  row('sum(0)', wide, ({ x }) => () => x.sum(0)),
  row('sum(1)', wide, ({ x }) => () => x.sum(1)),
  row('mean', one, ({ x }) => () => x.mean()),
  row('mean(1)', one, ({ x }) => () => x.mean(1)),
  row('max', wide, ({ x }) => () => x.max()),
  row('max(0)', one, ({ x }) => () => x.max(0)),
  row('max(1)', wide, ({ x }) => () => x.max(1)),
  row('amax(0)', one, ({ x }) => () => x.amax(0)),
  row('amax(1)', one, ({ x }) => () => x.amax(1)),
  row('argmax', wide, ({ x }) => () => x.argmax()),
  row('argmax(0)', one, ({ x }) => () => x.argmax(0)),
  row('argmax(1)', one, ({ x }) => () => x.argmax(1)),
  row('prod', one, ({ x }) => () => x.prod()),
  row('var', one, ({ x }) => () => x.var()),
  row('var(0)', one, ({ x }) => () => x.var(0)),
  row('var(1)', one, ({ x }) => () => x.var(1)),
  row('std', one, ({ x }) => () => x.std()),
  row('norm', one, ({ x }) => () => x.norm()),
  row('norm(0)', one, ({ x }) => () => x.norm({ dim: 0 })),
  row('norm(1)', one, ({ x }) => () => x.norm({ dim: 1 })),
  row('any', one, ({ mask }) => () => mask.any()),
  row('nansum', one, ({ x }) => () => x.nansum()),
  row('countNonzero', wide, ({ x }) => () => x.countNonzero()),
  row('aminmax', wide, ({ x }) => () => x.aminmax()),
  row('median', one, ({ x }) => () => x.median()),
  row('median(1)', one, ({ x }) => () => x.median(1)),
  row('logsumexp(1)', one, ({ x }) => () => x.logsumexp(1)),
  row('cumsum(0)', wide, ({ x }) => () => x.cumsum(0)),
  row('cumsum(1)', wide, ({ x }) => () => x.cumsum(1)),
  row('cummax(0)', one, ({ x }) => () => x.cummax(0)),
  row('cummax(1)', one, ({ x }) => () => x.cummax(1)),
  row('sort(0)', one, ({ x }) => () => x.sort(0)),
  row('sort(1)', wide, ({ x }) => () => x.sort(1)),
  row('argsort', wide, ({ row }) => () => row.argsort(), true),
  row('topk', wide, ({ x, n }) => () => x.topk(Math.min(10, n))),
  row('bincount', one, ({ counted }) => () => counted.bincount(), true),
  row('histc', one, ({ x }) => () => x.histc({ bins: 100, min: -3, max: 3 })),
  row('softmax(0)', one, ({ x }) => () => x.softmax(0)),
  row('softmax(1)', floats, ({ x }) => () => x.softmax(1)),
  row('logSoftmax(1)', one, ({ x }) => () => x.logSoftmax(1)),
  row('matmul', ['float32', 'float64'], ({ x, y }) => () => x.matmul(y)),
  row('bmm', one, ({ stacks: [a, b] }) => () => a.matmul(b)),
  row('addmm', one, ({ x, y, row }) => () => row.addmm(x, y)),
  row('cat(0)', one, ({ x, y }) => () => cat([x, y])),
  row('cat(1)', one, ({ x, y }) => () => cat([x, y], 1)),
  row('stack', one, ({ x, y }) => () => stack([x, y])),
  row('contiguous', wide, ({ x }) => () => x.t().contiguous()),
  row('index', one, ({ x, rows }) => () => x.index(rows)),
  row('gather(1)', one, ({ x, places }) => () => x.gather(1, places)),
  row('indexSelect(0)', one, ({ x, rows }) => () => x.indexSelect(0, rows)),
  row('indexSelect(1)', one, ({ x, rows }) => () => x.indexSelect(1, rows)),
  row('maskedFill', one, ({ x, mask }) => () => x.maskedFill(mask, 0)),
  row('embedding', one, ({ table, rows }) => () => table.index(rows.remainder(table.shape[0]!)), true),
  row('arange', wide, ({ elements, dtype }) => () => arange(elements, { dtype }), true),
  row('zeros', one, ({ n }) => () => zeros(n, n), true),
  row('rand', one, ({ n }) => () => rand(n, n), true),
  row('randn', one, ({ n }) => () => randn(n, n), true),
  row('clone', wide, ({ x }) => () => x.clone()),
  row('copy_', one, ({ target, y }) => () => target.copy_(y)),
  row('to(float64)', one, ({ x }) => () => x.to('float64')),
  row('to(bfloat16)', one, ({ x }) => () => x.to('bfloat16')),
  row('to(int64)', one, ({ x }) => () => x.to('int64')),
]
