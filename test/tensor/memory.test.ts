// When native memory is freed: by tidy, by dispose, and by collections that dtrain asks for when the budget is spent.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, expect, test, vi } from 'vitest'
import {
  ArgumentError,
  keep,
  memoryStats,
  nn,
  OutOfMemoryError,
  ones,
  setMemoryBudget,
  type Tensor,
  tidy,
  zeros,
} from '../../src/index.ts'
import { memoryBudget, parseBytes } from '../../src/native/budget.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

beforeEach(() => collect())

/** How much more is live after `fn` than before. */
function growth(fn: () => unknown): number {
  const before = memoryStats().live
  fn()
  return memoryStats().live - before
}

const kib = (n: number) => zeros(n * 256)

test('tidy frees what is not returned', () => {
  let result: Tensor | undefined
  expect(growth(() => (result = tidy(() => kib(4).add(kib(4)).mul(2))))).toBe(4096)
  expect(growth(() => result!.dispose())).toBe(-4096)
  expect(growth(() => tidy(() => kib(4).sum().item()))).toBe(0)
})

test('tidy keeps tensors in arrays, maps and objects, and those passed to keep', () => {
  let kept: Tensor | undefined
  const result = tidy(() => {
    kept = keep(ones(1))
    return { list: [ones(1)], map: new Map([['x', ones(1)]]), rest: 3 }
  })
  expect([result.list[0]!.item(), result.map.get('x')!.item(), kept!.item()]).toEqual([1, 1, 1])
})

test('scopes nest: what an inner one returns belongs to the outer one', () => {
  let inner: Tensor | undefined
  tidy(() => {
    inner = tidy(() => ones(1))
    expect(inner.item()).toBe(1)
  })
  expect(() => inner!.item()).toThrow('disposed')
})

test('an exception frees everything, a promise is refused', () => {
  let lost: Tensor | undefined
  expect(() =>
    tidy(() => {
      lost = ones(1)
      throw new Error('mine')
    }),
  ).toThrow('mine')
  expect(() => lost!.item()).toThrow('disposed')
  expect(() => tidy(async () => ones(1))).toThrow(
    'tidy: the function must not be async; put tidy around the synchronous parts of it',
  )
})

test('parameters, gradients and momentum outlive the scope they appear in', () => {
  const layer = tidy(() => new nn.Linear(2, 2))
  tidy(() => layer(ones(1, 2)).sum().backward())
  expect(layer.weight.grad!.toArray()).toEqual([
    [1, 1],
    [1, 1],
  ])
})

test('a synchronous loop without tidy stays within the budget', () => {
  const { budget, live, minorCollections } = memoryStats()
  setMemoryBudget(live + 64 * 2 ** 20)
  try {
    for (let i = 0; i < 400; i++) kib(1024)
    expect(memoryStats().minorCollections).toBeGreaterThan(minorCollections)
    expect(memoryStats().live).toBeLessThanOrEqual(live + 64 * 2 ** 20)
    const held: Tensor[] = []
    expect(() => {
      for (let i = 0; i < 100; i++) held.push(kib(1024))
    }).toThrow(OutOfMemoryError)
  } finally {
    setMemoryBudget(budget)
  }
})

test('collected tensors are freed', () => {
  const before = memoryStats().wrappers
  for (let i = 0; i < 1000; i++) ones(1)
  collect()
  expect(memoryStats().wrappers - before).toBeLessThan(50)
})

test('the budget is given by the environment, or shared by the ranks of a machine', () => {
  expect(['4GiB', '1.5 mib', '1e6', '100'].map(parseBytes)).toEqual([4 * 2 ** 30, 1.5 * 2 ** 20, 1e6, 100])
  for (const text of ['', 'GiB', '4GB', '-1', '0']) expect(() => parseBytes(text)).toThrow(ArgumentError)
  try {
    vi.stubEnv('LOCAL_WORLD_SIZE', '4')
    expect(memoryBudget(800)).toBe(200)
    vi.stubEnv('DTRAIN_MEMORY_BUDGET', '1KiB')
    expect(memoryBudget(800)).toBe(1024)
  } finally {
    vi.unstubAllEnvs()
  }
})
