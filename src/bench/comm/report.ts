// What `dtrain bench comm` prints and draws: for each number of ranks the times by size, the lines through them beside
// the floor of the machine, and what ranks do to each other's computation.
import { columns } from '../../columns.ts'
import type { plot } from '../../viz/index.ts'
import { within } from '../measure.ts'
import { largestError } from './fit.ts'
import type { Curve, Measured, RanksMeasured } from './measured.ts'
import { copyBytes } from './plan.ts'

export function reportOf(measured: Measured): string {
  const parts = measured.jobs.map(job => partOf(job, measured))
  return `${[measured.machine, ...parts].join('\n\n')}\n`
}

function partOf(job: RanksMeasured, { cores, device }: Measured): string {
  const { ranks, threads } = job
  const over = ranks * threads > cores ? ', more than there are cores: they take turns' : ''
  const where =
    device === 'cuda' ? 'on GPUs' : `of ${threads} thread${threads === 1 ? '' : 's'} on ${cores} cores${over}`
  const head = `${ranks} ranks ${where}`
  if (job.copy === null) return `${head}, emulated: every collective ran, without times`
  const parts = [`${head}, microseconds of a call`, timesOf(job), linesOf(job), floorOf(job), slowdownOf(job)]
  return parts.join('\n\n')
}

function timesOf({ collectives, peer }: RanksMeasured): string {
  const names = Object.keys(collectives)
  const sizes = collectives[names[0]!]!.samples.map(({ bytes }) => bytes)
  const rows = sizes.map((bytes, i) => {
    const cells = names.flatMap(name => {
      const ours = collectives[name]!.samples[i]!
      const theirs = peer?.collectives[name]?.samples[i]
      return [us(ours.seconds), within(ours), ...(peer ? [theirs ? times(theirs.seconds / ours.seconds) : ''] : [])]
    })
    return [sizeText(bytes), ...cells]
  })
  const heads = names.flatMap(name => [name, 'spread', ...(peer ? [peer.name] : [])])
  return columns([['size', ...heads], ...rows])
}

/** A line through two points says nothing. */
const fewestSizes = 3

/** How much of what a copy by all ranks at once moves a collective moves at least. */
const share: Record<string, (ranks: number) => number> = { reduceScatter: ranks => (1 + 1 / ranks) / 2 }

function linesOf({ ranks, collectives, barrier, copy, peer }: RanksMeasured): string {
  const cells = ({ line, samples }: Curve) => {
    if (samples.length < fewestSizes) return ['', '', '']
    // Without a rate large sizes take no longer than small ones.
    const rate = Number.isFinite(line.bandwidth) ? (line.bandwidth / 1e9).toFixed(2) : ''
    return [us(line.latency), rate, percent(line.error)]
  }
  const rows = Object.entries(collectives).map(([name, curve]) => {
    const last = curve.samples.at(-1)!
    const floor = ((share[name]?.(ranks) ?? 1) * last.bytes) / copy!.together
    const theirs = peer?.collectives[name]
    const beside = peer === undefined ? [] : theirs === undefined ? ['', '', ''] : cells(theirs)
    const note = curve.line.error > largestError ? 'no line: the sizes themselves count' : ''
    return [name, ...cells(curve), times(last.seconds / floor), ...beside, note]
  })
  const peers = peer === undefined ? [] : [`${peer.name} µs`, 'GB/s', 'error']
  const theirs = peer === undefined ? [] : [us(peer.barrier), '', '']
  rows.push(['barrier', us(barrier!), '', '', '', ...theirs, ''])
  return columns([['', 'latency µs', 'GB/s', 'error', 'of the floor', ...peers, ''], ...rows])
}

function floorOf({ ranks, copy }: RanksMeasured): string {
  const [alone, together] = [copy!.alone, copy!.together].map(rate => (rate / 1e9).toFixed(1))
  return (
    `The floor, of the largest size: each rank reads and writes its bytes once. A process alone copies ${alone} GB a ` +
    `second (${sizeText(copyBytes)}), of ${ranks} at once each ${together}.`
  )
}

/** Of processors: that ranks also wait for them is no slow-down here. */
function slowdownOf({ ranks, slowdown }: RanksMeasured): string {
  const rows = slowdown.map(({ bytes, passes, convolution, update }) => {
    return [sizeText(bytes), times(passes), times(convolution), times(update)]
  })
  return columns([[`processor of ${ranks} at once`, 'linear layer', 'convolution', 'optimizer'], ...rows])
}

/** Microseconds over bytes, a line for each collective, and the peer's dashed. */
export async function pictureOf({ jobs }: Measured): Promise<plot.Figure> {
  const { plot: draw } = await import('../../viz/index.ts')
  const figures = jobs
    .filter(({ copy }) => copy !== null)
    .map(({ ranks, collectives, peer }) => {
      const lines = (all: Record<string, Curve>, style: 'solid' | 'dashed', prefix: string) =>
        Object.entries(all).map(([name, { samples }]) => {
          return [
            `${prefix}${name}`,
            { x: samples.map(({ bytes }) => bytes), y: samples.map(({ seconds }) => 1e6 * seconds), style },
          ]
        })
      const series = [
        ...lines(collectives, 'solid', ''),
        ...lines(peer?.collectives ?? {}, 'dashed', `${peer?.name}: `),
      ]
      const axes = { x: 'bytes', y: 'µs', logX: true, logY: true }
      return draw.line(Object.fromEntries(series), { title: `${ranks} ranks`, ...axes, width: 420 })
    })
  return draw.subplots(figures, 2)
}

const us = (seconds: number) => (seconds === 0 ? '0' : (1e6 * seconds).toFixed(seconds < 1e-5 ? 1 : 0))
const percent = (part: number) => `${(100 * part).toFixed(0)} %`
const times = (factor: number) => `${factor.toFixed(2)} x`

export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)))
  return `${Number((bytes / 1024 ** power).toPrecision(4))} ${units[power]}`
}
