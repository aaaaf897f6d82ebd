// Generic rows: one line of a table stands for the cases that every op of its kind needs, in each dtype of its list.
//
// Which layouts: the loop over contiguous elements, the one over strides and those over a repeated operand are compiled
// for each op and dtype, so every op gets one case of each. What finds them, walks the dims and picks a kernel is
// shared by all ops of a path: one op stands for it (`path`) and gets every shape and layout. Halves get a few.

import type { Dtrain, Input, Tensor, Values } from './case.ts'
import {
  type Case,
  type DType,
  exact,
  isFloat,
  isHalf,
  type Layout,
  layouts,
  leaf,
  lists,
  rowsOf,
  shapePair,
  show,
} from './case.ts'

/** Methods of a tensor that are called with such arguments and give a tensor. */
type Method<Args extends unknown[]> = {
  [K in keyof Tensor]: Tensor[K] extends (...args: Args) => Tensor ? K : never
}[keyof Tensor]

interface Row {
  dtypes: keyof typeof lists
  /** Where the values of floats come from: away from kinks, and where the function is defined. */
  domain?: Values
  /** Not compared to the last bit: it is not rounded once by IEEE rules. */
  rounds?: boolean
  /** Why finite differences do not apply. */
  kink?: string
  /** Stands for all ops of its kernel path. */
  path?: boolean
}

/** Functions of one tensor that are in a namespace, and what PyTorch calls them. */
const spaced = { erfcx: 'special.erfcx', ndtr: 'special.ndtr', logNdtr: 'special.log_ndtr' } as const

function isSpaced(op: string): op is keyof typeof spaced {
  return op in spaced
}

export interface UnaryRow extends Row {
  op: Method<[]> | keyof typeof spaced
  /** Whether it has no gradient. */
  constant?: boolean
  /** Where the values of integers come from: where PyTorch computes float32 precisely. */
  whole?: Values
}

/** An op of one tensor, elementwise. */
export function unary(row: UnaryRow): Case[] {
  const { op, domain, rounds } = row
  const special = [Number.NaN, Infinity, -Infinity, 1, -1, 0, -0, 1000, -1000, 1e-40]
  const make = (name: string, input: Input): Case => ({
    op,
    name: `${op}: ${name}`,
    inputs: [input],
    run: (dt, x) => (isSpaced(op) ? dt.special[op](x) : x[op]()),
    torch: `torch.${isSpaced(op) ? spaced[op] : op}(x0)`,
    tolerance: rounds ? undefined : exact,
    kink: row.kink,
  })
  return lists[row.dtypes].flatMap(dtype => {
    if (!isFloat(dtype)) return make(dtype, { shape: [5], dtype, values: dtype === 'bool' ? undefined : row.whole })
    const x = (shape: number[], layout?: Layout): Input => ({
      ...{ shape, dtype, values: domain, layout },
      grad: !row.constant,
    })
    return [
      ...rowsOf(dtype, row.path ? [[], [7], [2, 3], [0], [31, 3]] : [[7], [31, 3]], row.path ? 2 : 1).map(shape =>
        make(`${dtype} ${show(shape)}`, x(shape)),
      ),
      ...layoutsOf(row, dtype).map(layout => make(`${dtype} ${layout}`, x(matrix(dtype), layout))),
      make(`${dtype} special values`, { shape: [10], dtype, values: special }),
    ]
  })
}

export interface InplaceUnaryRow extends Row {
  op: Method<[]>
  /** Whether PyTorch has no gradient of the form in place: then the gradient is that of the other form. */
  ungraded?: boolean
}

/** The in-place form of an op of one tensor, which is recorded. */
export function inplaceUnary(row: InplaceUnaryRow): Case[] {
  const { op, domain, rounds } = row
  const make = (name: string, input: Input, graph = false): Case => ({
    op,
    name: `${op}: ${name}`,
    inputs: [input],
    run: (_, x) => (graph ? x.clone()[op]() : x[op]()),
    torch:
      graph && row.ungraded
        ? `x0.${op.slice(0, -1)}()`
        : `x0${graph ? '.clone()' : row.ungraded ? '.detach()' : ''}.${op}()`,
    tolerance: rounds ? undefined : exact,
    kink: row.kink,
  })
  return lists[row.dtypes].flatMap(dtype => {
    if (!isFloat(dtype)) return make(dtype, { shape: [5], dtype })
    return [
      make(`${dtype} [7]`, { shape: [7], dtype, values: domain }),
      make(`${dtype} sliced`, { shape: matrix(dtype), dtype, values: domain, layout: 'sliced' }),
      make(`${dtype} in a graph`, leaf([5], dtype, { values: domain }), true),
    ]
  })
}

