// Plots as descriptions, as SVG and PNG, and as characters. The expected texts and numbers are by hand.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { ones, tensor, zeros } from '../../src/index.ts'
import { Image } from '../../src/vision/index.ts'
import { plot } from '../../src/viz/index.ts'
import { braille } from '../../src/viz/plot/print.ts'

const folder = mkdtempSync(join(tmpdir(), 'dtrain-plot-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** All values of a field in a description, at any depth. */
function all(spec: unknown, field: string): unknown[] {
  if (typeof spec !== 'object' || spec === null) return []
  return Object.entries(spec).flatMap(([key, value]) => [...(key === field ? [value] : []), ...all(value, field)])
}

/** The rows of each layer. */
function rows(figure: plot.Figure): Record<string, unknown>[][] {
  return all(figure.spec, 'values').filter(it => Array.isArray(it) && typeof it[0] === 'object') as never
}

test.each([
  ['arrays', [1, 2.5]],
  ['typed arrays', Float32Array.of(1, 2.5)],
  ['tensors', tensor([1, 2.5], { requiresGrad: true })],
  ['tensors of short floats', tensor([1, 2.5], { dtype: 'bfloat16' })],
])('%s are series', (_, values) => {
  expect(rows(plot.line(values))).toEqual([
    [
      { x: 0, y: 1, series: '' },
      { x: 1, y: 2.5, series: '' },
    ],
  ])
  expect(rows(plot.line({ a: values, b: { x: [5, 6], y: values } }))[1]![0]).toEqual({ x: 5, y: 1, series: 'b' })
})

test('what has no logarithm is a gap, NaN always is', () => {
  const y = [1, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2]
  expect(rows(plot.line(y))[0]!.map(row => row.y)).toEqual([1, 0, -1, null, null, 2])
  expect(rows(plot.line(y, { logY: true }))[0]!.map(row => row.y)).toEqual([1, null, null, null, null, 2])
})

test('a long line keeps its peaks', () => {
  const y = Array.from({ length: 100_000 }, (_, i) => (i === 77_777 ? 9 : i === 33_333 ? -9 : Math.sin(i)))
  const kept = rows(plot.line(y))[0]!
  expect(kept.length).toBeLessThanOrEqual(1201)
  expect(kept.filter(row => Math.abs(row.y as number) === 9)).toEqual([
    { x: 33_333, y: -9, series: '' },
    { x: 77_777, y: 9, series: '' },
  ])
  const points = [y, y] as const
  expect(rows(plot.scatter(points))[0]).toHaveLength(100_000)
})

test('what xLim leaves out does not stretch the other axis, and lines go on to the edge', () => {
  const series = { line: [1, 2, 3, 9e9, 9e9], points: { y: [1, 2, 3, 9e9, 9e9], style: 'points' } } as const
  const [line, points] = rows(plot.line(series, { xLim: [0.5, 1.5] }))
  expect(line!.map(({ y }) => y)).toEqual([1, 2, 3])
  expect(points!.map(({ y }) => y)).toEqual([2])
  const crossing = rows(plot.line({ x: [0, 5, 6, 20, 21], y: [1, 2, 3, 4, 5] }, { xLim: [9, 10] }))
  expect(crossing[0]!.map(({ x }) => x)).toEqual([6, 20])
})

test('a logarithmic axis of three powers of ten has no other labels', async () => {
  const labels = async (y: number[]) =>
    [...(await plot.line(y, { logY: true, x: 'x' }).toSVG()).matchAll(/text-anchor="end"[^>]*>([^<]+)</g)].map(
      m => m[1],
    )
  expect(await labels([1, 0.01])).toEqual(['0.01', '0.1', '1'])
  expect(await labels([0.5, 0.09])).toContain('0.3')
  expect(await labels([1e-12, 1e3])).toEqual(['10⁻¹²', '10⁻¹⁰', '10⁻⁸', '10⁻⁶', '10⁻⁴', '10⁻²', '10⁰', '10²'])
})

test('a legend shows points as points and lines as lines, and takes as much room as its names', async () => {
  const y = [1, 2]
  const svg = await plot.line({ iiiiiiiiii: { y, style: 'points' }, wwwwwwwwww: y }).toSVG()
  const symbols = [...svg.matchAll(/role-legend-symbol.*?<path[^>]* d="M[-.\d,]*([A-Z])/g)].map(([, kind]) => kind)
  expect(symbols).toEqual(['C', 'L'])
  const [narrow, wide] = [...svg.matchAll(/d="M0,0h(\d+)v[\d.]+h-\d+Z"[^>]*opacity="1"/g)].map(([, width]) =>
    Number(width),
  )
  expect(narrow).toBeCloseTo(20 + 10 * 0.29 * 12, -0.5)
  expect(wide).toBeCloseTo(20 + 10 * 0.84 * 12, -0.5)
  const columns = (...names: string[]) =>
    all(plot.line(Object.fromEntries(names.map(name => [name, y]))).spec, 'columns')[0]
  expect(columns('a', 'b', 'c', 'd', 'e', 'f')).toBe(6)
  expect(columns('w'.repeat(30), 'b', 'w'.repeat(31), 'd', 'e')).toBe(2)
  expect(columns('w'.repeat(90), 'b')).toBe(1)
})

test('a series may be measured at the right', async () => {
  const series = { loss: [1, 2], rate: { y: [0.1, 0.01], right: true, style: 'dashed', color: 'green' } } as const
  const figure = plot.line(series, { x: 'epoch', y: 'Loss', right: 'Rate', logRight: true, title: 'Both' })
  expect(all(figure.spec, 'orient')).toContain('right')
  const texts = [...(await figure.toSVG()).matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text)
  expect(texts).toEqual(expect.arrayContaining(['Both', 'epoch', 'Loss', 'Rate', 'loss', 'rate', '0.1']))
  expect(await figure.toSVG()).toContain('stroke="green"')
})

test('a histogram counts', () => {
  const bars = (figure: plot.Figure) => rows(figure)[0]!.map(({ from, to, y }) => [from, to, y])
  const values = [0, 0.1, 0.9, 1.5, 2, 2, Number.NaN]
  expect(bars(plot.histogram(values, { bins: 2 }))).toEqual([
    [0, 1, 3],
    [1, 2, 3],
  ])
  expect(bars(plot.histogram(values, { bins: 2, density: true }))).toEqual([
    [0, 1, 0.5],
    [1, 2, 0.5],
  ])
  expect(bars(plot.histogram([5, 5]))).toEqual([[5, 5.5, 2]])
})

test('a heatmap has the first row at the top', async () => {
  const svg = await plot.heatmap(tensor([[1, 2], [3, 40]]), { rows: ['cat', 'dog'], columns: ['p', 'q'], x: 'guess' }).toSVG() // biome-ignore format: a table
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text)
  expect(texts).toEqual(expect.arrayContaining(['cat', 'dog', 'p', 'q', 'guess', '1', '2', '3']))
  expect(texts.filter(text => text === '40')).not.toHaveLength(0)
})

test('images are drawn as they are from 0 to 1, and scaled together beyond', () => {
  const pixels = (figure: plot.Figure) =>
    rows(figure)[0]!.map(({ url }) => {
      const file = join(folder, 'image.png')
      const bytes = Buffer.from((url as string).replace('data:image/png;base64,', ''), 'base64')
      return [...openBytes(file, bytes).data]
    })
  expect(pixels(plot.images(tensor([[[0, 0.5, 1]]])))).toEqual([[0, 128, 255]])
  expect(pixels(plot.images(tensor([[[-1, 0, 1]], [[0, 0, 3]]])))).toEqual([
    [0, 64, 128],
    [64, 64, 255],
  ])
  expect(pixels(plot.images(tensor([[[10, 15, 20]]])))).toEqual([[0, 128, 255]])
  expect(pixels(plot.images(tensor([[[7, 255]]], { dtype: 'uint8' })))).toEqual([[7, 255]])
  expect(pixels(plot.images(ones(1, 3, 1, 2)))).toEqual([[255, 255, 255, 255, 255, 255]])
  expect(pixels(plot.images([new Image('L', 1, 1, Uint8Array.of(9)), zeros(1, 1)]))).toEqual([[9], [0]])
})

function openBytes(file: string, bytes: Uint8Array): Image {
  writeFileSync(file, bytes)
  return Image.open(file)
}

test('plots side by side, in SVG, PNG and JSON', async () => {
  const both = plot.subplots([plot.line([1, 2], { theme: 'dark', title: 'A' }), plot.images(zeros(2, 2, 2))])
  for (const name of ['both.svg', 'both.png', 'both.json']) await both.save(join(folder, name))
  const svg = readFileSync(join(folder, 'both.svg'), 'utf8')
  expect(svg).toMatch(/^<svg.*#16191f.*>A<.*<image .*<\/svg>$/s)
  const width = Number(svg.match(/width="(\d+)"/)![1])
  const png = Image.open(join(folder, 'both.png'))
  expect([png.width, ...png.data.subarray(0, 3)]).toEqual([2 * width, 0x16, 0x19, 0x1f])
  expect(JSON.parse(readFileSync(join(folder, 'both.json'), 'utf8')).concat).toHaveLength(2)
})

test('vega has nothing to warn of', async () => {
  const warn = vi.spyOn(console, 'warn')
  const figures = [
    plot.line({ a: [1, Number.NaN, 0], b: { y: [1, 2], right: true, style: 'points' } }, { logY: true, logX: true }),
    plot.line({ a: [0.1], b: [] }, { xLim: [0, 1], yLim: [0, 2] }),
    plot.scatter({ a: [[1, 2], [3, 4]] }), // biome-ignore format: points
    plot.histogram({ a: [1, 2, 2], b: [3] }, { logY: true }),
    plot.histogram([1, 2, 2], { logY: true, density: true }),
    plot.heatmap([[1, Number.NaN]]),
    plot.images(zeros(3, 2, 2), { titles: [1, 2, 3], rows: ['a', 'b'], title: 'three' }),
  ]
  for (const figure of [...figures, plot.subplots(figures, 3)]) expect(await figure.toSVG()).toMatch(/^<svg.*<\/svg>$/s)
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})

test('characters', () => {
  // Two characters are four dots wide and four high: a diagonal has one in each column.
  expect(braille([0, 1], { width: 5, height: 1 })).toBe(['1 ┤⡠⠊', '  └──', '   01'].join('\n'))
  expect(braille([1, Number.NaN, 1], { width: 7, height: 1 })).toBe(['1.5 ┤⠄⠠', '    └──', '     02'].join('\n'))
  const margins = braille([1, 10, 100], { width: 14, height: 3, logY: true }).split('\n')
  expect(margins.map(line => line.slice(0, 5))).toEqual(['100 ┤', '    │', '  1 ┤', '    └', '     '])
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  plot.print({ train: [1, 2], val: [2, 1] }, { width: 20, height: 1 })
  expect(log.mock.calls[0]![0]).toMatch(/train.*val\n/)
  log.mockRestore()
})

test('wrong calls', async () => {
  const calls: [() => unknown, string][] = [
    [() => plot.line(3 as never), 'line: expected numbers, or series of numbers by name, got a number'],
    [() => plot.line({}), 'line: there are no series to draw'],
    [() => plot.line([1, 'a'] as never), 'line: expected numbers, got a string at 1'],
    [() => plot.line([tensor(1)] as never), 'line: expected numbers, got a Tensor at 0; keep loss.item() instead'],
    [() => plot.line(zeros(2, 2)), 'line: expected a tensor of one dimension, got shape [2, 2]'],
    [() => plot.line({ a: { y: [1], x: [1, 2] } }), 'line: a: there are 2 x for 1 y'],
    [
      () => plot.line({ a: { y: [1], colour: 'red' } } as never),
      "line: a: unknown option 'colour'; did you mean 'color'?",
    ],
    [
      () => plot.line({ a: { y: [1], style: 'wavy' as never } }),
      "line: a: style must be 'solid', 'dashed', 'dotted', 'points': 'wavy'",
    ],
    [() => plot.line([1], { logy: true } as never), "line: unknown option 'logy'; did you mean 'logY'?"],
    [() => plot.line([1], { yLim: [1] as never }), 'line: yLim must be two numbers, from and to'],
    [() => plot.line([1], { width: 0 }), 'line: width must be a positive number: 0'],
    [() => plot.line([1], { theme: 'blue' as never }), "line: theme must be 'light' or 'dark': 'blue'"],
    [() => plot.scatter([1, 2, 3] as never), 'scatter: expected [x, y], got an array'],
    [() => plot.histogram([Number.NaN]), 'histogram: there are no numbers to draw'],
    [() => plot.histogram([1], { bins: 1.5 }), 'histogram: bins must be a positive integer: 1.5'],
    [() => plot.heatmap([[1, 2], [3]]), 'heatmap: rows differ in length: 2 and, at 1, 1'],
    [() => plot.heatmap(zeros(2)), 'heatmap: expected a tensor of two dimensions, got shape [2]'],
    [() => plot.heatmap([]), 'heatmap: there are no numbers to draw'],
    [() => plot.heatmap([[1, 2]], { columns: ['a'] }), 'heatmap: there are 1 names for 2 columns'],
    [
      () => plot.heatmap(zeros(300, 300)),
      'heatmap: 300 x 300 cells are too many to tell apart; plot.images draws pixels',
    ],
    [() => plot.images(zeros(2)), 'images: expected shape [N, C, H, W] or [N, H, W], got [2]'],
    [
      () => plot.images([zeros(2, 3, 3)]),
      'images: expected [H, W], or [C, H, W] of 1, 3 or 4 channels, got shape [2, 3, 3]',
    ],
    [() => plot.images([zeros(2, 3), zeros(3, 3)]), 'images: expected pictures of one size; resize them first'],
    [() => plot.images([]), 'images: there are no pictures to draw'],
    [() => plot.images(zeros(2, 2, 2), { titles: ['a'] }), 'images: there are 1 titles for 2'],
    [() => plot.subplots([]), 'subplots: there are no plots to draw'],
    [() => plot.subplots([3] as never), 'subplots: expected a plot, got a number'],
    [() => plot.print([]), 'print: there are no numbers to draw'],
    [() => plot.print([1], { width: 0 }), 'print: width must be a positive integer: 0'],
  ]
  for (const [call, message] of calls) expect(call).toThrow(message)
  await expect(plot.line([1]).save('a.gif')).rejects.toThrow(
    "save: 'a.gif' cannot be written: the name must end in .svg, .png or .json",
  )
  await expect(plot.line([1]).save(join(folder, 'none/a.svg'))).rejects.toThrow('ENOENT')
})
