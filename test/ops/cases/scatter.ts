// What brings elements to an index, each form in place too. What surprises: several elements come to one place, and the
// index is smaller than the tensors. Forms in place are compared in a graph, and on memory that is not dense.

import {
  type Case,
  type DType,
  type Dtrain,
  type Input,
  isFloat,
  leaf,
  lists,
  rowsOf,
  type Tensor,
} from '../../support/case.ts'

type Run = (dt: Dtrain, x: Tensor, y: Tensor, i: Tensor) => Tensor

interface Row {
  op: string
  /** What tells rows of one op apart; the first has none, and stands for the dtypes. */
  as?: string
  /** Sizes of x and of the elements that are brought, if there are any. */
  shapes: [number[], number[]] | [number[]]
  index: Input
  run: Run
  /** In Python, over x0, x1 (the elements) and i. */
  torch: string
  dtypes?: keyof typeof lists
  /** Why finite differences do not apply. */
  kink?: string
}

const at = (values: number[], shape = [values.length]): Input => ({ shape, dtype: 'int64', values })
/** A row for the gradients of what has rows for its values elsewhere. */
const graph = 'in a graph'
const three = at([2, 0, 2, 2, 1, 0], [3, 2])
const rows = at([2, 0, 2])
const [wide, small] = [
  [4, 3],
  [3, 2],
]

const changing: Row[] = [
  {
    ...{ op: 'scatterAdd', shapes: [wide, small], index: three, torch: 'x0.scatter_add(1, i, x1)' },
    run: (_, x, y, i) => x.scatterAdd(1, i, y),
  },
  {
    ...{ op: 'scatterAdd_', shapes: [wide, small], index: three, torch: 'x0.scatter_add_(1, i, x1)' },
    run: (_, x, y, i) => x.scatterAdd_(1, i, y),
  },
  {
    ...{ op: 'scatterAdd', as: '0-d', shapes: [[], []], index: at([0], []), torch: 'x0.scatter_add(0, i, x1)' },
    run: (_, x, y, i) => x.scatterAdd(0, i, y),
  },
  {
    ...{ op: 'scatter_', as: graph, shapes: [wide, small], index: at([2, 0, 1, 2, 1, 0], [3, 2]) },
    ...{ run: (_, x, y, i) => x.scatter_(1, i, y), torch: 'x0.scatter_(1, i, x1)' },
  },
  ...(['add', 'multiply'] as const).map(
    (reduce): Row => ({
      ...{ op: 'scatter', as: reduce, shapes: [wide], index: three, dtypes: 'ints' },
      ...{ run: (_, x, _y, i) => x.scatter(1, i, 3, { reduce }), torch: `x0.scatter(1, i, 3, reduce='${reduce}')` },
    }),
  ),
  {
    ...{ op: 'indexAdd', shapes: [wide, [3, 3]], index: rows, torch: 'x0.index_add(0, i, x1)' },
    run: (_, x, y, i) => x.indexAdd(0, i, y),
  },
  {
    ...{ op: 'indexAdd', as: 'alpha', shapes: [wide, [4, 3]], index: rows, torch: 'x0.index_add(-1, i, x1, alpha=2)' },
    ...{ run: (_, x, y, i) => x.indexAdd(-1, i, y, { alpha: 2 }), dtypes: 'numbers' },
  },
  {
    ...{ op: 'indexAdd_', shapes: [wide, [3, 3]], index: rows, torch: 'x0.index_add_(0, i, x1)' },
    run: (_, x, y, i) => x.indexAdd_(0, i, y),
  },
  {
    ...{ op: 'indexCopy', shapes: [wide, [2, 3]], index: at([3, 1]), torch: 'x0.index_copy(0, i, x1)' },
    run: (_, x, y, i) => x.indexCopy(0, i, y),
  },
  {
    ...{ op: 'indexCopy_', shapes: [wide, [4, 2]], index: at([2, 0]), torch: 'x0.index_copy_(1, i, x1)' },
    run: (_, x, y, i) => x.indexCopy_(1, i, y),
  },
  {
    ...{ op: 'indexFill', shapes: [wide, []], index: at([3, 0, 3]), torch: 'x0.index_fill(0, i, x1)' },
    run: (_, x, y, i) => x.indexFill(0, i, y),
  },
  {
    ...{ op: 'indexFill', as: 'from the end', shapes: [wide, []], index: at([-1, -4]), dtypes: 'ints' },
    ...{ run: (_, x, y, i) => x.indexFill(0, i, y), torch: 'x0.index_fill(0, i, x1)' },
  },
  {
    ...{ op: 'indexFill_', shapes: [wide, []], index: at([1]), torch: 'x0.index_fill_(1, i, x1)' },
    run: (_, x, y, i) => x.indexFill_(1, i, y),
  },
  {
    ...{ op: 'put', shapes: [wide, [3]], index: at([11, 0, -2]), torch: 'x0.put(i, x1)' },
    run: (_, x, y, i) => x.put(i, y),
  },
  {
    ...{ op: 'put', as: 'adds', shapes: [wide, [4]], index: at([1, 0, 1, 1]), torch: 'x0.put(i, x1, accumulate=True)' },
    ...{ run: (_, x, y, i) => x.put(i, y, true), dtypes: 'numbers' },
  },
  {
    ...{ op: 'put_', shapes: [wide, [3]], index: at([5, 7, 2]), torch: 'x0.put_(i, x1)' },
    run: (_, x, y, i) => x.put_(i, y),
  },
  {
    ...{ op: 'indexPut', shapes: [wide, [3]], index: at([1, 3]), torch: 'x0.index_put((i,), x1)' },
    run: (_, x, y, i) => x.indexPut([i], y),
  },
  {
    ...{
      op: 'indexPut',
      as: 'adds',
      shapes: [wide, [3]],
      index: rows,
      torch: 'x0.index_put((i,), x1, accumulate=True)',
    },
    ...{ run: (_, x, y, i) => x.indexPut([i], y, { accumulate: true }), dtypes: 'numbers' },
  },
  {
    ...{ op: 'indexPut_', as: graph, shapes: [wide, [3]], index: at([1, 3]), torch: 'x0.index_put_((i,), x1)' },
    run: (_, x, y, i) => x.indexPut_([i], y),
  },
  {
    ...{ op: 'indexPut_', as: 'a mask without dimensions', shapes: [wide, [4, 3]] },
    ...{ index: { shape: [], dtype: 'bool', values: [1] }, torch: 'torch.where(i, x1, x0)' }, // PyTorch's fails
    run: (_, x, y, i) => x.indexPut_([i], y),
  },
  {
    ...{ op: 'maskedScatter', shapes: [wide, [5]], index: { shape: [3], dtype: 'bool', values: [1, 0, 0] } },
    ...{ run: (_, x, y, i) => x.maskedScatter(i, y), torch: 'x0.masked_scatter(i, x1)' },
  },
  {
    ...{ op: 'maskedScatter_', shapes: [wide, [2, 4]], index: { shape: [4, 1], dtype: 'bool', values: [1, 0, 0, 1] } },
    ...{ run: (_, x, y, i) => x.maskedScatter_(i, y), torch: 'x0.masked_scatter_(i, x1)' },
  },
]

