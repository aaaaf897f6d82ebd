// Streams, events, memory and random numbers of CUDA devices.

import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import {
  ArgumentError,
  cuda,
  Generator,
  manualSeed,
  ones,
  rand,
  randint,
  randn,
  randperm,
  zeros,
} from '../../src/index.ts'
import { requireEmulation } from '../support/gpus.ts'

describe('streams', () => {
  test('work of a side stream is ordered by events', () => {
    const side = new cuda.Stream()
    const x = ones(1000, { device: 'cuda' })
    for (let i = 0; i < 20; i++) x.add_(1)
    side.waitStream(cuda.currentStream())
    const y = cuda.stream(side, () => {
      expect(cuda.currentStream()).toBe(side)
      return x.mul(2)
    })
    expect(cuda.currentStream()).not.toBe(side)
    cuda.currentStream().waitStream(side)
    expect(y.sum().item()).toBe(42_000)
  })

  test('query and synchronize', () => {
    const side = new cuda.Stream({ priority: -1 })
    cuda.stream(side, () => zeros(10, { device: 'cuda' }).add_(1))
    side.synchronize()
    expect(side.query()).toBe(true)
    expect(side.device).toBe('cuda:0')
  })

  test('the current stream comes back after an exception', () => {
    const before = cuda.currentStream()
    expect(() =>
      cuda.stream(new cuda.Stream(), () => {
        throw new Error('inside')
      }),
    ).toThrow('inside')
    expect(cuda.currentStream().handle).toEqual(before.handle)
  })

  test('memory used by another stream is not reused before that stream is done', () => {
    const side = new cuda.Stream()
    for (let round = 0; round < 20; round++) {
      const x = ones(10_000, { device: 'cuda' }).mul_(round)
      side.waitStream(cuda.currentStream())
      const y = cuda.stream(side, () => {
        for (let i = 0; i < 5; i++) zeros(10_000, { device: 'cuda' })
        return x.mul(3)
      })
      cuda.recordStream(x, side)
      x.dispose()
      zeros(10_000, { device: 'cuda' }).add_(-1) // would overwrite x
      side.synchronize()
      expect(y.sum().item()).toBe(30_000 * round)
    }
  })

  test('events measure time and say when they are reached', () => {
    const [start, end] = [new cuda.Event({ enableTiming: true }), new cuda.Event({ enableTiming: true })]
    start.record()
    for (let i = 0; i < 10; i++) ones(1000, { device: 'cuda' }).add_(1)
    end.record()
    end.synchronize()
    expect(end.query()).toBe(true)
    expect(start.elapsedTime(end)).toBeGreaterThan(0)
    const never = new cuda.Event({ enableTiming: true })
    expect(never.query()).toBe(true)
    expect(() => start.elapsedTime(never)).toThrow('elapsedTime: both events must have been recorded')
  })
})

describe('memory', () => {
  test('is counted per device, apart from the CPU', () => {
    for (const size of [1 << 21, 1]) zeros(size, { device: 'cuda' }).dispose() // garbage of others goes now
    const before = cuda.memoryAllocated()
    const x = zeros(1 << 18, { device: 'cuda' })
    expect(cuda.memoryAllocated() - before).toBe(1 << 20)
    expect(cuda.maxMemoryAllocated()).toBeGreaterThanOrEqual(before + (1 << 20))
    x.dispose()
    expect(cuda.memoryAllocated()).toBe(before)
    cuda.emptyCache()
    expect(cuda.memoryStats().cached).toBe(0)
  })

  test('runs out with a sentence that names the device, and there is room again afterwards', () => {
    const { totalMemory } = cuda.deviceProperties()
    expect(() => zeros(totalMemory / 4 + 1, { device: 'cuda' })).toThrow(
      /^zeros: out of memory on cuda:0: \d+ bytes wanted/,
    )
    expect(zeros(1000, { device: 'cuda' }).sum().item()).toBe(0)
  })
})

test("'cuda' means the stream's device meanwhile", ({ skip }) => {
  if (cuda.deviceCount() < 2) skip('needs two devices')
  const there = new cuda.Stream({ device: 'cuda:1' })
  expect(cuda.stream(there, () => [ones(1, { device: 'cuda' }).device, cuda.currentDevice()])).toEqual(['cuda:1', 1])
  const fails = () => {
    throw new RangeError('enough')
  }
  expect(() => cuda.stream(there, fails)).toThrow('enough')
  expect([ones(1, { device: 'cuda' }).device, cuda.currentDevice()]).toEqual(['cuda:0', 0])
  expect(() => cuda.stream(3 as never, () => {})).toThrow('stream: expected a stream, got a number')
})

