// Statistics, differences and integrals. What surprises: logsumexp of integers is float32, of -inf alone -inf; aminmax
// shares a gradient between equals; and trapezoids of integers are floats.

import { type Case, dtypes, exact, floats, type Input, leaf, rowsOf, type Tensor, whole } from '../../support/case.ts'

const nan = Number.NaN

/** What reduces over no dim (all), one or several, keeping them or not. */
interface Reduction {
  op: string
  run: (x: Tensor, dim: number | number[] | undefined, keepdim: boolean) => Tensor | Tensor[]
  /** The name and arguments in Python, such as `nansum(1, keepdim=True)`. */
  torch: (dim: string, keepdim: boolean) => string
  several?: boolean
  all?: boolean
  /** Without a gradient. */
  constant?: boolean
  dtypes: readonly (typeof dtypes)[number][]
}

function reduction({ op, run, torch, several, all, constant, dtypes }: Reduction): Case[] {
  const dims: [string, number | number[] | undefined][] = [
    ...(all ? [['', undefined] as [string, undefined]] : []),
    ['1', 1],
    ['0', 0],
    ['-1', -1],
    ...(several ? [['(0, 2)', [0, 2]] as [string, number[]]] : []),
  ]
  return dtypes.flatMap(dtype => {
    const isFloat = dtype.includes('float')
    const input = (shape: number[], rest: Partial<Input> = {}): Input =>
      isFloat && !constant ? leaf(shape, dtype, { values: 'distinct', ...rest }) : { shape, dtype, ...rest }
    const one = (name: string, x: Input, dim: string, value: number | number[] | undefined, keepdim = false): Case => ({
      ...{ op, name: `${op}: ${dtype} ${name}`, inputs: [x] },
      run: (_, x) => run(x!, value, keepdim),
      torch: `x0.${torch(dim, keepdim)}`,
      tolerance: isFloat ? undefined : op === 'logsumexp' ? undefined : exact,
    })
    if (!isFloat) return [one('dim 1', input([3, 4]), '1', 1)]
    return [
      ...rowsOf(dtype, dims, 2).map(([dim, value]) => one(`dim ${dim || 'none'}`, input([3, 5, 2]), dim, value)),
      ...rowsOf(dtype, ['1'], 0).map(dim => one('keepdim', input([3, 5]), dim, 1, true)),
      ...rowsOf(dtype, ['sliced', 'transposed'] as const, 1).map(layout =>
        one(layout, input([5, 7], { layout }), '0', 0),
      ),
      one('0-d', input([]), '0', 0),
      one('beside no elements', input([3, 0]), '0', 0),
      one('nan', { shape: [2, 3], dtype, values: [1, nan, 2, 3, -1, 4] }, '1', 1),
    ]
  })
}

const rows: Case[] = [
  ...reduction({
    ...{ op: 'aminmax', all: true, dtypes },
    run: (x, dim, keepdim) => {
      const { min, max } = x.aminmax({ dim: dim as number, keepdim })
      return [min, max]
    },
    torch: (dim, keepdim) => `aminmax(${[dim && `dim=${dim}`, keepdim && 'keepdim=True'].filter(Boolean).join(', ')})`,
  }),
  ...reduction({
    ...{ op: 'logsumexp', several: true, dtypes },
    run: (x, dim, keepdim) => x.logsumexp(dim!, { keepdim }),
    torch: (dim, keepdim) => `logsumexp(${dim}${keepdim ? ', True' : ''})`,
  }),
  ...reduction({
    ...{ op: 'nansum', all: true, several: true, dtypes },
    run: (x, dim, keepdim) => x.nansum(dim, { keepdim }),
    torch: (dim, keepdim) => `nansum(${dim}${keepdim ? ', True' : ''})`,
  }),
  ...reduction({
    ...{ op: 'nanmean', all: true, several: true, dtypes: floats },
    run: (x, dim, keepdim) => x.nanmean(dim, { keepdim }),
    torch: (dim, keepdim) => `nanmean(${dim}${keepdim ? ', True' : ''})`,
  }),
  ...reduction({
    ...{ op: 'countNonzero', all: true, several: true, constant: true, dtypes },
    run: (x, dim) => x.countNonzero(dim),
    torch: dim => `count_nonzero(${dim})`,
  }).filter(it => !it.name.endsWith('keepdim')),
]