const reducing: Row[] = (['sum', 'prod', 'mean', 'amax', 'amin'] as const).flatMap(reduce =>
  [true, false].flatMap((includeSelf): Row[] => {
    const as = reduce === 'prod' && includeSelf ? undefined : `${reduce}${includeSelf ? '' : ' without itself'}`
    const python = `'${reduce}', include_self=${includeSelf ? 'True' : 'False'}`
    const options = { includeSelf }
    const [dtypes, kink] = [reduce === 'mean' ? ('numbers' as const) : ('all' as const), undefined]
    const scatter = { as, shapes: [wide, small] as Row['shapes'], index: three, dtypes, kink }
    const index = { as, shapes: [wide, [3, 3]] as Row['shapes'], index: rows, dtypes, kink }
    return [
      {
        ...{ op: 'scatterReduce', ...scatter, torch: `x0.scatter_reduce(1, i, x1, ${python})` },
        run: (_, x, y, i) => x.scatterReduce(1, i, y, reduce, options),
      },
      {
        ...{ op: 'scatterReduce_', ...scatter, torch: `x0.scatter_reduce_(1, i, x1, ${python})` },
        run: (_, x, y, i) => x.scatterReduce_(1, i, y, reduce, options),
      },
      ...(reduce === 'sum'
        ? []
        : ([
            {
              ...{ op: 'indexReduce', ...index, torch: `x0.index_reduce(0, i, x1, ${python})` },
              run: (_, x, y, i) => x.indexReduce(0, i, y, reduce, options),
            },
            {
              ...{ op: 'indexReduce_', ...index, torch: `x0.index_reduce_(0, i, x1, ${python})` },
              run: (_, x, y, i) => x.indexReduce_(0, i, y, reduce, options),
            },
          ] satisfies Row[])),
    ]
  }),
)

