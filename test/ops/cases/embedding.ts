// Rows of tables, and bags of them. What surprises: a number that comes twice adds its gradients, an empty bag is 0,
// and of rows that share a maximum the first one gets the gradient.

import { type Case, floats, type Input, leaf, rowsOf, whole } from '../../support/case.ts'

const numbers = (shape: number[], values: number[], rest: Partial<Input> = {}): Input => ({
  ...{ shape, dtype: 'int64', values },
  ...rest,
})

type Row = [name: string, index: Input, options: object, torch: string]

const lookups: Row[] = [
  ['one for each number', numbers([4], [4, 0, 2, 4]), {}, ''],
  ['numbers of two dimensions, and padding', numbers([2, 3], [1, 3, 1, 0, 3, 3]), { paddingIdx: 3 }, ', padding_idx=3'],
  ['padding from the end', numbers([3], [4, 1, 4]), { paddingIdx: -1 }, ', padding_idx=-1'],
  ['by frequency', numbers([5], [2, 0, 2, 2, 1]), { scaleGradByFreq: true }, ', scale_grad_by_freq=True'],
  [
    'by frequency, with padding',
    numbers([5], [2, 0, 2, 2, 1]),
    { scaleGradByFreq: true, paddingIdx: 2 },
    ', 2, scale_grad_by_freq=True',
  ],
  ['a number without dimensions', numbers([], [3]), {}, ''],
  ['numbers of int32', numbers([2], [3, 1], { dtype: 'int32' }), {}, ''],
  ['strided numbers', numbers([3], [3, 1, 0], { layout: 'sliced' }), {}, ''],
]

function embedding(): Case[] {
  const make = (name: string, inputs: Input[], options: object, torch: string): Case => ({
    ...{ op: 'embedding', name: `embedding: ${name}`, inputs },
    run: (dt, w, x) => dt.nn.functional.embedding(x!, w!, options),
    torch: `F.embedding(x1, x0${torch})`,
    kink: Object.keys(options).length > 0 ? 'its gradient is another one, on purpose' : undefined,
  })
  return [
    ...floats.flatMap(dtype =>
      rowsOf(dtype, lookups, 4).map(([name, index, options, torch]) =>
        make(`${name} ${dtype}`, [leaf([5, 3], dtype), index], options, torch),
      ),
    ),
    ...whole.map(dtype => make(dtype, [{ shape: [5, 3], dtype }, numbers([3], [4, 0, 4])], {}, '')),
    make('no numbers', [{ shape: [5, 3] }, numbers([0, 2], [])], {}, ''),
    make('transposed', [leaf([5, 3], 'float64', { layout: 'transposed' }), numbers([3], [4, 0, 4])], {}, ''),
    {
      ...make('rows that are too long', [{ shape: [5, 3], dtype: 'float64' }, numbers([2, 2], [1, 3, 3, 0])], {}, ''),
      run: (dt, w, x) => {
        const table = w!.clone()
        return [dt.nn.functional.embedding(x!, table.detach(), { maxNorm: 1.25, normType: 1 }), table]
      },
      torch: '(lambda w: [F.embedding(x1, w.detach(), max_norm=1.25, norm_type=1.), w])(x0.clone())',
    },
  ]
}

type Bag = [name: string, index: Input, options: BagOptions, bags: number[][]]
type BagOptions = { offsets?: number[]; includeLastOffset?: boolean; paddingIdx?: number; scaleGradByFreq?: boolean }

const flat = numbers([7], [1, 3, 0, 0, 4, 2, 3])
const bags: Bag[] = [
  [
    'rows',
    numbers([2, 3], [1, 3, 1, 0, 4, 3]),
    {},
    [
      [1, 3, 1],
      [0, 4, 3],
    ],
  ],
  ['one row', numbers([1, 3], [4, 0, 4]), {}, [[4, 0, 4]]],
  [
    'offsets',
    flat,
    { offsets: [0, 2, 5] },
    [
      [1, 3],
      [0, 0, 4],
      [2, 3],
    ],
  ],
  ['empty bags', flat, { offsets: [0, 0, 4, 4, 7] }, [[], [1, 3, 0, 0], [], [4, 2, 3], []]],
  [
    'the last offset',
    flat,
    { offsets: [0, 3, 7], includeLastOffset: true },
    [
      [1, 3, 0],
      [0, 4, 2, 3],
    ],
  ],
  [
    'behind the last offset',
    flat,
    { offsets: [0, 3, 5], includeLastOffset: true },
    [
      [1, 3, 0],
      [0, 4],
    ],
  ],
  ['padding', numbers([2, 3], [3, 3, 3, 0, 3, 1]), { paddingIdx: -2 }, [[], [0, 1]]],
]

