// What save writes, load gives back, in every format that can hold it; damaged files are refused or unharmed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DtrainError } from '../../src/errors.ts'
import { load, save } from '../../src/io/index.ts'
import { Linear } from '../../src/nn/index.ts'
import { Parameter } from '../../src/nn/module/parameter.ts'
import { SGD } from '../../src/optim/index.ts'
import { arange, dtypes, ones, type Tensor, tensor, zeros } from '../../src/tensor/index.ts'
import { plain } from './values.ts'

const scratch = mkdtempSync(join(tmpdir(), 'dtrain-files-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const x = arange(6, { dtype: 'float32' }).view(2, 3)

const model = new Linear(2, 1)
const optimizer = new SGD(model.parameters(), { lr: 0.5, momentum: 0.5 })
model.forward(ones(3, 2)).sum().backward()
optimizer.step()

const content = {
  dtypes: Object.fromEntries(dtypes.map(dtype => [dtype, tensor([1, 0, 3]).to(dtype)])),
  shared: [x, x.t(), x.index(1)],
  twice: [ones(2)].flatMap(one => [one, one]),
  scalar: tensor(2.5),
  empty: zeros(0, 3),
  turned: arange(6).view(2, 3).t(),
  parameter: new Parameter(ones(2)),
  frozen: new Parameter(ones(2), false),
  needsGrad: ones(1, { dtype: 'float64' }).requiresGrad_(),
  none: null,
  bools: [true, false],
  numbers: [0, 255, 256, -1, 2 ** 31, -(2 ** 40), 2 ** 53 - 1, 0.5, -0, 1e300, Infinity, -Infinity, NaN],
  integers: [2n ** 53n, -(2n ** 100n)],
  texts: ['', 'ä', '日本', 'x'.repeat(300), 'a\nb"\\'],
  bytes: new Uint8Array([0, 255, 10]),
  set: new Set([1, 2]),
  map: new Map<unknown, unknown>([[1, 'a'], ['1', 'b']]), // biome-ignore format: pairs
  nested: [[], {}, [{ a: [{}] }]],
  $odd: { $tensor: 1, __proto__: null },
  byNumber: { 0: { a: 1 }, 7: { b: 2 } },
  model: model.stateDict(),
  optimizer: optimizer.stateDict(),
}

test.each(['own.dtrain', 'own.safetensors', 'torch.pth', 'torch.pt'])('what save writes, load gives back: %s', name => {
  const path = join(scratch, name)
  save(content, path)
  for (const mmap of [false, true]) {
    const found = load<typeof content>(path, { mmap })
    expect(plain(found)).toEqual(plain(content))
    expect(Object.keys(found)).toEqual(Object.keys(content))
    const [first, turned, row] = found.shared as [Tensor, Tensor, Tensor]
    row.fill_(9)
    expect(first.index(1).toArray()).toEqual([9, 9, 9])
    expect(turned.stride()).toEqual([1, 3])
    found.twice[0]!.fill_(5)
    expect(found.twice[1]!.toArray()).toEqual([5, 5])
    expect(found.parameter).toBeInstanceOf(Parameter)
    new Linear(2, 1).loadStateDict(found.model)
    new SGD(new Linear(2, 1).parameters(), { lr: 1 }).loadStateDict(found.optimizer)
  }
})

test('what is written into a mapped tensor stays in the process', () => {
  const path = join(scratch, 'mapped.dtrain')
  save({ x }, path)
  load<{ x: Tensor }>(path, { mmap: true }).x.fill_(7)
  expect(plain(load(path))).toEqual(plain({ x }))
})

test('a view is written without the rest of its memory', () => {
  const path = join(scratch, 'view.pth')
  save({ row: zeros(10_000).index('3:5') }, path)
  expect(readFileSync(path).length).toBeLessThan(3000)
})

test('arrays of NumPy', () => {
  const path = join(scratch, 'x')
  const arrays = Object.fromEntries(dtypes.filter(d => d !== 'bfloat16').map(d => [d, tensor([[1, 0, 3]]).to(d)]))
  for (const one of [x, x.t(), tensor(2.5), zeros(0, 3), ...Object.values(arrays)]) {
    save(one, `${path}.npy`)
    expect(plain(load(`${path}.npy`))).toEqual(plain(one))
  }
  save(arrays, `${path}.npz`)
  expect(plain(load(`${path}.npz`))).toEqual(plain(arrays))
})

const inside: { itself?: unknown } = {}
inside.itself = [inside]

const refused: [value: unknown, name: string, message: string][] = [
  [{ model }, 'x', 'save: model is a Linear, which a file cannot hold; give it tensors'],
  [{ a: [() => 1] }, 'x.pth', 'save: a.0 is a function, which a file cannot hold; give it tensors'],
  [new Map([['when', new Date()]]), 'x', 'save: when is a Date, which a file cannot hold; give it tensors'],
  [new Float32Array(2), 'x', 'save: the value is a Float32Array, which a file cannot hold; give it tensors'],
  [inside, 'x', 'save: itself.0 contains itself'],
  [inside, 'x.pth', 'save: itself.0 contains itself'],
  [{ x }, 'x.npy', 'save: .npy: expected a tensor, got an object'],
  [x, 'x.npz', 'save: .npz: expected an object of tensors, got a Tensor'],
  [{ a: 1 }, 'x.npz', "save: .npz holds tensors by name, and 'a' is none"],
  [x.bfloat16(), 'x.npy', 'save: NumPy has no bfloat16; save x.float()'],
]

test.each(refused)('%o is refused as %s, and the old file stays', (value, name, message) => {
  const path = join(scratch, `old-${name}`)
  writeFileSync(path, 'old')
  expect(() => save(value as never, path)).toThrow(message)
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(scratch).filter(file => file.endsWith('.part'))).toEqual([])
})

// A damaged file must not become another value. Formats that have sums show every change of it; but some bytes of an
// archive mean nothing, such as the time of an entry.
test.each(['own.dtrain', 'torch.pth', 'arrays.npz'])('1,000 damages of %s', name => {
  const path = join(scratch, `damaged-${name}`)
  const value = name === 'arrays.npz' ? { x, y: arange(40) } : content
  save(value, path)
  const good = readFileSync(path)
  const want = JSON.stringify(plain(load(path)), text)
  damage(path, good, 1, 3, value => expect(JSON.stringify(value, text)).toBe(want))
})

// Formats of others without sums: an error or a tensor, never anything else.
test.each(['legacy.pth', 'tensors.safetensors', 'array.npy'])('1,000 damages of %s', name => {
  const good = readFileSync(new URL(`../golden/files/${name}`, import.meta.url))
  const path = join(scratch, `damaged-${name}`)
  damage(path, good, 7, 1, () => {})
})

/** NaN and infinities, which JSON has not. */
function text(_: string, value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (value instanceof Map || value instanceof Set) return [...value]
  return value instanceof Uint8Array ? [...value] : value
}

/** Loads a file with 1,000 damages in turn: it is refused, or `check` looks at what was in it. */
function damage(path: string, good: Buffer, seed: number, mostFlips: number, check: (value: unknown) => void): void {
  let state = seed
  const random = (below: number) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
  for (let i = 0; i < 1000; i++) {
    const bad = i % 4 === 0 ? good.subarray(0, random(good.length)) : Buffer.from(good)
    if (i % 4 !== 0)
      for (let flips = 1 + (i % mostFlips); flips > 0; flips--) bad[random(bad.length)]! ^= 1 << random(8)
    writeFileSync(path, bad)
    try {
      check(plain(load(path)))
    } catch (error) {
      if (!(error instanceof DtrainError)) throw error
    }
  }
}
