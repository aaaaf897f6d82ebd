// Graphs against torchviz's own text (test/golden/pictures.json), which has its addresses numbered as they appear; and
// the pictures that become of the text.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { manualSeed, nn, ones, rand, randn, type Tensor, zeros } from '../../src/index.ts'
import { type Dot, makeDot } from '../../src/viz/index.ts'

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

const graphs: Record<string, (showSaved: boolean) => Dot> = {
  yhat: showSaved => makeDot(yhat, { showSaved }),
  error: showSaved => makeDot(error, { showSaved }),
  loss: showSaved => makeDot(loss, { params: { a, b }, showSaved }),
  without: showSaved => makeDot(randn(1).add(b.mul(x)), { showSaved }),
  nonsensical: showSaved => makeDot(nonsensical, { showSaved }),
  both: showSaved => makeDot([yhat, loss], { showSaved }),
  mlp: showSaved => {
    const output = nn.functional.mseLoss(mlp(rand(5, 4)), rand(5, 3))
    return makeDot(output, { params: mlp.namedParameters(), showSaved })
  },
  long: showSaved => makeDot(long(rand(2, 8)), { params: new Map(long.namedParameters()), showSaved }),
}

test.each(Object.keys(graphs))("%s is torchviz's, statement by statement", name => {
  expect(numbered(graphs[name]!(false).source)).toBe(golden.graphs[name].source)
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
  expect(kept(graphs[name]!(true).source)).toEqual(golden.graphs[name].saved)
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
    [() => makeDot(loss, { showSaved: 1 as never }), 'makeDot: showSaved: expected true or false, got a number'],
  ]
  for (const [call, message] of calls) expect(call).toThrow(message)
  await expect(makeDot(loss).render('loss.pdf')).rejects.toThrow(
    "render: 'loss.pdf' cannot be written: the name must end in .svg, .png, .dot or .gv",
  )
  expect(() => makeDot(loss).render(3 as never)).toThrow('render: expected the path of a file, got a number')
})