function embeddingBag(): Case[] {
  const make = (name: string, table: Input, index: Input, mode: string, given: BagOptions, torch: string): Case => ({
    ...{ op: 'embeddingBag', name: `embeddingBag: ${name} ${mode} ${table.dtype}`, inputs: [table, index], torch },
    run: (dt, w, x) => {
      const { offsets, ...rest } = given
      const starts = offsets && { offsets: dt.tensor(offsets, { dtype: 'int64', device: x!.device }) }
      return dt.nn.functional.embeddingBag(x!, w!, { ...starts, ...rest, mode } as never)
    },
    kink: given.scaleGradByFreq ? 'its gradient is another one, on purpose' : undefined,
  })
  // PyTorch's embedding_bag has no second derivative, which the golden script needs.
  const byHand = (bags: number[][], mode: string) => {
    const of = { sum: 'sum(0)', mean: 'mean(0)', max: 'max(0)[0]' }[mode]
    return `torch.stack([${bags.map(bag => (bag.length > 0 ? `x0[${JSON.stringify(bag)}].${of}` : 'x0[0] * 0')).join(', ')}])`
  }
  const rows = bags[0]![1]
  return [
    make(
      'without a gradient',
      { shape: [5, 3], dtype: 'float32' },
      rows,
      'sum',
      {},
      "F.embedding_bag(x1, x0, mode='sum')",
    ),
    ...floats.flatMap(dtype =>
      ['sum', 'mean', 'max'].flatMap(mode =>
        rowsOf(dtype, bags, 3).map(([name, index, given, all]) =>
          make(name, leaf([5, 3], dtype), index, mode, given, byHand(all, mode)),
        ),
      ),
    ),
    ...['sum', 'mean', 'max'].flatMap(mode => [
      make(
        'no numbers',
        { shape: [5, 3], dtype: 'float64' },
        numbers([0], []),
        mode,
        { offsets: [0, 0] },
        `F.embedding_bag(x1, x0, torch.tensor([0, 0]), mode='${mode}')`,
      ),
      make('no bags', { shape: [5, 3], dtype: 'float64' }, numbers([0, 3], []), mode, {}, 'x0[:0]'),
    ]),
    ...['sum', 'mean'].map(mode =>
      make(
        'by frequency',
        leaf([5, 3], 'float64'),
        numbers([2, 3], [1, 3, 1, 0, 1, 3]),
        mode,
        { scaleGradByFreq: true },
        `F.embedding(x1, x0, scale_grad_by_freq=True).${mode}(1)`,
      ),
    ),
    ...(['float32', 'float64'] as const).map(
      (dtype): Case => ({
        ...{ op: 'embeddingBag', name: `embeddingBag: factors ${dtype}` },
        inputs: [leaf([5, 3], dtype), rows, leaf([2, 3], dtype)],
        run: (dt, w, x, factors) =>
          dt.nn.functional.embeddingBag(x!, w!, { mode: 'sum', perSampleWeights: factors, paddingIdx: 4 }),
        torch: '(F.embedding(x1, x0) * (x2 * (x1 != 4))[..., None]).sum(1)',
      }),
    ),
    {
      ...make('equals', leaf([5, 3], 'float64', { values: equals }), rows, 'max', {}, byHand(bags[0]![3], 'max')),
      kink: 'equal elements',
    },
  ]
}

/** Rows that share their largest elements. */
const equals = [2, 1, 0, 2, 1, 5, 0, 0, 0, 2, 3, 5, 2, 1, 7]

export const cases: Case[] = [...embedding(), ...embeddingBag()]
