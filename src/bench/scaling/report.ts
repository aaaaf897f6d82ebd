// What a benchmark has found, as text and as a picture.
import { columns } from '../../columns.ts'
import type { plot } from '../../viz/index.ts'
import { count, mebi, ms, percent } from '../units.ts'
import type { Parts } from './breakdown.ts'
import type { Point, Report, Scaling } from './study.ts'
import type { Timing } from './timing.ts'
import { wordsOf } from './words.ts'

/** The whole text. */
export function reportOf(report: Report): string {
  return `${[headOf(report), ...report.scalings.flatMap(scaling => partsOf(report, scaling))].join('\n\n')}\n`
}

function headOf({ name, threads, machine, cores, gpus, measurement }: Report): string {
  const { warmup, windows, steps, seconds } = measurement
  const each = steps === undefined ? `${seconds} s` : count(steps, 'step')
  return [
    `${name}: the median of ${count(windows, 'window')} of ${each}, after ${count(warmup, 'step')} of warm-up`,
    `${machine}, ${count(cores, 'core')}, ${count(threads, 'thread')} a ${gpus ? 'rank, each with a GPU' : 'rank'}`,
  ].join('\n')
}

function partsOf(report: Report, scaling: Scaling): string[] {
  const { batchSize } = report
  const samples = batchSize === undefined ? '' : ` of ${batchSize}`
  const title =
    scaling.mode === 'weak'
      ? `Weak scaling: each rank has a batch${samples} of its own.`
      : `Strong scaling: the ranks share a batch${samples}.`
  const traced = scaling.points.filter(({ parts }) => parts !== undefined)
  const where = traced.length === 0 ? [] : [whereOf(traced)]
  return [`${title}\n${tableOf(report, scaling)}`, ...where, wordsOf(scaling)]
}

function tableOf({ batchSize }: Report, { mode, alone, peerAlone, points }: Scaling): string {
  const what = batchSize === undefined ? 'steps a second' : 'samples a second'
  const header = ['', 'step ms', 'spread', what, 'efficiency', 'against processes']
  const row = (name: string, timing: Timing, ranks: number, efficiency?: number, besideOthers?: number) => {
    const batches = mode === 'weak' ? ranks : 1
    const perSecond = (batches * (batchSize ?? 1)) / timing.seconds
    const shares = [efficiency, besideOthers].map(share => (share === undefined ? '' : percent(share)))
    return [name, ms(timing.seconds), percent(timing.spread), perSecond.toFixed(perSecond < 100 ? 1 : 0), ...shares]
  }
  const rows = [row('one process', alone, 1)]
  for (const { ranks, oversubscribed, timing, together, efficiency, besideOthers } of points) {
    const over = oversubscribed ? ', oversubscribed' : ''
    if (together !== undefined) rows.push(row(`${ranks} processes${over}`, together, ranks))
    rows.push(row(`${count(ranks, 'rank')}${over}`, timing, ranks, efficiency, besideOthers))
  }
  if (peerAlone !== undefined) rows.push(row('PyTorch: one process', peerAlone, 1))
  for (const { ranks, oversubscribed, peer } of points) {
    if (peer === undefined) continue
    const over = oversubscribed ? ', oversubscribed' : ''
    if (peer.together !== undefined) rows.push(row(`PyTorch: ${ranks} processes${over}`, peer.together, ranks))
    rows.push(row(`PyTorch: ${count(ranks, 'rank')}${over}`, peer.timing, ranks, peer.efficiency, peer.besideOthers))
  }
  return columns([header, ...rows])
}

/** Where the time of a step goes. */
function whereOf(points: readonly Point[]): string {
  const all = points.map(({ parts }) => parts!)
  const row = (name: string, of: (parts: Parts) => number | null | undefined) => [
    name,
    ...all.map(parts => {
      const seconds = of(parts)
      if (seconds === undefined) return ''
      return seconds === null ? 'unknown' : `${ms(seconds)} (${percent(seconds / parts.step)})`
    }),
  ]
  const buckets = Math.max(...all.map(({ exposed }) => exposed.length))
  const rows = [
    ['of a step that is traced, ms', ...points.map(({ ranks }) => count(ranks, 'rank'))],
    row('forward', ({ forward }) => forward),
    row('backward', ({ backward }) => backward),
    ...Array.from({ length: buckets }, (_, b) => {
      const bytes = all.findLast(({ exposed }) => exposed[b] !== undefined)!.exposed[b]!.bytes
      return row(`exposed: bucket ${b} (${mebi(bytes)} MiB)`, ({ exposed }) => exposed[b]?.seconds)
    }),
    row('exposed: other collectives', ({ others }) => others),
    row('waiting for the slowest rank', ({ slowest }) => slowest),
    row('optimizer', ({ optimizer }) => optimizer),
    row('loader', ({ loader }) => loader),
    row('garbage collection', ({ garbage }) => garbage),
    row('the rest', ({ rest }) => rest),
    row('step', ({ step }) => step),
  ]
  return columns(rows.filter(([, ...cells]) => cells.some(cell => !/^(0 .*)?$/.test(cell))))
}

/** Efficiency over ranks. */
export async function pictureOf({ name, scalings }: Report): Promise<plot.Figure> {
  const { plot: draw } = await import('../../viz/index.ts')
  const series: Record<string, { x: number[]; y: number[]; style: 'solid' | 'dashed' }> = {}
  const add = (
    label: string,
    style: 'solid' | 'dashed',
    points: readonly Point[],
    of: (point: Point) => number | undefined,
  ) => {
    const known = points.flatMap(point => {
      const share = of(point)
      return share === undefined ? [] : [[point.ranks, 100 * share] as const]
    })
    if (known.length > 0) series[label] = { x: known.map(([x]) => x), y: known.map(([, y]) => y), style }
  }
  for (const { mode, points } of scalings) {
    const which = scalings.length > 1 ? `${mode}, ` : ''
    add(`${which}against one process`, 'solid', points, point => point.efficiency)
    add(`${which}against as many processes`, 'dashed', points, point => point.besideOthers)
    add(`${which}PyTorch, against one process`, 'solid', points, ({ peer }) => peer?.efficiency)
    add(`${which}PyTorch, against as many processes`, 'dashed', points, ({ peer }) => peer?.besideOthers)
  }
  return draw.line(series, { title: name, x: 'ranks', y: 'efficiency (%)', logX: true, width: 620 })
}
