// The step trace: what `--trace` writes, and what it says about the overlap of backward with communication.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { devices, requireDevice, runOn } from './devices.ts'

interface Span {
  pid: number
  name: string
  ts: number
  end: number
  bytes: number
}

/** The spans of a rank's file by lane, each lane in the order of time. */
function read(folder: string, rank: number): Record<string, Span[]> {
  const { traceEvents } = JSON.parse(readFileSync(join(folder, `rank-${rank}.json`), 'utf8'))
  const lanes: Record<string, Span[]> = {}
  for (const { ph, name, tid, args } of traceEvents) {
    if (ph !== 'M' || name !== 'thread_name') continue
    const spans = traceEvents.filter((event: { ph: string; tid: number }) => event.ph === 'X' && event.tid === tid)
    lanes[args.name] = spans
      .map(({ pid, name, ts, dur, args }: { dur: number; args: { bytes: number } } & Span) => ({
        ...{ pid, name, ts, end: ts + dur, bytes: args.bytes },
      }))
      .sort((a: Span, b: Span) => a.ts - b.ts)
  }
  return lanes
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtrain-trace-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.each(devices)('on %s', device => {
  beforeEach(context => requireDevice(device, 3, context))

  test('buckets are reduced while backward runs, in index order on every rank', async () => {
    const ranks = 3
    const { code, stderr } = await runOn(
      device,
      ranks,
      [
        '--trace',
        folder,
        '--ranks',
        '0',
        'test/distributed/fixtures/train.ts',
        '--device',
        device,
        '--bucket',
        '0.0001',
      ],
      { env: { OMP_NUM_THREADS: '1', DTRAIN_EMULATION: 'jitter=300us' } },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readdirSync(folder).sort()).toEqual(['rank-0.json', 'rank-1.json', 'rank-2.json'])

    const files = Array.from({ length: ranks }, (_, rank) => read(folder, rank))
    let earliest = Number.POSITIVE_INFINITY
    let latest = 0
    for (const [rank, { compute, communication }] of files.entries()) {
      expect(compute!.map(({ name }) => name)).toEqual(Array(16).fill('backward'))
      for (const span of [...compute!, ...communication!]) {
        expect(span.pid).toBe(rank)
        expect(span.end).toBeGreaterThanOrEqual(span.ts)
        earliest = Math.min(earliest, span.ts)
        latest = Math.max(latest, span.end)
      }
      const overlapped = compute!.filter(({ ts, end }, step) => {
        const until = compute![step + 1]?.ts ?? Number.POSITIVE_INFINITY
        const buckets = communication!.filter(
          span => span.name.startsWith('bucket') && span.ts >= ts && span.ts < until,
        )
        expect(buckets.map(({ name }) => name)).toEqual(buckets.map((_, index) => `bucket ${index}`))
        expect(buckets.length).toBeGreaterThan(4)
        for (const { bytes } of buckets) expect(bytes).toBeGreaterThan(0)
        return buckets[0]!.ts < end
      })
      // On a CPU that other ranks need too, the engine's thread may get no turn before a short backward has ended. And
      // a rank without rows of the last batch has no backward to speak of.
      expect(overlapped.length).toBeGreaterThanOrEqual(device === 'cpu' ? 1 : 12)
    }
    // One clock: no rank's times are away from the others'.
    expect(latest - earliest).toBeLessThan(30e6)
    const first = files.map(({ compute }) => compute![0]!.ts)
    expect(Math.max(...first) - Math.min(...first)).toBeLessThan(2e6)
  })
})

test('no trace unless it was asked for', async () => {
  const { code } = await runOn('cpu', 2, ['test/distributed/fixtures/train.ts', '--epochs', '1'])
  expect(code).toBe(0)
  expect(readdirSync(folder)).toEqual([])
})
