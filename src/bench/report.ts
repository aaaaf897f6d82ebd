// What a study has found: tables, where the time goes in words, and a picture.
import { columns } from '../columns.ts'
import type { plot } from '../viz/index.ts'
import type { Measured } from './comm/measured.ts'
import { bestInterval } from './failures.ts'
import type { Cluster, Link } from './network.ts'
import type { Outcome } from './simulate.ts'
import { computeOf, type Step } from './step.ts'
import type { Point, Study } from './study.ts'
import { count, mebi, ms, percent } from './units.ts'

/** The whole text. */
export function reportOf(study: Study): string {
  const [{ points }] = study.variants
  const last = points.at(-1)!
  const parts = [headOf(study), tableOf(points, study), wordsOf(last, study.step), whatIfOf(study)]
  if (study.failures !== undefined) parts.push(failuresOf(last, study))
  return `${parts.join('\n\n')}\n`
}

function headOf({ step, cluster, steps, seed }: Study): string {
  const parts = [`forward ${ms(step.forward)}`, `backward ${ms(step.backward)}`, `optimizer ${ms(step.optimizer)}`]
  const bytes = step.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0)
  const random = jitterText(step) === 'none' ? '' : `, ${steps} steps, seed ${seed}`
  return [
    `${step.name}: ${ms(computeOf(step))} ms a step (${parts.join(', ')}), ` +
      `${mebi(bytes)} MiB of gradients in ${count(step.buckets.length, 'bucket')}, jitter ${jitterText(step)}`,
    `${placeText(cluster)}${random}`,
  ].join('\n')
}

function placeText(cluster: Cluster | Measured): string {
  if (!('link' in cluster)) return `on one machine as it was measured (${cluster.machine})`
  const { topology, link, perHost, intraLink } = cluster
  const hosts = perHost === 1 ? '1 rank' : `${perHost} ranks`
  const within = intraLink === undefined ? '' : ` (${linkText(intraLink)} within it)`
  return `${topology}, ${linkText(link)}, ${hosts} on a host${within}`
}

function tableOf(points: readonly Point[], { failures, cluster }: Study): string {
  const measured = !('link' in cluster)
  const header = ['ranks', 'step ms', '95 % below', 'efficiency', 'speed-up', 'compute', 'exposed', 'waiting']
  if (measured) header.push('slowed')
  if (failures !== undefined) header.push('failures')
  const rows = points.map(point => {
    const { ranks, seconds, p95, efficiency, speedup, compute, exposed, waiting, slowed, useful } = point
    const shares = [compute, exposed, waiting, ...(measured ? [slowed] : [])].map(part => percent(part / seconds))
    const cells = [String(ranks), ms(seconds), ms(p95), percent(efficiency), speedup.toFixed(1), ...shares]
    return failures === undefined ? cells : [...cells, percent(1 - useful)]
  })
  return columns([header, ...rows])
}

/** Where the time of the typical step goes. */
export function wordsOf(outcome: Outcome, step: Step): string {
  const { ranks, seconds, compute, slowed, exposed, waiting } = outcome
  const share = (part: number) => percent(part / seconds)
  const sentences = [
    `At ${ranks} ranks a step takes ${ms(seconds)} ms: ${share(compute)} computation, ${share(exposed)} exposed ` +
      `communication, ${share(waiting)} waiting for the slowest rank` +
      (slowed === 0 ? '.' : `, ${share(slowed)} because ranks share memory and cores.`),
    `Critical path: ${pathOf(outcome, step)}.`,
  ]
  const busy = outcome.buckets.reduce((sum, bucket) => sum + bucket.seconds, 0)
  if (exposed > 0) {
    const worst = outcome.buckets.reduce((a, b) => (b.exposed > a.exposed ? b : a))
    const name = `bucket ${outcome.buckets.indexOf(worst)} (${mebi(worst.bytes)} MiB)`
    sentences.push(`Most of what is exposed is ${name}: ${ms(worst.exposed)} of ${ms(exposed)} ms.`)
  }
  sentences.push(`All-reduces take ${ms(busy)} ms, of which ${percent(busy > 0 ? 1 - exposed / busy : 0)} is hidden.`)
  return sentences.join('\n')
}

function pathOf({ seconds, exposed, buckets, from }: Outcome, { optimizer }: Step): string {
  const end = optimizer > 0 ? `, then the optimizer (${ms(optimizer)} ms)` : ''
  if (exposed === 0) return `forward and backward of the slowest rank (${ms(seconds - optimizer)} ms)${end}`
  const sending = buckets.slice(from).reduce((sum, bucket) => sum + bucket.seconds, 0)
  const last = buckets.length - 1
  const names = from === last ? `bucket ${last}` : `buckets ${from} to ${last} one after the other`
  return `the slowest rank until bucket ${from} is ready (${ms(seconds - sending - optimizer)} ms), ${names} (${ms(sending)} ms)${end}`
}

function whatIfOf({ variants }: Study): string {
  const [asItIs, ...others] = variants
  const now = asItIs.points.at(-1)!
  const rows = variants.map(({ name, points }) => {
    const { efficiency, speedup } = points.at(-1)!
    return [name, percent(efficiency), `${(speedup / now.speedup).toFixed(2)} x`]
  })
  const best = others.reduce((a, b) => (b.points.at(-1)!.speedup > a.points.at(-1)!.speedup ? b : a))
  const gain = best.points.at(-1)!.speedup / now.speedup
  const verdict = gain < 1.005 ? 'None of these gains anything.' : `Most is gained by: ${best.name}.`
  return `${columns([[`at ${now.ranks} ranks`, 'efficiency', 'samples a second'], ...rows])}\n\n${verdict}`
}

function failuresOf({ ranks, useful }: Point, { failures }: Study): string {
  const { mtbf, cost } = failures!
  const lost = `A failure every ${duration(mtbf / ranks)} costs ${percent(1 - useful)} of the time, checkpoints included.`
  return cost === 0 ? lost : `${lost} A checkpoint every ${duration(bestInterval(ranks, failures!))} would lose least.`
}

/** Efficiency over ranks, a line for each variant. */
export async function pictureOf({ step, variants }: Study): Promise<plot.Figure> {
  const { plot: draw } = await import('../viz/index.ts')
  const series = variants.map(({ name, points }, i) => {
    const style = i === 0 ? ('solid' as const) : ('dashed' as const)
    const line = { x: points.map(({ ranks }) => ranks), y: points.map(({ efficiency }) => 100 * efficiency), style }
    return [name, line] as const
  })
  const axes = { x: 'ranks', y: 'efficiency (%)', logX: true }
  return draw.line(Object.fromEntries(series), { title: step.name, ...axes, width: 620 })
}

function linkText({ bandwidth, latency }: Link): string {
  return `${short((8 * bandwidth) / 1e9)} Gb/s and ${short(1e6 * latency)} µs`
}

function jitterText({ jitter }: Step): string {
  if ('samples' in jitter) return `of ${count(jitter.samples.length, 'measured step')}`
  return jitter.sd === 0 ? 'none' : percent(jitter.sd)
}

const short = (value: number) => String(Number(value.toPrecision(4)))

function duration(seconds: number): string {
  const units = [
    [86400, 'days'],
    [3600, 'hours'],
    [60, 'minutes'],
  ] as const
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, 'seconds']
  return `${(seconds / size).toFixed(1)} ${unit}`
}
