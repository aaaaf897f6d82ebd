// Graphs against torchviz's own text (test/golden/pictures.json), which has its addresses numbered as they appear; and
// the pictures that become of the text.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cat, manualSeed, nn, ones, rand, randn, type Tensor, tensor, where, zeros } from '../../src/index.ts'
import { type Dot, type DotOptions, makeDot } from '../../src/viz/index.ts'

const golden = JSON.parse(readFileSync(new URL('../golden/pictures.json', import.meta.url), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'dtrain-dot-'))
afterAll(() => rmSync(folder, { recursive: true }))

manualSeed(1)
const [x, y] = [rand(80, 1), rand(80, 1)]
const a = randn(1, { requiresGrad: true })
const b = randn(1, { requiresGrad: true })
const yhat = a.add(b.mul(x))
const error = y.sub(yhat)
const loss = error.pow(2).mean()
const error2 = y.sub(b.mul(x))
const nonsensical = y.sub(yhat).pow(2).mean().add(error2.mean())
const mlp = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 3))
const long = new nn.Sequential(
  ...Array.from({ length: 12 }, () => new nn.Sequential(new nn.Linear(8, 8), new nn.ReLU())),
)

type Show = Pick<DotOptions, 'showSaved' | 'showAttrs' | 'maxAttrChars'>

const graphs: Record<string, (show: Show) => Dot> = {
  yhat: show => makeDot(yhat, show),
  error: show => makeDot(error, show),
  loss: show => makeDot(loss, { params: { a, b }, ...show }),
  without: show => makeDot(randn(1).add(b.mul(x)), show),
  nonsensical: show => makeDot(nonsensical, show),
  both: show => makeDot([yhat, loss], show),
  mlp: show => {
    const output = nn.functional.mseLoss(mlp(rand(5, 4)), rand(5, 3))
    return makeDot(output, { params: mlp.namedParameters(), ...show })
  },
  long: show => makeDot(long(rand(2, 8)), { params: new Map(long.namedParameters()), ...show }),
}

test.each(Object.keys(graphs))("%s is torchviz's, statement by statement", name => {
  expect(numbered(graphs[name]!({}).source)).toBe(golden.graphs[name].source)
  expect(numbered(graphs[name]!({ showAttrs: true }).source)).toBe(golden.graphs[name].attrs)
})

/** torchviz's numbers are in the order of their first appearance. */
function numbered(source: string): string {
  const numbers = new Map<string, number>()
  return source.replace(/(?<=\t|-> )\d+/g, id => {
    if (!numbers.has(id)) numbers.set(id, numbers.size)
    return String(numbers.get(id))
  })
}

test.each(['yhat', 'error', 'loss', 'without', 'nonsensical'])('%s has kept what PyTorch keeps', name => {
  expect(kept(graphs[name]!({ showSaved: true }).source)).toEqual(golden.graphs[name].saved)
})

/** [name of the op, shape] of each orange box. */
function kept(source: string): [string, number[]][] {
  const names = new Map([...source.matchAll(/^\t(\d+) \[label=(\w+)\]$/gm)].map(([, id, name]) => [id, name!]))
  const shapes = new Map(
    [...source.matchAll(/^\t(\d+) \[label="[^(]*\(([^)]*)\)" fillcolor=orange\]$/gm)].map(it => [it[1], it[2]!]),
  )
  const edges = [...source.matchAll(/^\t(\d+) -> (\d+) \[dir=none\]$/gm)]
  expect(edges).toHaveLength(shapes.size)
  return edges
    .map(([, op, box]): [string, number[]] => [names.get(op)!, shapes.get(box)!.split(', ').map(Number)])
    .sort(([p], [q]) => (p < q ? -1 : 1))
}

const [v, w] = [rand(3, 4, { requiresGrad: true }), rand(3, 4, { requiresGrad: true })]
const batch = rand(2, 3, 4, { requiresGrad: true })
const [images, kernels] = [rand(2, 2, 6, 6, { requiresGrad: true }), rand(3, 2, 3, 3, { requiresGrad: true })]
const rows = tensor([0n, 2n])
const { functional: F } = nn

