// A benchmark in words: how well it scales, what a step waits for, and what would change that.
import { count, mebi, ms, percent } from '../units.ts'
import type { Parts } from './breakdown.ts'
import type { Point, Scaling } from './study.ts'

/** What takes less of a step is not worth an advice. */
const least = 0.03
const mostAdvice = 2
/** Where windows differ by more, something else runs on the machine. Ranks that take turns always differ. */
const mostSpread = 0.15
/** The bytes of a bucket from which on bandwidth counts more than latency. */
const large = 2 << 20

export function wordsOf({ mode, alone, points }: Scaling): string {
  const several = points.filter(({ ranks }) => ranks > 1)
  const paragraphs = several.map(point => howWell(point, alone.seconds, mode === 'weak'))
  const fair = several.findLast(({ oversubscribed }) => !oversubscribed)
  if (fair !== undefined) paragraphs.push(adviceFor(fair, mode === 'weak' ? alone.seconds : alone.seconds / fair.ranks))
  const fairly = points.filter(({ oversubscribed }) => !oversubscribed)
  const timings = [alone, ...fairly.flatMap(({ timing, together }) => (together ? [timing, together] : [timing]))]
  const spread = Math.max(...timings.map(timing => timing.spread))
  if (spread > mostSpread)
    paragraphs.push(
      `Windows differ by up to ${percent(spread)}: the machine does something else beside, so measure again.`,
    )
  return paragraphs.join('\n')
}

function howWell(
  { ranks, timing, together, efficiency, besideOthers, oversubscribed, parts }: Point,
  alone: number,
  isWeak: boolean,
): string {
  const others =
    together === undefined
      ? ''
      : `, and ${percent(besideOthers!)} against ${ranks} processes that share nothing but the machine`
  const sentences = [
    `At ${count(ranks, 'rank')} a step takes ${ms(timing.seconds)} ms, and ${ms(alone)} ms in one process` +
      `${isWeak ? '' : ' that has the whole batch'}: an efficiency of ${percent(efficiency)}${others}.`,
  ]
  if (oversubscribed) sentences.push('Oversubscribed: the ranks want more cores than there are, and take turns.')
  if (parts !== undefined) sentences.push(exposedOf(parts))
  return sentences.join(' ')
}

const share = (parts: Parts, seconds: number) => seconds / parts.step

function exposedOf(parts: Parts): string {
  const sum = parts.exposed.reduce((all, { seconds }) => all + seconds, 0)
  const worst = worstOf(parts)
  const where =
    worst === undefined || sum < 0.001 * parts.step ? '' : `, ${percent(share(parts, worst.seconds))} in ${worst.name}`
  const others = parts.others < 0.001 * parts.step ? '' : `, ${percent(share(parts, parts.others))} other collectives`
  const slowest = percent(share(parts, parts.slowest))
  return `Of the step ${percent(share(parts, sum))} is exposed all-reduce${where}${others}, and ${slowest} waiting for the slowest rank.`
}

/** The bucket that is waited for longest. */
function worstOf({ exposed }: Parts): { name: string; seconds: number; bytes: number; isLast: boolean } | undefined {
  if (exposed.length === 0) return undefined
  const at = exposed.reduce((best, { seconds }, b) => (seconds > exposed[best]!.seconds ? b : best), 0)
  const isLast = at === exposed.length - 1
  const name = exposed.length === 1 ? 'the only bucket' : isLast ? 'the last bucket' : `bucket ${at}`
  const { seconds, bytes } = exposed[at]!
  return { name: `${name} (${mebi(bytes)} MiB)`, seconds, bytes, isLast }
}

function adviceFor({ ranks, timing, together, parts }: Point, ideal: number): string {
  const sentences: string[] = []
  const lost = together === undefined ? 0 : (together.seconds - ideal) / timing.seconds
  if (lost >= least) {
    sentences.push(
      `${percent(lost)} of the step are lost by ${ranks} processes that do not communicate too: memory bandwidth, ` +
        'caches and the clock of the cores are shared, and whatever else runs on the machine.',
    )
  }
  const worth = (parts === undefined ? [] : remedies(parts)).filter(([share]) => share >= least)
  const best = worth.sort(([a], [b]) => b - a).slice(0, mostAdvice)
  sentences.push(...best.map(([, text]) => text))
  return sentences.length === 0 ? 'Nothing else takes a thirtieth of the step.' : sentences.join(' ')
}

/** What a change of the program would gain at most, as a share of the step. */
function remedies(parts: Parts): [share: number, text: string][] {
  const { exposed, others, slowest, loader, garbage } = parts
  const worst = worstOf(parts)
  const sending = exposed.reduce((all, { seconds }) => all + seconds, 0)
  const all: [seconds: number, text: string][] = [
    [sending, worst === undefined ? '' : againstExposed(worst)],
    [others, 'Try DistributedDataParallel in place of DataParallel: it exchanges nothing in forward.'],
    [slowest, 'Ranks wait for the slowest one: give all of them equal work, and the machine no other load.'],
    [loader, 'Try `numWorkers`, so that batches are there when they are asked for.'],
    [garbage ?? 0, 'Try `tidy` around a step, so that less garbage is left to collect.'],
  ]
  return all.map(([seconds, text]) => [share(parts, seconds), text])
}

function againstExposed({ bytes, isLast }: { bytes: number; isLast: boolean }): string {
  const fewer = '`noSync` for all but every n-th batch, or larger batches'
  if (bytes < large) return `Try to send less often: ${fewer}.`
  if (!isLast) return `Buckets wait for each other, so communication takes longer than backward: try ${fewer}.`
  return `Try a smaller \`bucketCapMb\`, so that less is left to send when backward ends; or ${fewer}.`
}
