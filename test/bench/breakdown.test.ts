// Where the time of a step goes, against steps worked out by hand.
import { expect, test } from 'vitest'
import { breakdown } from '../../src/bench/scaling/breakdown.ts'

type Event = [tid: number, name: string, begin: number, end: number, bytes?: number]

/** As native/core/trace.cc writes them; times in milliseconds. */
function trace(events: Event[]) {
  const traceEvents = events.map(([tid, name, begin, end, bytes]) => {
    const span = { pid: 0, tid, name, ts: 7e9 + 1000 * begin, args: bytes === undefined ? {} : { bytes } }
    return begin === end ? { ...span, ph: 'i', s: 't' } : { ...span, ph: 'X', dur: 1000 * (end - begin) }
  })
  return { traceEvents }
}

/**
 * Steps of 20 ms: 1 loader, 5 forward, of which 1 is a collection of garbage and 0.5 a collective, 6 backward, buckets
 * that are waited for until 14 and 16, 2 optimizer, 2 of nothing known. This rank comes to the second bucket `late`.
 */
function rank(steps: number, late = 0): object {
  const events = Array.from({ length: steps }, (_, i): Event[] => {
    const at = 20 * i
    return [
      [3, 'step', at + 2, at + 20],
      [3, 'loader', at + 0.5, at + 1.5],
      [0, 'forward', at + 2, at + 7],
      [3, 'garbage collection', at + 3, at + 4],
      [2, `allGather #${i} uint8 x 8192`, at + 5, at + 5.5, 8192],
      [0, 'backward', at + 7, at + 13],
      [0, 'ready 0', at + 9, at + 9, 1000],
      [0, 'ready 1', at + 12.5, at + 12.5, 500],
      [2, 'bucket 0', at + 9, at + 14, 1000],
      [2, 'bucket 1', at + 14 + late, at + 16, 500],
      [0, 'waiting 0', at + 13, at + 14],
      [0, 'waiting 1', at + 14, at + 16],
      [0, 'optimizer', at + 16, at + 18],
    ]
  })
  return trace(events.flat())
}

const ms = (milliseconds: number) => expect.closeTo(milliseconds / 1000, 9)

test('parts of a step, which are the step together', () => {
  const parts = breakdown([rank(5)], 3)
  expect(parts).toEqual({
    ...{ forward: ms(3.5), backward: ms(6), others: ms(0.5), slowest: ms(0), loader: ms(1), optimizer: ms(2) },
    ...{ garbage: ms(1), rest: ms(3), step: ms(20) },
    exposed: [
      { bytes: 1000, seconds: ms(1) },
      { bytes: 500, seconds: ms(2) },
    ],
  })
})

test('until the slowest rank has come to a bucket the others wait for it', () => {
  const parts = breakdown([rank(5), rank(5, 1.5)], 3)!
  expect(parts.slowest).toEqual(ms(1.5))
  expect(parts.exposed).toEqual([
    { bytes: 1000, seconds: ms(1) },
    { bytes: 500, seconds: ms(0.5) },
  ])
})

test('what no program has told of is unknown, and what is no usual step does not count', () => {
  const steps = (...ends: number[]) => trace(ends.map(end => [3, 'step', end - 1, end]))
  expect(breakdown([steps(1, 11, 21, 31, 91, 101)], 5)).toMatchObject({ garbage: null, step: ms(10), rest: ms(10) })
  expect(breakdown([steps(1, 11)], 5)).toMatchObject({ step: ms(10) })
  expect(breakdown([steps(1)], 5)).toBeUndefined()
})