const made: Record<string, Tensor> = {
  add: v.add(w, { alpha: 2 }),
  sub: v.sub(w),
  mul: v.mul(w),
  'mul by a number': v.mul(3),
  div: v.div(w),
  pow: v.pow(3),
  'pow of two': v.pow(w),
  maximum: v.maximum(w),
  exp: v.exp(),
  log: v.log(),
  neg: v.neg(),
  relu: v.relu(),
  leakyRelu: F.leakyRelu(v, 0.25),
  prelu: F.prelu(v, rand(1, { requiresGrad: true })),
  gelu: F.gelu(v, { approximate: 'tanh' }),
  softplus: F.softplus(v, 2, { threshold: 10 }),
  hardtanh: F.hardtanh(v),
  sum: v.sum(),
  'sum of rows': v.sum(1),
  mean: v.mean(),
  'mean of rows': v.mean(1),
  prod: v.prod(),
  cumsum: v.cumsum(1),
  max: v.max(),
  'max of rows': v.max(1).values,
  var: v.var(1),
  norm: v.norm(),
  softmax: v.softmax(1),
  logSoftmax: F.logSoftmax(v, 1),
  mm: v.matmul(w.detach().t()),
  linear: F.linear(v, rand(5, 4), rand(5)),
  conv2d: F.conv2d(images, kernels, { padding: [1, 0], stride: 2 }),
  maxPool2d: F.maxPool2d(images, 2),
  view: v.view(2, 6),
  permute: images.permute(0, 2, 3, 1),
  transpose: batch.transpose(0, 2),
  t: v.t(),
  expand: v.unsqueeze(0).expand(5, 3, 4),
  slice: v.narrow(1, 1, 2),
  select: v.select(0, 1),
  squeeze: batch.squeeze(),
  unsqueeze: v.unsqueeze(1),
  clone: v.clone(),
  cat: cat([v, w], 1),
  indexSelect: v.indexSelect(0, rows),
  gather: v.gather(0, rows.view(1, 2)),
  where: where(v.gt(0.5), v, w),
  maskedFill: v.maskedFill(v.gt(0.5), 0),
  clamp: v.clamp(0.25, { max: 0.5 }),
  tril: v.tril(),
  mseLoss: F.mseLoss(v, w),
  huberLoss: F.huberLoss(v, w.detach(), { reduction: 'sum' }),
  smoothL1Loss: F.smoothL1Loss(v, w, { beta: 0.5 }),
  binaryCrossEntropyWithLogits: F.binaryCrossEntropyWithLogits(v, rand(3, 4)),
  nllLoss: F.nllLoss(v, tensor([0n, 1n, 2n])),
}

const gone = undefined
/** What dtrain keeps in another way: what it says in place of PyTorch's attributes. */
const unlike: Record<string, Record<string, string | undefined>> = {
  'mul by a number': { other: '3' },
  hardtanh: { self: gone, result: '[saved tensor]' },
  'sum of rows': { keepdim: gone },
  'mean of rows': { keepdim: gone },
  prod: { result: gone },
  'max of rows': { keepdim: gone },
  var: { correction: gone, keepdim: gone },
  norm: { keepdim: gone },
  conv2d: { bias_sym_sizes_opt: gone, output_padding: gone, transposed: gone },
  maxPool2d: {
    ...{ ceil_mode: gone, dilation: gone, kernel_size: gone, padding: gone, stride: gone, self: gone },
    self_sym_sizes: '(2, 2, 6, 6)',
  },
  gather: { self: gone, sparse_grad: gone },
  nllLoss: { ignore_index: '-100', self: gone, total_weight: gone },
}

test.each(Object.keys(golden.attributes))('the attributes of %s', name => {
  const { source } = makeDot(made[name]!, { showAttrs: true })
  const [, text = ''] = new RegExp(`label="${made[name]!.gradFn!.name}\\n-+\\n([^"]*)"`).exec(source) ?? []
  const rows = text.split('\n').filter(row => row !== '')
  const shown = Object.fromEntries(rows.map(row => row.split(':').map(part => part.trim())))
  expect(shown).toEqual(JSON.parse(JSON.stringify({ ...golden.attributes[name], ...unlike[name] })))
})