function more(): Case[] {
  const ties: Input = leaf([2, 4], 'float64', { values: [1, 3, 3, 2, 3, 0, 0, 3] })
  return [
    {
      ...make('aminmax', 'ties', [ties], x => Object.values(x.aminmax(1)), 'torch.aminmax(x0, dim=1)'),
      kink: 'ties',
    },
    make('aminmax', 'only the largest', [distinct([3, 4])], x => x.aminmax().max, 'torch.aminmax(x0).max'),
    make('logsumexp', 'no elements', [{ shape: [3, 0] }], x => x.logsumexp(1), 'x0.logsumexp(1)'),
    make(
      'logsumexp',
      'infinities',
      [{ shape: [3, 2], dtype: 'float64', values: [-Infinity, -Infinity, Infinity, 1, -Infinity, 3] }],
      x => x.logsumexp(1),
      'x0.logsumexp(1)',
    ),
    make(
      'logsumexp',
      'large and small',
      [leaf([2, 3], 'float32', { values: [1000, 1001, 999, -1000, -1001, -999] })],
      x => x.logsumexp([1]),
      'x0.logsumexp([1])',
    ),
    make('logsumexp', 'of squares', [leaf([3, 4], 'float64')], x => x.mul(x).logsumexp(0), '(x0 * x0).logsumexp(0)'),
    make(
      'nansum',
      'float32 as float64',
      [{ shape: [3], values: [1, nan, 2] }],
      x => x.nansum({ dtype: 'float64' }),
      'x0.nansum(dtype=torch.float64)',
    ),
    {
      ...make(
        'nansum',
        'nan in a graph',
        [leaf([2, 3], 'float64', { values: [1, nan, 2, nan, -1, 4] })],
        x => x.nansum(0),
        'x0.nansum(0)',
      ),
      kink: 'NaN',
    },
    make(
      'nanmean',
      'nothing but nan',
      [{ shape: [2, 2], values: [nan, nan, 1, nan] }],
      x => x.nanmean(1),
      'x0.nanmean(1)',
    ),
    ...floats.flatMap(dtype =>
      rowsOf(dtype, [2, 1, 3, Infinity], 1).map(p =>
        make(
          'dist',
          `${dtype} p ${p}`,
          [
            { shape: [3, 4], dtype, values: 'distinct', grad: true },
            { shape: [4], dtype, grad: true },
          ],
          (x, y) => x.dist(y!, p),
          `torch.dist(x0, x1, ${p === Infinity ? 'inf' : p})`,
        ),
      ),
    ),
    ...floats.map(dtype =>
      make('renorm_', dtype, [leaf([3, 4], dtype)], x => x.clone().renorm_(2, 1, 1.5), 'x0.clone().renorm_(2, 1, 1.5)'),
    ),
    ...floats.flatMap(dtype =>
      rowsOf(dtype, [2, 1, 3], 1).flatMap(p => [
        make('renorm', `${dtype} p ${p}`, [leaf([3, 4], dtype)], x => x.renorm(p, 0, 1.5), `x0.renorm(${p}, 0, 1.5)`),
        make(
          'renorm',
          `${dtype} p ${p} dim -1`,
          [leaf([2, 3, 4], dtype)],
          x => x.renorm(p, -1, 2),
          `x0.renorm(${p}, -1, 2)`,
        ),
      ]),
    ),
  ]
}

function differences(): Case[] {
  const two = (name: string, x: Input, y: Input, run: (x: Tensor, y: Tensor) => Tensor, torch: string) =>
    make('diff', name, [x, y], (x, y) => run(x, y!), torch)
  return [
    ...dtypes.flatMap(dtype => {
      const x = dtype.includes('float') ? leaf([4, 3], dtype) : { shape: [4, 3], dtype }
      return [
        make('diff', `${dtype} once`, [x], x => x.diff(), 'x0.diff()', dtype.includes('float') ? undefined : exact),
        make(
          'diff',
          `${dtype} twice`,
          [x],
          x => x.diff(2, { dim: 0 }),
          'x0.diff(2, 0)',
          dtype.includes('float') ? undefined : exact,
        ),
      ]
    }),
    make('diff', 'more often than there are', [leaf([3], 'float64')], x => x.diff(5), 'x0.diff(5)'),
    make('diff', 'not at all', [leaf([3], 'float64')], x => x.diff(0).mul(1), 'x0.diff(0) * 1'),
    two(
      'prepended',
      leaf([3, 2], 'float64'),
      leaf([3, 1], 'float64'),
      (x, y) => x.diff({ prepend: y }),
      'x0.diff(prepend=x1)',
    ),
    two(
      'prepended and appended',
      leaf([2, 3], 'float64'),
      leaf([1, 3], 'float64'),
      (x, y) => x.diff({ n: 2, dim: 0, prepend: y, append: y }),
      'x0.diff(2, 0, prepend=x1, append=x1)',
    ),
    ...(['trapezoid', 'cumulativeTrapezoid'] as const).flatMap(op => {
      const python = op === 'trapezoid' ? 'torch.trapezoid' : 'torch.cumulative_trapezoid'
      const integral = (name: string, inputs: Input[], options: object, torch: string): Case => ({
        ...{ op, name: `${op}: ${name}`, inputs, torch: `${python}(${torch})` },
        run: (dt, y, x) => dt[op](y!, x === undefined ? options : { x, ...options }),
      })
      return [
        ...floats.flatMap(dtype => [
          integral(`${dtype} apart by 1`, [leaf([3, 4], dtype)], {}, 'x0'),
          integral(`${dtype} apart by 0.5`, [leaf([3, 4], dtype)], { dx: 0.5, dim: 0 }, 'x0, dx=0.5, dim=0'),
          integral(`${dtype} at places`, [leaf([3, 4], dtype), leaf([4], dtype)], {}, 'x0, x1'),
        ]),
        ...whole
          .filter(dtype => dtype !== 'bool')
          .map(dtype => integral(dtype, [{ shape: [2, 4], dtype, values: 'positive' }], {}, 'x0')),
        integral('at places of each', [leaf([3, 4], 'float64'), leaf([3, 4], 'float64')], { dim: 0 }, 'x0, x1, dim=0'),
        integral('of one', [leaf([3, 1], 'float64')], {}, 'x0'),
      ]
    }),
    make('trapezoid', 'of none', [{ shape: [3, 0] }], (y, _, dt) => dt!.trapezoid(y), 'torch.trapezoid(x0)'),
  ]
}

