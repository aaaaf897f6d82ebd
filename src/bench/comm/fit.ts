// Times of a collective by size as latency + bytes / bandwidth. Sizes span five powers of ten, so errors count as
// shares of the time; and the sum of their amounts is made least, not that of their squares, so that a size that
// something else has disturbed does not bend the line.

/** A size, and the seconds of one call. */
export interface Sample {
  bytes: number
  seconds: number
}

export interface Line {
  /** Seconds. */
  latency: number
  /** Bytes per second. */
  bandwidth: number
  /** Mean distance between the line and the samples, as a share of the time. */
  error: number
}

/** A line that is further from the samples than this is none to compute with. */
export const largestError = 0.15

/** A line for which that sum is least goes through two of the samples, or begins at 0: so all of these are tried. */
export function lineThrough(samples: readonly Sample[]): Line {
  const lines: [latency: number, perByte: number][] = []
  for (const [i, a] of samples.entries()) {
    lines.push([0, a.seconds / a.bytes], [a.seconds, 0])
    for (const b of samples.slice(i + 1)) {
      const perByte = (b.seconds - a.seconds) / (b.bytes - a.bytes)
      const latency = a.seconds - perByte * a.bytes
      if (perByte >= 0 && latency >= 0) lines.push([latency, perByte])
    }
  }
  const errorOf = ([latency, perByte]: readonly [number, number]) =>
    samples.reduce((sum, { bytes, seconds }) => sum + Math.abs((latency + perByte * bytes) / seconds - 1), 0)
  const best = lines.reduce((a, b) => (errorOf(b) < errorOf(a) ? b : a))
  return { latency: best[0], bandwidth: 1 / best[1], error: errorOf(best) / samples.length }
}

/** Seconds of a call: by the line, or, where that is far from the samples, by what lies between them. */
export function secondsOf(bytes: number, samples: readonly Sample[]): number {
  const { latency, bandwidth, error } = lineThrough(samples)
  const at = samples.findIndex(sample => sample.bytes >= bytes)
  if (error <= largestError || samples.length === 1) return latency + bytes / bandwidth
  const last = samples.at(-1)!
  if (at === 0) return samples[0]!.seconds
  if (at < 0) return (last.seconds * bytes) / last.bytes
  const [a, b] = [samples[at - 1]!, samples[at]!]
  return a.seconds + ((b.seconds - a.seconds) * (bytes - a.bytes)) / (b.bytes - a.bytes)
}