test('long attributes are cut', () => {
  const { source } = graphs.loss!({ showAttrs: true, maxAttrChars: 5 })
  expect(source).toContain('exponent:     2\nself    : [s...')
  expect(graphs.loss!({ showAttrs: true, maxAttrChars: 0 }).source).toContain('exponent:   2\nself    : ...')
})

test('a look at what ops have kept changes no gradient and frees no graph', () => {
  const output = a.mul(b).exp()
  makeDot(output, { showSaved: true })
  expect([a.grad, b.grad]).toEqual([null, null])
  output.backward()
  expect(a.grad!.item()).toBeCloseTo(b.item() * output.item(), 5)
  a.grad = null
  b.grad = null
})

test('a node knows its leaf, and is told from others by its id', () => {
  const node = b.mul(2).gradFn!
  const again = b.mul(3).gradFn!
  const [[accumulator], [other]] = [node.nextFunctions[0]!, again.nextFunctions[0]!]
  expect([node.variable, accumulator!.variable!.item()]).toEqual([null, b.item()])
  expect(accumulator!.id).toBe(other!.id)
  expect(node.id).not.toBe(again.id)
})

test('names come from params, and a leaf can be an output', () => {
  expect(makeDot(b, { params: { 'the "b"': b } }).source).toContain(
    '[label="the \\"b\\"\n (1)" fillcolor=darkolivegreen1]',
  )
  expect(makeDot(b.mul(2), { params: [['slope', b]] }).source).toContain('[label="slope\n (1)" fillcolor=lightblue]')
  expect(makeDot(zeros(2)).source).toContain('0 [label="\n (2)" fillcolor=darkolivegreen1]')
})

test('a graph may be longer than the stack', () => {
  let output: Tensor = ones(1, { requiresGrad: true })
  for (let i = 0; i < 20_000; i++) output = output.neg()
  expect(makeDot(output).source.match(/NegBackward0/g)).toHaveLength(20_000)
})

test('files are SVG, PNG and text', async () => {
  const dot = makeDot(loss, { params: { a, b } })
  for (const name of ['loss.svg', 'loss.PNG', 'loss.dot', 'loss.gv']) await dot.render(join(folder, name))
  const svg = readFileSync(join(folder, 'loss.svg'), 'utf8')
  expect(svg).toMatch(/<svg.*MeanBackward0.*<\/svg>/s)
  expect(readFileSync(join(folder, 'loss.PNG')).subarray(1, 4).toString()).toBe('PNG')
  expect(readFileSync(join(folder, 'loss.gv'), 'utf8')).toBe(String(dot))
  expect(readdirSync(folder).sort()).toEqual(['loss.PNG', 'loss.dot', 'loss.gv', 'loss.svg'])
})

test('wrong calls', async () => {
  const calls: [() => unknown, string][] = [
    [() => makeDot(3 as never), 'makeDot: expected a tensor or an array of tensors, got a number'],
    [() => makeDot([3] as never), 'makeDot: expected a tensor, got a number'],
    [() => makeDot(loss, { param: { a } } as never), "makeDot: unknown option 'param'; did you mean 'params'?"],
    [() => makeDot(loss, { params: 3 as never }), 'makeDot: params: expected tensors by name, got a number'],
    [() => makeDot(loss, { params: { a: 3 as never } }), 'makeDot: params: a: expected a tensor, got a number'],
    [() => makeDot(loss, { showAttrs: 1 as never }), 'makeDot: showAttrs: expected true or false, got a number'],
    [() => makeDot(loss, { maxAttrChars: '9' as never }), 'makeDot: maxAttrChars: expected an integer, got a string'],
    [() => makeDot(loss, { showSaved: 1 as never }), 'makeDot: showSaved: expected true or false, got a number'],
  ]
  for (const [call, message] of calls) expect(call).toThrow(message)
  await expect(makeDot(loss).render('loss.pdf')).rejects.toThrow(
    "render: 'loss.pdf' cannot be written: the name must end in .svg, .png, .dot or .gv",
  )
  expect(() => makeDot(loss).render(3 as never)).toThrow('render: expected the path of a file, got a number')
})
