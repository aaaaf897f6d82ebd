// bincount, histc, histogram and histogramdd. What surprises: counts have the dtype of the elements, those of integers
// apart; the last bin has its right edge; and what is NaN or outside is in none.

import { type Case, type DType, dtypes, exact, halves, type Input, ints, type Tensor } from '../../support/case.ts'

const nan = Number.NaN

function counts(): Case[] {
  return [
    ...dtypes.map(dtype =>
      make(
        'bincount',
        `${dtype} as int64`,
        [{ shape: [9], dtype, values: { integersBelow: dtype === 'bool' ? 2 : 6 } }],
        x => x.long().bincount(),
        'x0.long().bincount()',
      ),
    ),
    ...ints.map(dtype =>
      make(
        'bincount',
        dtype,
        [{ shape: [9], dtype, values: { integersBelow: 6 } }],
        x => x.bincount(),
        'x0.bincount()',
      ),
    ),
    make(
      'bincount',
      'minlength',
      [{ shape: [4], dtype: 'int64', values: { integersBelow: 3 } }],
      x => x.bincount({ minlength: 5 }),
      'x0.bincount(minlength=5)',
    ),
    ...(['float32', 'float64', 'int64'] as const).map(dtype =>
      make(
        'bincount',
        `${dtype} weights`,
        [
          { shape: [9], dtype: 'int64', values: { integersBelow: 4 } },
          { shape: [9], dtype },
        ],
        (x, w) => x.bincount(w!),
        'x0.bincount(x1.detach())',
      ),
    ),
    make('bincount', 'none', [{ shape: [0], dtype: 'int64' }], x => x.bincount(), 'x0.bincount()'),
  ].map(it => ({ ...it, tolerance: it.inputs[1]?.dtype?.includes('float') ? undefined : exact }))
}

function histograms(): Case[] {
  const parts = (name: string, input: Input, options: object, torch: string) =>
    make('histc', name, [input], x => x.histc(options), `x0.detach().histc(${torch})`)
  const edges: Input = { shape: [4], dtype: 'float64', values: [-1, 0, 0.25, 2] }
  return [
    ...(['float32', 'float64'] as const).flatMap(dtype => [
      parts(`${dtype} own range`, { shape: [40], dtype }, { bins: 7 }, 'bins=7'),
      parts(`${dtype} range`, { shape: [5, 8], dtype }, { bins: 4, min: -1, max: 1 }, 'bins=4, min=-1, max=1'),
      parts(`${dtype} sliced`, { shape: [5, 7], dtype, layout: 'sliced' }, { bins: 3 }, 'bins=3'),
      parts(`${dtype} all equal`, { shape: [3], dtype, values: [2, 2, 2] }, { bins: 3 }, 'bins=3'),
      parts(`${dtype} edges`, { shape: [5], dtype, values: [0, 1, 2, 3, 4] }, { bins: 4, max: 4 }, 'bins=4, max=4'),
      make(
        'histogram',
        `${dtype} own range`,
        [{ shape: [40], dtype }],
        x => x.histogram(7).hist,
        'x0.detach().histogram(7).hist',
      ),
      pair(
        `${dtype} range`,
        [{ shape: [5, 8], dtype }],
        x => x.histogram(4, { range: [-1, 1] }),
        'x0.detach().histogram(4, range=(-1., 1.))',
      ),
      pair(
        `${dtype} all equal`,
        [{ shape: [3], dtype, values: [2, 2, 2] }],
        x => x.histogram(3),
        'x0.detach().histogram(3)',
      ),
      pair(`no ${dtype}`, [{ shape: [0], dtype }], x => x.histogram(4), 'x0.detach().histogram(4)'),
      pair(
        `${dtype} density`,
        [{ shape: [30], dtype }],
        x => x.histogram(3, { density: true }),
        'x0.detach().histogram(3, density=True)',
      ),
      pair(
        `${dtype} weight`,
        [
          { shape: [12], dtype },
          { shape: [12], dtype, values: 'positive' },
        ],
        (x, w) => x.histogram(3, { weight: w! }),
        'x0.detach().histogram(3, weight=x1.detach())',
      ),
    ]),
    ...halves.map(dtype => parts(dtype, { shape: [40], dtype }, { bins: 4 }, 'bins=4')),
    parts('nan', { shape: [4], values: [nan, 0, 1, 5] }, { bins: 2, min: 0, max: 2 }, 'bins=2, min=0, max=2'),
    parts('100 bins', { shape: [40], dtype: 'float64' }, {}, ''),
    at(
      'edges',
      [{ shape: [40], dtype: 'float64' }, edges],
      (x, e) => x.histogram(e!),
      'x0.detach().histogram(x1.detach())',
    ),
    ...halves.map(dtype =>
      at(
        `edges, ${dtype}`,
        [
          { shape: [40], dtype },
          { ...edges, dtype },
        ],
        (x, e) => x.histogram(e!),
        'x0.detach().histogram(x1.detach())',
      ),
    ),
    at(
      'edges, float32',
      [{ shape: [40] }, { ...edges, dtype: 'float32' }],
      (x, e) => x.histogram(e!),
      'x0.detach().histogram(x1.detach())',
    ),
    at(
      'edges, density',
      [{ shape: [40], dtype: 'float64' }, edges],
      (x, e) => x.histogram({ bins: e!, density: true }),
      'x0.detach().histogram(x1.detach(), density=True)',
    ),
  ]
}

