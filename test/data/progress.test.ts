// The progress bar: what is written where, and that nothing is written where nobody looks.
import { afterEach, expect, test, vi } from 'vitest'
import {
  Accuracy,
  Average,
  arange,
  DataLoader,
  type ProgressOptions,
  progress,
  TensorDataset,
} from '../../src/index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** Everything written to stderr while going through three items, each taking 60 ms of pretended time. */
function written(options: ProgressOptions, iterable: Iterable<number> = [1, 2, 3]): string {
  let now = 1000
  let text = ''
  vi.spyOn(Date, 'now').mockImplementation(() => now)
  vi.spyOn(process.stderr, 'write').mockImplementation(chunk => {
    text += chunk
    return true
  })
  const items: number[] = []
  for (const item of progress(iterable, options)) {
    items.push(item)
    now += 60
  }
  expect(items).toEqual([1, 2, 3])
  return text
}

test('under the launcher rank 0 writes live lines, at most ten a second, and a blank one at the end', () => {
  vi.stubEnv('WORLD_SIZE', '2')
  vi.stubEnv('RANK', '0')
  const empty = '─'.repeat(24)
  const done = `${'━'.repeat(16)}${'─'.repeat(8)}`
  expect(written({ label: 'epoch 1', status: () => 'loss 0.5' })).toBe(
    `epoch 1 ${empty} 0/3 0s loss 0.5\repoch 1 ${done} 2/3 1s loss 0.5\r \r`,
  )
})

test('metrics stand after the bar as they are when it is drawn, before the status', () => {
  vi.stubEnv('WORLD_SIZE', '1')
  const [loss, accuracy] = [new Average(), new Accuracy()]
  function* batches() {
    for (const value of [1, 2, 3]) {
      yield value
      loss.update(value)
    }
  }
  const text = written({ total: 3, metrics: { loss, accuracy }, status: () => 'lr 0.1' }, batches())
  expect(text).toContain(' 0/3 0s loss –, accuracy –, lr 0.1\r')
  expect(text).toContain(' 2/3 1s loss 1.5000, accuracy –, lr 0.1\r')
})

test('other ranks write nothing', () => {
  vi.stubEnv('WORLD_SIZE', '2')
  vi.stubEnv('RANK', '1')
  expect(written({})).toBe('')
})

test('without a length only the count is shown', () => {
  vi.stubEnv('WORLD_SIZE', '1')
  const iterable = {
    *[Symbol.iterator]() {
      yield* [1, 2, 3]
    },
  }
  expect(written({}, iterable)).toBe('0\r2\r \r')
  expect(written({ total: 4 }, iterable)).toContain(' 2/4 ')
})

test('into a file nothing is written, on a terminal the line is wiped at the end', () => {
  vi.stubEnv('WORLD_SIZE', '')
  const { isTTY } = process.stderr
  try {
    process.stderr.isTTY = false
    expect(written({})).toBe('')
    process.stderr.isTTY = true
    const text = written({ label: 'x' })
    expect(text.startsWith('\r\x1b[2Kx ')).toBe(true)
    expect(text.endsWith('\r\x1b[2K ')).toBe(true)
  } finally {
    process.stderr.isTTY = isTTY
  }
})

test('what comes later is gone through by for await', async () => {
  vi.stubEnv('WORLD_SIZE', '1')
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  async function* later() {
    yield* [1, 2]
  }
  const seen: number[] = []
  for await (const item of progress(later(), { label: 'a', total: 2 })) seen.push(item)
  for await (const x of progress(new DataLoader(new TensorDataset(arange(2))), 'b')) seen.push(x[0].item())
  expect(seen).toEqual([1, 2, 0, 1])
  const lines = write.mock.calls.map(([text]) => String(text).replaceAll('─', ''))
  expect(lines).toEqual(['a  0/2 0s\r', ' \r', 'b  0/2 0s\r', ' \r'])
})
