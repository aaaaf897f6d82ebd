// Contours and parallel coordinates as descriptions; numbers are by hand.
import { expect, test } from 'vitest'
import { tensor } from '../../src/index.ts'
import { plot } from '../../src/viz/index.ts'

interface Layer {
  data: { values: Record<string, unknown>[] }
  encoding: Record<string, { scale: Record<string, unknown> }>
}

const layers = (figure: plot.Figure) => figure.spec.layer as Layer[]

test('each height has its cell, which ends in the middle between two places', () => {
  const [surface, points] = layers(
    plot.contour(
      [
        [1, 2, 3],
        [4, 5, Number.NaN],
      ],
      { columns: [0, 1, 3], rows: [10, 1000], logY: true, points: [[1], [100]] },
    ),
  )
  const near = (value: number) => expect.closeTo(value, 9)
  const cells = [
    [-0.5, 0.5, 1, 100, 1],
    [0.5, 2, 1, 100, 2],
    [2, 4, 1, 100, 3],
    [-0.5, 0.5, 100, 10_000, 4],
    [0.5, 2, 100, 10_000, 5],
    [2, 4, 100, 10_000, null],
  ]
  expect(surface!.data.values).toEqual(
    cells.map(([x, x2, y, y2, value]) => ({ x, x2, y: near(y!), y2: near(y2!), value })),
  )
  expect(surface!.encoding.fill!.scale.domain).toHaveLength(11)
  expect(surface!.encoding.y!.scale.type).toBe('log')
  expect(points!.data.values).toEqual([{ x: 1, y: 100 }])
})

test('a tensor is a surface, a flat one too', async () => {
  const flat = plot.contour(
    tensor([
      [1, 1],
      [1, 1],
    ]),
    { title: 'flat' },
  )
  expect(layers(flat)[0]!.data.values).toEqual([
    { x: -0.5, x2: 1.5, y: -0.5, y2: 0.5, value: 1 }, // neighbours of one colour are one
    { x: -0.5, x2: 1.5, y: 0.5, y2: 1.5, value: 1 },
  ])
  expect(await flat.toSVG()).toContain('flat')
})

test.each<[unknown, object, string]>([
  [[[1, 2]], {}, 'contour: expected two rows and two columns or more'],
  [
    [
      [1, 2],
      [3, 4],
    ],
    { columns: [1] },
    'contour: columns: there are 1 places for 2',
  ],
  [
    [
      [1, 2],
      [3, 4],
    ],
    { rows: [2, 1] },
    'contour: rows: places must rise',
  ],
  [
    [
      [1, 2],
      [3, 4],
    ],
    { logX: true },
    'contour: columns: a logarithmic axis has places greater than 0',
  ],
  [
    [
      [1, 2],
      [3, 4],
    ],
    { levels: 1 },
    'contour: levels must be an integer from 2 to 100: 1',
  ],
  [
    [
      [1, 2],
      [3, 4],
    ],
    { points: [[1], []] },
    'contour: points: there are 1 x for 0 y',
  ],
  [
    [
      [1, 2],
      [3, 4],
    ],
    { level: 3 },
    "contour: unknown option 'level'; did you mean 'levels'?",
  ],
])('contour of %j with %j', (table, options, message) => {
  expect(() => plot.contour(table as number[][], options)).toThrow(message)
})

const runs = [
  { lr: 0.01, width: 8, act: 'relu', loss: 3 },
  { lr: 1, width: 16, act: 'tanh', loss: 1 },
  { lr: 0.1, width: 32, act: 'relu', loss: 2 },
]

test('a row is a line across all axes', async () => {
  const figure = plot.parallel(runs, { axes: [{ name: 'lr', log: true }, 'width', 'act', 'loss'], title: 'runs' })
  const [lines, , texts] = layers(figure)
  const places = [
    [0, 0, 0.25, 1],
    [1, 1 / 3, 0.75, 0],
    [0.5, 1, 0.25, 0.5],
  ]
  expect(lines!.data.values).toEqual(
    runs.flatMap(({ loss }, line) =>
      ['lr', 'width', 'act', 'loss'].map((axis, i) => ({
        line,
        axis,
        at: expect.closeTo(places[line]![i]!, 9),
        color: loss,
      })),
    ),
  )
  const ticks = (axis: string) => texts!.data.values.filter(tick => tick.axis === axis).map(({ text }) => text)
  expect(ticks('lr')).toEqual(['0.01', '0.0316', '0.1', '0.316', '1'])
  expect(ticks('width')).toEqual(['8', '14', '20', '26', '32'])
  expect(ticks('act')).toEqual(['relu', 'tanh'])
  expect(await figure.toSVG()).toContain('runs')
})

test('without axes all fields have one, and values may have an order', () => {
  expect(layers(plot.parallel(runs))[0]!.data.values).toHaveLength(12)
  const figure = plot.parallel(runs, {
    axes: [{ name: 'act', values: ['tanh', 'gelu', 'relu'] }, 'loss'],
    color: 'act',
  })
  expect(layers(figure)[0]!.data.values[0]).toEqual({ line: 0, axis: 'act', at: 2.5 / 3, color: 'relu' })
})

test.each<[unknown, object, string]>([
  [3, {}, 'parallel: expected an array of rows, got a number'],
  [[], {}, 'parallel: there are no rows to draw'],
  [[{ a: 1 }], {}, 'parallel: expected two axes or more'],
  [[{ a: 1, b: 2 }, { a: 1 }], {}, "parallel: row 1 has no 'b'"],
  [
    [{ a: 1, b: 0 }],
    { axes: ['a', { name: 'b', log: true }] },
    "parallel: 'b' must have finite numbers greater than 0",
  ],
  [[{ a: 1, b: Number.NaN }], {}, "parallel: 'b' must have finite numbers"],
  [[{ a: 1, b: 'x' }], { axes: ['a', { name: 'b', values: ['y'] }] }, "parallel: 'x' is none of the values of 'b'"],
  [[{ a: 1, b: 2 }], { colour: 'a' }, "parallel: unknown option 'colour'; did you mean 'color'?"],
])('parallel of %j with %j', (rows, options, message) => {
  expect(() => plot.parallel(rows as never, options)).toThrow(message)
})