function cells(): Case[] {
  const edges: Input = { shape: [4], dtype: 'float64', values: [-1, 0, 0.25, 2] }
  const all = (result: { hist: Tensor; binEdges: Tensor[] }) => [result.hist, ...result.binEdges]
  const flat = (torch: string) => `(lambda r: (r.hist, *r.bin_edges))(${torch})`
  const between = (dtype: DType) =>
    dd(
      'histogramddAt',
      dtype,
      [
        { shape: [30, 2], dtype },
        { ...edges, dtype },
      ],
      (dt, x, e) => all(dt.histogramdd(x, [e!, e!], { density: true })),
      flat('torch.histogramdd(x0.detach(), [x1.detach(), x1.detach()], density=True)'),
    )
  const counted = (['float32', 'float64'] as const).flatMap(dtype => {
    const x: Input = { shape: [30, 2], dtype }
    const weight: Input = { shape: [30], dtype, values: 'positive' }
    return [
      dd(
        'histogramdd',
        dtype,
        [x],
        (dt, x) => all(dt.histogramdd(x, [3, 4])),
        flat('torch.histogramdd(x0.detach(), [3, 4])'),
      ),
      dd(
        'histogramdd',
        `${dtype} range, density`,
        [{ shape: [5, 6, 2], dtype }],
        (dt, x) => all(dt.histogramdd(x, 3, [-1, 1, -2, 0.5], { density: true })),
        flat('torch.histogramdd(x0.detach(), 3, range=[-1., 1., -2., 0.5], density=True)'),
      ),
      dd(
        'histogramdd',
        `${dtype} weight`,
        [x, weight],
        (dt, x, weight) => all(dt.histogramdd(x, [2, 3], { weight })),
        flat('torch.histogramdd(x0.detach(), [2, 3], weight=x1.detach())'),
      ),
    ]
  })
  return [...counted, ...[...(['float32', 'float64'] as const), ...halves].map(between)]
}

function dd(op: string, name: string, inputs: Input[], run: Case['run'], torch: string): Case {
  return { op, name: `${op}: ${name}`, inputs, run, torch }
}

type Both = { hist: Tensor; binEdges: Tensor }

function pair(name: string, inputs: Input[], run: (x: Tensor, y?: Tensor) => Both, torch: string): Case {
  return make('histogram', name, inputs, (x, y) => Object.values(run(x, y)), torch)
}

function at(name: string, inputs: Input[], run: (x: Tensor, y?: Tensor) => Both, torch: string): Case {
  return { ...pair(name, inputs, run, torch), op: 'histogramAt', name: `histogramAt: ${name}` }
}

function make(
  op: string,
  name: string,
  inputs: Input[],
  run: (x: Tensor, y?: Tensor) => Tensor | Tensor[],
  torch: string,
): Case {
  return { op, name: `${op}: ${name}`, inputs, run: (_, x, y) => run(x!, y), torch }
}

export const cases: Case[] = [...counts(), ...histograms(), ...cells()]