function slopes(): Case[] {
  const slope = (name: string, inputs: Input[], run: Case['run'], torch: string): Case => ({
    ...{ op: 'gradient', name: `gradient: ${name}`, inputs, run, torch: `list(torch.gradient(${torch}))` },
  })
  const list = (result: Tensor | Tensor[]) => result
  return [
    ...floats.flatMap(dtype => [
      slope(`${dtype} of each dim`, [leaf([4, 5], dtype)], (dt, x) => list(dt.gradient(x!)), 'x0'),
      slope(
        `${dtype} apart by 0.5`,
        [leaf([4, 5], dtype)],
        (dt, x) => list(dt.gradient(x!, 0.5, { dim: 1 })),
        'x0, spacing=0.5, dim=1',
      ),
    ]),
    slope(
      'of second order at the ends',
      [leaf([4, 5], 'float64')],
      (dt, x) => list(dt.gradient(x!, { edgeOrder: 2 })),
      'x0, edge_order=2',
    ),
    slope(
      'a spacing for each dim',
      [leaf([4, 5], 'float64')],
      (dt, x) => list(dt.gradient(x!, [0.5, 2])),
      'x0, spacing=[0.5, 2.0]',
    ),
    ...([1, 2] as const).map(edgeOrder =>
      slope(
        `at places, ends of order ${edgeOrder}`,
        [leaf([4, 3], 'float64'), leaf([4], 'float64', { values: [0, 1, 1.5, 3] })],
        (dt, x, places) => list(dt.gradient(x!, { spacing: [places!], dim: 0, edgeOrder })),
        `x0, spacing=(x1,), dim=0, edge_order=${edgeOrder}`,
      ),
    ),
    ...whole
      .filter(dtype => dtype !== 'bool' && dtype !== 'uint8')
      .map(dtype => slope(dtype, [{ shape: [4], dtype }], (dt, x) => list(dt.gradient(x!)), 'x0')),
  ]
}

function correlations(): Case[] {
  const weights: Input = { shape: [5], dtype: 'float64', values: 'positive' }
  const counts: Input = { shape: [5], dtype: 'int64', values: 'positive' }
  return [
    ...floats.flatMap(dtype => [
      make('cov', `${dtype}`, [leaf([3, 5], dtype)], x => x.cov(), 'x0.cov()'),
      make('corrcoef', `${dtype}`, [leaf([3, 5], dtype)], x => x.corrcoef(), 'x0.corrcoef()'),
    ]),
    ...whole
      .filter(dtype => dtype !== 'bool')
      .flatMap(dtype => [
        make('cov', dtype, [{ shape: [2, 4], dtype }], x => x.cov(), 'x0.cov()'),
        make('corrcoef', dtype, [{ shape: [2, 4], dtype }], x => x.corrcoef(), 'x0.corrcoef()'),
      ]),
    make('cov', 'of one variable', [leaf([5], 'float64')], x => x.cov(), 'x0.cov()'),
    make('cov', 'correction 0', [leaf([3, 5], 'float64')], x => x.cov(0), 'x0.cov(correction=0)'),
    make(
      'cov',
      'fweights',
      [leaf([3, 5], 'float64'), counts],
      (x, w) => x.cov({ fweights: w! }),
      'x0.cov(fweights=x1)',
    ),
    make(
      'cov',
      'aweights',
      [leaf([3, 5], 'float64'), weights],
      (x, w) => x.cov({ aweights: w! }),
      'x0.cov(aweights=x1)',
    ),
    {
      op: 'cov',
      name: 'cov: both weights',
      inputs: [leaf([3, 5], 'float64'), counts, weights],
      run: (_, x, f, a) => x!.cov(2, { fweights: f!, aweights: a! }),
      torch: 'x0.cov(correction=2, fweights=x1, aweights=x2)',
    },
  ]
}

function distinct(shape: number[]): Input {
  return leaf(shape, 'float64', { values: 'distinct' })
}

function make(
  op: string,
  name: string,
  inputs: Input[],
  run: (x: Tensor, y: Tensor | undefined, dt?: Parameters<Case['run']>[0]) => Tensor | Tensor[],
  torch: string,
  tolerance?: typeof exact,
): Case {
  return { op, name: `${op}: ${name}`, inputs, run: (dt, x, y) => run(x!, y, dt), torch, tolerance }
}

export const cases: Case[] = [...rows, ...more(), ...differences(), ...slopes(), ...correlations()]