test('options of streams and events', () => {
  const stream = new cuda.Stream('cuda:0', { priority: -1 })
  const event = new cuda.Event(true)
  event.record({ stream })
  event.wait(stream)
  expect(stream.recordEvent({ event })).toBe(event)
  const not = (value: unknown) => value as never
  const refused: [() => unknown, string][] = [
    [() => new cuda.Stream(not({ prio: -1 })), "Stream: unknown option 'prio'; it has device, priority"],
    [() => new cuda.Event(not({ timing: true })), "Event: unknown option 'timing'; it has enableTiming, device"],
    [() => event.record(not({ streams: stream })), "record: unknown option 'streams'; did you mean 'stream'?"],
    [() => event.wait(stream, ...(not([stream]) as [])), 'wait: expected at most 1 argument, got 2'],
    [() => stream.recordEvent(not({ evt: event })), "recordEvent: unknown option 'evt'; it has event"],
  ]
  for (const [call, text] of refused) expect(call).toThrow(new ArgumentError(text))
})

test('a lost device is an error, and letting go of its tensors is none', context => {
  requireEmulation(context)
  const script = `
    import { cuda, zeros } from ${JSON.stringify(new URL('../../dist/src/index.js', import.meta.url))}
    const side = new cuda.Stream()
    const x = zeros(10, { device: 'cuda' })
    cuda.recordStream(x, side)
    try {
      cuda.synchronize()
    } catch (e) {
      console.log(e.message)
    }
    x.dispose()
    console.log('alive')`
  const env = { ...process.env, DTRAIN_EMULATION_FAULT: 'launch' }
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/unspecified launch failure[\s\S]*alive/)
  expect(status).toBe(0)
})

describe('random numbers', () => {
  test('the same seed gives the same numbers, and goes on', () => {
    const draw = () => [rand(5, { device: 'cuda' }), randn(5, { device: 'cuda' })].map(x => x.toArray())
    manualSeed(7)
    const first = draw()
    const second = draw()
    manualSeed(7)
    expect([draw(), draw()]).toEqual([first, second])
    expect(second).not.toEqual(first)
  })

  test('a generator has a state of 16 bytes', () => {
    const generator = new Generator({ device: 'cuda' }).manualSeed(3)
    rand(10, { device: 'cuda', generator })
    const state = generator.getState()
    expect(state.length).toBe(16)
    const next = rand(10, { device: 'cuda', generator }).toArray()
    expect(
      rand(10, { device: 'cuda', generator: new Generator({ device: 'cuda' }).setState(state) }).toArray(),
    ).toEqual(next)
    expect(generator.initialSeed()).toBe(3)
  })

  test('so has the default one of each device', () => {
    manualSeed(3)
    rand(10, { device: 'cuda' })
    const state = cuda.getRngState()
    const next = rand(10, { device: 'cuda' }).toArray()
    manualSeed(4)
    cuda.setRngState(state, { device: 0 })
    expect(rand(10, { device: 'cuda' }).toArray()).toEqual(next)
    expect(() => cuda.setRngState(state, 'cpu')).toThrow('setRngState: expected a CUDA device')
  })

  test('a generator of another device is refused', () => {
    expect(() => rand(2, { device: 'cuda', generator: new Generator() })).toThrow(
      'rand: the generator is for cpu, the tensor is on cuda:0; make one with new Generator({ device })',
    )
  })

  test('are distributed as they should be', () => {
    const n = 100_000
    const u = rand(n, { device: 'cuda' }).cpu()
    expect(u.toTypedArray().every(v => Number(v) >= 0 && Number(v) < 1)).toBe(true)
    expect(u.mean().item()).toBeCloseTo(0.5, 2)
    const z = randn(n, { device: 'cuda' }).cpu()
    expect(z.mean().item()).toBeCloseTo(0, 1)
    expect(z.mul(z).mean().item()).toBeCloseTo(1, 1)
    const counts = new Array(5).fill(0)
    for (const v of randint(5, [n], { device: 'cuda' }).toTypedArray()) counts[Number(v)]++
    for (const count of counts) expect(count / n).toBeCloseTo(0.2, 1)
    const order = randperm(1000, { device: 'cuda' }).toTypedArray() as BigInt64Array
    expect(order).not.toEqual(BigInt64Array.from(order).sort())
    expect(BigInt64Array.from(order).sort()).toEqual(BigInt64Array.from({ length: 1000 }, (_, i) => BigInt(i)))
  })
})