const reading: Row[] = [
  {
    ...{ op: 'take', shapes: [wide], index: at([0, 11, -1, 0], [2, 2]), torch: 'x0.take(i)' },
    run: (_, x, _y, i) => x.take(i),
  },
  {
    ...{ op: 'takeAlongDim', shapes: [wide], index: at([0, -1, 2], [1, 3]), torch: 'x0.take_along_dim(i, 0)' },
    run: (_, x, _y, i) => x.takeAlongDim(i, 0),
  },
  {
    ...{ op: 'takeAlongDim', as: 'of all', shapes: [wide], index: at([5, 0], [1, 2]), torch: 'x0.take_along_dim(i)' },
    run: (_, x, _y, i) => x.takeAlongDim(i),
  },
  {
    ...{ op: 'gather', as: '0-d', shapes: [[]], index: at([0], []), torch: 'x0.gather(0, i)' },
    run: (_, x, _y, i) => x.gather(0, i),
  },
  {
    ...{ op: 'indexSelect', as: '0-d', shapes: [[]], index: at([0]), torch: 'x0.index_select(0, i)' },
    run: (_, x, _y, i) => x.indexSelect(0, i),
  },
  {
    ...{ op: 'index', as: 'a mask without dimensions', shapes: [wide], torch: 'x0[i]' },
    ...{ index: { shape: [], dtype: 'bool', values: [1] }, run: (_, x, _y, i) => x.index(i) },
  },
]

function casesOf({ op, as, shapes, index, run, torch, dtypes = 'all', kink }: Row): Case[] {
  const last = shapes.length
  const one = (name: string, inputs: Input[], copied: boolean): Case => ({
    op,
    name: `${op}: ${as === undefined ? '' : `${as}, `}${name}`,
    inputs: [...inputs, index],
    run: (dt, ...xs) => run(dt, copied ? xs[0]!.clone() : xs[0]!, xs[1]!, xs[last]!),
    torch: torch.replaceAll(/\bi\b(?!')/g, `x${last}`).replace('x0', copied ? 'x0.clone()' : 'x0'),
    kink,
  })
  const isInPlace = op.endsWith('_')
  const chosen: readonly DType[] = lists[dtypes]
  return chosen.flatMap((dtype): Case[] => {
    if (as !== undefined && as !== graph && dtype !== 'float64' && dtype !== 'float32' && dtype !== 'int64') return []
    const plain = (layout?: Input['layout']) => shapes.map((shape): Input => ({ shape, dtype, layout }))
    if (!isFloat(dtype)) return [one(dtype, plain(), false)]
    const layouts = rowsOf(dtype, ['contiguous', 'sliced'] as const)
    return [
      ...layouts
        .filter(layout => layout === 'contiguous' || (shapes[0].length > 0 && as === undefined))
        .map(layout =>
          one(
            `${dtype}${layout === 'contiguous' ? '' : ` ${layout}`}`,
            shapes.map(shape => leaf(shape, dtype, shape.length > 0 ? { layout } : {})),
            isInPlace,
          ),
        ),
      ...(isInPlace && as === undefined ? [one(`${dtype} into transposed`, plain('transposed').map(flat), false)] : []),
    ]
  })
}

/** Fewer than two dimensions cannot be transposed. */
const flat = (input: Input): Input => (input.shape.length < 2 ? { ...input, layout: undefined } : input)

/** Ties share the gradient as in PyTorch; a zero is left out of the products of the others. */
const ties: Case[] = (['amax', 'amin', 'prod'] as const).flatMap(reduce =>
  [true, false].map((includeSelf): Case => {
    const [name, x, y] =
      reduce === 'prod' ? ['a zero', [0, 2, 0], [0, 3, 2, 5, 4, 3]] : ['equals', [1, 2, 3], [1, 1, 2, 2, 3, 3]]
    return {
      op: 'scatterReduce',
      name: `scatterReduce: ${reduce} of ${name}${includeSelf ? '' : ' without itself'}`,
      inputs: [leaf([3], 'float64', { values: x }), leaf([6], 'float64', { values: y }), at([0, 0, 1, 1, 2, 2])],
      run: (_, x, y, i) => x!.scatterReduce(0, i!, y!, reduce, { includeSelf }),
      torch: `x0.scatter_reduce(0, x2, x1, '${reduce}', include_self=${includeSelf ? 'True' : 'False'})`,
      kink: reduce === 'prod' ? undefined : 'equals',
    }
  }),
)

export const cases: Case[] = [...changing, ...reducing, ...reading].flatMap(casesOf).concat(ties)