type BinaryOp =
  | (Method<[Tensor | number]> & ('add' | 'sub' | 'mul' | 'div' | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'))
  | 'pow'
  | 'remainder'
  | 'fmod'
  | 'maximum'
  | 'minimum'
  | 'fmax'
  | 'fmin'
  | 'atan2'
  | 'hypot'
  | 'copysign'
  | 'logaddexp'
  | 'logaddexp2'
  | 'ldexp'
  | 'floatPower'
  | 'xlogy'
  | 'igamma'
  | 'igammac'
  | 'bitwiseAnd'
  | 'bitwiseOr'
  | 'bitwiseXor'
  | 'bitwiseLeftShift'
  | 'bitwiseRightShift'
  | 'gcd'
  | 'lcm'
  | 'nextafter'
  | 'heaviside'
  | 'isclose'
  | 'logicalAnd'
  | 'logicalOr'
  | 'logicalXor'

export interface BinaryRow extends Row {
  op: BinaryOp
  /** In Python: `x0 + x1`; or the name of a function. */
  sign: string
  /** On which sides PyTorch takes a number; by default on both. */
  numbers?: 'right' | 'nowhere'
  /** Where the second operand's values come from, if not where the first one's do; positive integers then. */
  second?: Values
  /** Whether it has no gradient. */
  constant?: boolean
  /** Whether it takes tensors of one dtype only. */
  alike?: boolean
}

const shapes = ['[2, 3] x [2, 3]', '[2, 3] x []', '[] x [2, 3]', '[2, 1] x [1, 3]'].map(shapePair)
const moreShapes = [
  '[2, 3] x [3]',
  '[3] x [2, 3]',
  '[2, 3] x [2, 1]',
  '[] x []',
  '[0, 3] x [3]',
  '[3] x [0, 1]',
  '[7] x [5, 1]',
  '[2, 1, 4, 1] x [3, 1, 5]',
  '[4, 1, 3] x [4, 5, 3]',
].map(shapePair)

const both: [Layout, Layout][] = [
  ['transposed', 'transposed'],
  ['sliced', 'transposed'],
  ['expanded', 'offset'],
]

/** An op of two tensors or a tensor and a number, elementwise, with broadcasting. */
export function binary(row: BinaryRow): Case[] {
  const { op, sign } = row
  const first = (shape: number[], dtype: DType, layout?: Layout): Input => ({
    ...{ shape, dtype, layout, values: row.domain },
    grad: isFloat(dtype) && !row.constant,
  })
  const second = (shape: number[], dtype: DType, layout?: Layout): Input => ({
    ...first(shape, dtype, layout),
    ...(row.second && { values: isFloat(dtype) ? row.second : 'positive' }),
  })
  const make = (name: string, inputs: Input[], run: Case['run'], torch: string): Case => ({
    ...{ op, name: `${op}: ${name}`, inputs, run, torch, kink: row.kink },
    // Beside a half, PyTorch's CPU rounds a number in sums, its GPUs nowhere.
    tolerance: row.rounds || /\b0\.1\)?$/.test(torch) ? undefined : exact,
  })
  const apply = (dt: Dtrain, x: Tensor | number, y: Tensor | number) =>
    typeof x === 'number' ? dt[op](x as never, y as Tensor) : x[op](y as Tensor)
  const torch = (x: string, y: string) => (/\w/.test(sign) ? `torch.${sign}(${x}, ${y})` : `${x} ${sign} ${y}`)
  const two = (name: string, x: Input, y: Input) => make(name, [x, y], (dt, u, v) => apply(dt, u, v), torch('x0', 'x1'))
  const right = (dtype: DType, c: number) =>
    make(`${dtype} ${sign} ${c}`, [first([5], dtype)], (dt, x) => apply(dt, x, c), torch('x0', `${c}`))
  const left = (dtype: DType, c: number) =>
    make(`${c} ${sign} ${dtype}`, [second([5], dtype)], (dt, x) => apply(dt, c, x), torch(`${c}`, 'x0'))
  const numbers = (dtype: DType, ...cs: number[]) =>
    row.numbers === 'nowhere' ? [] : [...(row.numbers ? [] : [left(dtype, 2)]), ...cs.map(c => right(dtype, c))]
  const pairs = (dtype: DType): [Layout, Layout][] => [
    ...layoutsOf(row, dtype).map((layout): [Layout, Layout] => [layout, 'contiguous']),
    ...(row.path && !isHalf(dtype) ? layouts : []).map((layout): [Layout, Layout] => ['contiguous', layout]),
    ...(row.path && !isHalf(dtype) ? both : []),
  ]
  const mixed = two('float32 [4] with float64 [4]', first([4], 'float32'), second([4], 'float64'))
  const each = lists[row.dtypes].flatMap(dtype => {
    if (!isFloat(dtype)) {
      return [
        two(`${dtype} [4] with ${dtype} [4]`, first([4], dtype), second([4], dtype)),
        ...numbers(dtype, 2, ...(row.path ? [2.5] : [])),
      ]
    }
    return [
      ...rowsOf(dtype, row.path ? [...shapes, ...moreShapes] : shapes, 2).map(([a, b]) =>
        two(`${dtype} ${show(a)} with ${show(b)}`, first(a, dtype), second(b, dtype)),
      ),
      ...pairs(dtype).map(([a, b]) =>
        two(`${dtype} ${a} with ${b}`, first(matrix(dtype), dtype, a), second(matrix(dtype), dtype, b)),
      ),
      ...numbers(dtype, 2, ...(isHalf(dtype) ? [0.1] : [])), // which no half is
    ]
  })
  return row.path || row.alike || !lists[row.dtypes].some(isFloat) ? each : [...each, mixed] // the table of an op that stands for its path has all pairs of dtypes
}

/** The in-place form of an op of two tensors. */
export interface InplaceRow extends Row {
  op: `${BinaryOp}_` & Method<[Tensor]>
  second?: Values
  /** Whether PyTorch takes a tensor only. */
  numbers?: 'nowhere'
  /** Whether it has no gradient. */
  constant?: boolean
}

/** floatPower_ → float_power_ */
const inPython = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

export function inplace(row: InplaceRow): Case[] {
  const { op } = row
  const make = (name: string, inputs: Input[], run: Case['run'], torch: string): Case => ({
    ...{ op, name: `${op}: ${name}`, inputs, run, torch, kink: row.kink },
    tolerance: row.rounds ? undefined : exact,
  })
  const two = (name: string, dtype: DType, x: Omit<Input, 'dtype'>, y: Omit<Input, 'dtype'>) =>
    make(
      `${dtype} ${name}`,
      [
        { values: row.domain, ...x, dtype },
        { values: row.second, ...y, dtype },
      ],
      (_, u, v) => u[op](v as never),
      `x0.${inPython(op)}(x1)`,
    )
  const graph = (dtype: DType) =>
    make(
      `${dtype} in a graph`,
      [leaf([5], dtype, { values: row.domain }), leaf([5], dtype, { values: row.second })],
      (_, u, v) => u.clone()[op](v as never),
      `x0.clone().${inPython(op)}(x1)`,
    )
  const pairs = [
    '[2, 3] x [2, 3]',
    ...(row.path
      ? ['[2, 3] x [3]', '[2, 3] x [2, 1]', '[2, 3] x []', '[] x []', '[0, 3] x [3]', '[5, 7] x [1, 7]']
      : ['[2, 3] x []']),
  ]
  const into = (dtype: DType) => layoutsOf(row, dtype).filter(layout => layout !== 'expanded')
  return lists[row.dtypes].flatMap(dtype => [
    ...(isFloat(dtype) ? rowsOf(dtype, pairs, 2) : pairs.slice(0, 1))
      .map(shapePair)
      .map(([a, b]) => two(`${show(a)} with ${show(b)}`, dtype, { shape: a }, { shape: b })),
    ...(isFloat(dtype) ? into(dtype) : []).map(layout =>
      two(`into ${layout}`, dtype, { shape: matrix(dtype), layout }, { shape: matrix(dtype) }),
    ),
    ...(isFloat(dtype) && !isHalf(dtype) && row.path ? layouts : []).map(layout =>
      two(`from ${layout}`, dtype, { shape: [5, 7] }, { shape: [5, 7], layout }),
    ),
    ...(row.numbers
      ? []
      : [
          make(
            `${dtype} number`,
            [{ shape: [4], dtype, values: row.domain }],
            (_, x) => x[op](3 as never),
            `x0.${inPython(op)}(3)`,
          ),
        ]),
    ...(isFloat(dtype) && !row.constant ? [graph(dtype)] : []),
    ...(isFloat(dtype) && !row.rounds
      ? [
          make(
            `${dtype} itself`,
            [{ shape: [4], dtype, values: row.domain ?? 'distinct' }],
            (_, x) => x[op](x as never),
            `x0.${inPython(op)}(x0)`,
          ),
        ]
      : []),
  ])
}

export interface ReduceRow extends Row {
  op: 'sum' | 'mean'
}

/** An op over all elements, one dim or several. */
export function reduction(row: ReduceRow): Case[] {
  const { op, path } = row
  return lists[row.dtypes].flatMap(dtype => {
    const make = (name: string, input: Input, run: (x: Tensor) => Tensor, torch: string): Case => ({
      ...{ op, name: `${op}: ${name}`, inputs: [input], run: (_, x) => run(x), torch: `x0.${op}(${torch})` },
      tolerance: isFloat(dtype) && row.rounds ? undefined : exact,
    })
    const whole = (name: string, input: Input) => make(name, input, x => x[op](), '')
    const along = (name: string, input: Input, dim: number) => make(name, input, x => x[op](dim), `${dim}`)
    if (isHalf(dtype)) {
      return [
        whole(`${dtype} [2, 3]`, leaf([2, 3], dtype, { values: row.domain })),
        along(`${dtype} dim 1`, leaf([3, 5, 2], dtype, { values: row.domain }), 1),
        along(`${dtype} sliced dim 0`, leaf([2, 3], dtype, { values: row.domain, layout: 'sliced' }), 0),
        whole(`no ${dtype}`, { shape: [0], dtype }),
        whole(`${dtype} nan`, { shape: [3], dtype, values: [1, Number.NaN, 2] }),
      ]
    }
    if (!isFloat(dtype)) {
      return [
        whole(dtype, { shape: [3, 7], dtype }),
        along(`${dtype} dim 0`, { shape: [3, 7], dtype }, 0),
        whole(`no ${dtype}`, { shape: [0], dtype }),
      ]
    }
    const x = (shape: number[], layout?: Layout) => leaf(shape, dtype, { values: row.domain, layout })
    return [
      ...(path ? [[], [7], [2, 3], [2, 3, 5], [0], [0, 3], [3, 0], [31, 37]] : [[], [2, 3], [0], [31, 37]]).map(shape =>
        whole(`${dtype} ${show(shape)}`, x(shape)),
      ),
      ...[0, 1, -1].map(dim => along(`${dtype} dim ${dim}`, x([3, 5, 2]), dim)),
      make(`${dtype} keepdim`, x([3, 5]), x => x[op]({ dim: 1, keepdim: true }), '1, keepdim=True'),
      make(`${dtype} keepdim over all`, x([3, 5]), x => x[op]({ dim: [0, 1], keepdim: true }), '(0, 1), keepdim=True'),
      make(`${dtype} two dims`, x([2, 3, 5]), x => x[op]([0, -1]), '(0, -1)'),
      make(`${dtype} inner dims`, x([3, 5, 2, 4]), x => x[op]({ dim: [1, 2] }), '(1, 2)'),
      make(`${dtype} no dims is all`, x([2, 3]), x => x[op]({ dim: [] }), '[]'),
      along(`${dtype} 0-d dim 0`, x([]), 0),
      along(`${dtype} along an empty dim`, x([3, 0]), 1),
      along(`${dtype} beside an empty dim`, x([3, 0]), 0),
      whole(`${dtype} nan`, { shape: [3], dtype, values: [1, Number.NaN, 2] }),
      whole(`${dtype} opposite infinities`, { shape: [2], dtype, values: [Infinity, -Infinity] }),
      ...layoutsOf(row, dtype).flatMap(layout => [
        whole(`${dtype} ${layout}`, x([5, 7], layout)),
        along(`${dtype} ${layout} dim 0`, x([5, 7], layout), 0),
        along(`${dtype} ${layout} dim 1`, x([5, 7], layout), 1),
      ]),
    ]
  })
}

function layoutsOf({ path }: Row, dtype: DType): readonly Layout[] {
  return path && !isHalf(dtype) ? layouts : ['sliced']
}

/** The shape of an input with a layout. */
function matrix(dtype: DType): number[] {
  return isHalf(dtype) ? [2, 3] : [5, 7]
}
