// The step trace: what `--trace` writes, of one rank too, and what it says about the overlap of backward with
// communication.
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

/** The spans of a rank's file by lane, each lane in the order of time; a moment is a span that ends at once. */
function read(folder: string, rank: number): Record<string, Span[]> {
  const { traceEvents } = JSON.parse(readFileSync(join(folder, `rank-${rank}.json`), 'utf8'))
  const lanes: Record<string, Span[]> = {}
  for (const { ph, name, tid, args } of traceEvents) {
    if (ph !== 'M' || name !== 'thread_name') continue
    const spans = traceEvents.filter((event: { ph: string; tid: number }) => event.ph !== 'M' && event.tid === tid)
    lanes[args.name] = spans
      .map(({ pid, name, ts, dur = 0, args }: { dur: number; args: { bytes: number } } & Span) => ({
        ...{ pid, name, ts, end: ts + dur, bytes: args.bytes },
      }))
      .sort((a: Span, b: Span) => a.ts - b.ts)
  }
  return lanes
}

const named = (spans: Span[], name: RegExp) => spans.filter(span => name.test(span.name))

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
      const passes = named(compute!, /^backward$/)
      expect(passes).toHaveLength(16)
      expect(named(compute!, /^optimizer$/)).toHaveLength(16)
      for (const span of [...compute!, ...communication!]) {
        expect(span.pid).toBe(rank)
        expect(span.end).toBeGreaterThanOrEqual(span.ts)
        earliest = Math.min(earliest, span.ts)
        latest = Math.max(latest, span.end)
      }
      const overlapped = passes.filter(({ ts, end }, step) => {
        const until = passes[step + 1]?.ts ?? Number.POSITIVE_INFINITY
        const during = ({ ts: begin }: Span) => begin >= ts && begin < until
        const buckets = named(communication!, /^bucket/).filter(during)
        expect(buckets.map(({ name }) => name)).toEqual(buckets.map((_, index) => `bucket ${index}`))
        expect(buckets.length).toBeGreaterThan(4)
        for (const { bytes } of buckets) expect(bytes).toBeGreaterThan(0)
        const ready = named(compute!, /^ready/).filter(during)
        const waits = named(compute!, /^waiting/).filter(during)
        expect(waits).toHaveLength(buckets.length)
        for (const { name, ts: begin, bytes } of buckets) {
          const its = ready.filter(moment => moment.name === name.replace('bucket', 'ready'))
          expect(its).toEqual([expect.objectContaining({ bytes })])
          expect(its[0]!.ts).toBeLessThanOrEqual(begin)
        }
        return buckets[0]!.ts < end
      })
      // On a CPU that other ranks need too, the engine's thread may get no turn before a short backward has ended. And
      // a rank without rows of the last batch has no backward to speak of.
      expect(overlapped.length).toBeGreaterThanOrEqual(device === 'cpu' ? 1 : 12)
    }
    // One clock: no rank's times are away from the others'.
    expect(latest - earliest).toBeLessThan(30e6)
    const first = files.map(({ compute }) => named(compute!, /^backward$/)[0]!.ts)
    expect(Math.max(...first) - Math.min(...first)).toBeLessThan(2e6)
  })

  test('of one rank: the parts of each step, and when buckets are ready', async () => {
    const wrappers = ['DataParallel', 'DistributedDataParallel'].flatMap(name => ['--wrapper', name])
    const script = ['test/distributed/fixtures/train.ts', '--device', device, '--bucket', '0.0001', '--epochs', '2']
    const { code, stdout, stderr } = await runOn(device, 1, ['--trace', folder, ...script, ...wrappers])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })

    const { compute, communication, program } = read(folder, 0)
    const order = named(compute!, /^(forward|backward|optimizer)$/).map(({ name }) => name)
    // Four batches of each epoch, and three without the last one, which is not full.
    const step = ['forward', 'forward', 'backward', 'optimizer'] // the model, the loss
    expect(order).toEqual(
      Array(8 + 6)
        .fill(step)
        .flat(),
    )
    expect(named(program!, /^loader$/)).toHaveLength(8 + 6 + 4)
    expect(named(program!, /^garbage collection$/).length).toBeGreaterThan(0)

    const runs = JSON.parse(stdout) as { losses: number[]; buckets: number }[]
    const passes = named(compute!, /^backward$/)
    for (const [i, { ts, end }] of passes.entries()) {
      if (i === 0 || i === 8) continue // after these, buckets are made anew
      const ready = named(compute!, /^ready/).filter(moment => moment.ts >= ts && moment.ts <= end)
      const { buckets } = runs[i < 8 ? 0 : 1]!
      expect(ready.map(({ name }) => name)).toEqual(Array.from({ length: buckets }, (_, b) => `ready ${b}`))
    }
    expect(named(communication!, /^bucket/)).toEqual([])
    expect(named(compute!, /^waiting/)).toEqual([])

    // What is traced trains as it would without.
    const plain = await runOn(device, 1, [...script, ...wrappers])
    expect(runs.map(({ losses }) => losses)).toEqual(
      JSON.parse(plain.stdout).map((run: (typeof runs)[0]) => run.losses),
    )
  })
})

test('no trace unless it was asked for', async () => {
  const { code } = await runOn('cpu', 2, ['test/distributed/fixtures/train.ts', '--epochs', '1'])
  expect(code).toBe(0)
  expect(readdirSync(folder)).toEqual([])
})
