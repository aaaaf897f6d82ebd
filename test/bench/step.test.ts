// Steps from descriptions and traces, and the one sentence that says what is wrong with them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readStep } from '../../src/bench/step.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-steps-'))
afterAll(() => rmSync(home, { recursive: true }))

let files = 0
function write(content: unknown, path = join(home, `${files++}.json`)): string {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const near = (seconds: number) => expect.closeTo(seconds, 9)

test('a description, in milliseconds', () => {
  const file = write({
    ...{ name: 'mine', forward: 10, backward: 20, optimizer: 1, jitter: { sd: 0.02 }, alone: 30 },
    buckets: [{ bytes: 1048576, ready: 5 }],
  })
  expect(readStep(file)).toEqual({
    ...{ name: 'mine', forward: near(0.01), backward: near(0.02), optimizer: near(0.001), jitter: { sd: 0.02 } },
    ...{ buckets: [{ bytes: 1048576, ready: near(0.005) }], alone: near(0.03) },
  })
})

test('what a description may leave out', () => {
  const file = write({ forward: 1, backward: 2, buckets: [{ bytes: 8, ready: 2 }] })
  expect(readStep(file)).toMatchObject({ name: file, optimizer: 0, jitter: { sd: 0 } })
})

interface Times {
  /** Milliseconds, from the start of the trace. */
  backward: [begin: number, end: number]
  buckets: [ready: number, begin: number, end: number, bytes: number][]
  optimizer: [begin: number, end: number]
  others?: [begin: number, end: number][]
}

/** As native/core/trace.cc writes them. */
function trace(rank: number, steps: Times[]) {
  const span = (name: string, [begin, end]: readonly number[], args: object, tid: number) => {
    return { ph: 'X', pid: rank, tid, name, ts: 4.2e10 + 1000 * begin!, dur: 1000 * (end! - begin!), args }
  }
  const moment = (name: string, at: number, bytes: number) => {
    const { dur: _, ...event } = span(name, [at, at], { bytes }, 0)
    return { ...event, ph: 'i', s: 't' }
  }
  const spans = steps.flatMap(({ backward, buckets, optimizer, others = [] }, i) => [
    ...others.map(times => span('allGather #16 uint8 [8192]', times, { bytes: 8192 }, 2)),
    span('forward', [backward[0] - 8, backward[0] - 1], {}, 0),
    moment('allocated', backward[0], 3000 + 700 * i),
    span('backward', backward, {}, 0),
    ...buckets.map(([ready, , , bytes], b) => moment(`ready ${b}`, ready, bytes)),
    ...buckets.map(([, begin, end, bytes], b) => span(`bucket ${b}`, [begin, end], { bytes }, 2)),
    ...buckets.map(([, , end], b) => span(`waiting ${b}`, [backward[1], end], {}, 0)),
    span('optimizer', optimizer, {}, 0),
    span('step', [backward[0] - 10, optimizer[1]], {}, 3),
  ])
  const names = { ph: 'M', pid: rank, name: 'process_name', args: { name: `rank ${rank}` } }
  return { displayTimeUnit: 'ms', otherData: { droppedSpans: 0 }, traceEvents: [names, ...spans] }
}

/**
 * Steps of 40 ms: 1 ms of a collective and 9 of forward, 20 of backward with buckets ready after 5 and 19, the last of
 * which takes 7 ms more, and 1 ms of the optimizer; 1 ms between two of them.
 */
const steps = (count: number, slow = 0) =>
  Array.from({ length: count }, (_, i): Times => {
    const start = 40 * i + (i > 1 ? slow : 0)
    return {
      backward: [start + 10, start + 30],
      buckets: [
        [start + 15, start + 16, start + 18, 1000],
        [start + 29, start + 30.1, start + 38, 500],
      ],
      optimizer: [start + 38, start + 39],
      others: [[start + 4, start + 5]],
    }
  })

test('a trace', () => {
  expect(readStep(write(trace(0, steps(6))))).toMatchObject({
    ...{ forward: near(0.01), backward: near(0.02), optimizer: near(0.001) },
    buckets: [
      { bytes: 1000, ready: near(0.005) },
      { bytes: 500, ready: near(0.019) },
    ],
    activations: 700,
    jitter: { samples: Array(5).fill(near(1)) },
  })
})

test('a folder of traces has the jitter of all ranks, without what is no step', () => {
  const folder = join(home, 'traces')
  mkdirSync(folder)
  write(trace(0, steps(6)), join(folder, 'rank-0.json'))
  write(trace(1, steps(6, 6.2)), join(folder, 'rank-1.json')) // its second step is 6.2 ms late
  write('', join(folder, 'notes.txt'))
  const slow = near(37.2 / 31)
  const late = readStep(folder).jitter
  expect(late).toEqual({ samples: [...Array(6).fill(near(1)), slow, near(1), near(1), near(1)] })

  write(trace(1, steps(6, 100)), join(folder, 'rank-1.json')) // an evaluation
  expect(readStep(folder).jitter).toEqual({ samples: Array(9).fill(near(1)) })
})

test('buckets that were made anew count only as they are at the end', () => {
  const all = steps(6)
  all[1]!.buckets = [[69, 70.1, 78, 1500]]
  const { buckets, jitter } = readStep(write(trace(0, all)))
  expect(buckets.map(({ bytes }) => bytes)).toEqual([1000, 500])
  expect(jitter).toMatchObject({ samples: { length: 4 } })
})

const good = { forward: 1, backward: 2, buckets: [{ bytes: 8, ready: 2 }] }
const bad: [name: string, content: unknown, message: string][] = [
  ['no JSON', '{', 'not JSON: '],
  ['no object', '3', 'expected an object'],
  ['a slip', { ...good, fordward: 1 }, "unknown field 'fordward'; did you mean 'forward'?"],
  ['a field too many', { ...good, epochs: 1 }, "unknown field 'epochs'; it has name, forward, backward, "],
  ['a negative time', { ...good, forward: -1 }, 'forward must be a number that is not negative, got -1'],
  ['no time', { ...good, backward: undefined }, 'backward must be a number that is not negative, got undefined'],
  ['no buckets', { ...good, buckets: [] }, 'buckets must be a list that is not empty'],
  ['a bucket without bytes', { ...good, buckets: [{ ready: 1 }] }, 'bytes of bucket 0 must be a number that is not'],
  ['a late bucket', { ...good, buckets: [{ bytes: 8, ready: 3 }] }, 'bucket 0 is ready after 3 ms, but backward ends'],
  ['no samples', { ...good, jitter: { samples: [] } }, 'samples of jitter must be a list that is not empty'],
  ['a trace without a wrapper', trace(0, []), 'the trace has no bucket of gradients; trace a program that trains with'],
  ['a short trace', trace(0, steps(3)), 'the trace has 2 steps that are alike, expected at least 3'],
]

test.each(bad)('%s', (_, content, message) => {
  const file = write(content)
  expect(() => readStep(file)).toThrow(`--step '${file}': ${message}`)
})

test('names', () => {
  expect(readStep('vgg16-p100').name).toBe('vgg16-p100')
  const message = "--step 'resnet50-v10': neither a preset nor a file; did you mean 'resnet50-v100'?"
  expect(() => readStep('resnet50-v10')).toThrow(message)
  expect(() => readStep('nothing')).toThrow('neither a preset nor a file; presets are resnet50-v100, ')
  expect(() => readStep(import.meta.dirname)).toThrow('the folder has no rank-N.json')
})
