// Timing for the benchmarks: the best of several rounds, because on a shared machine everything slower is somebody
// else.

/** Microseconds of one call: the fastest of `rounds` rounds of `calls` calls each. */
export function microseconds(fn: () => void, { calls = 20, rounds = 7 } = {}): number {
  fn()
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) fn()
    best = Math.min(best, (performance.now() - start) / calls)
  }
  return best * 1000
}

/** Median of the microseconds of single rounds of `calls` calls. */
export function medianMicroseconds(fn: () => void, { calls = 1000, rounds = 101 } = {}): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) fn()
    times.push(((performance.now() - start) / calls) * 1000)
  }
  return times.sort((a, b) => a - b)[rounds >> 1]!
}

/** A line of right-aligned columns. */
export function row(...cells: (string | number)[]): void {
  console.log(cells.map(cell => String(cell).padStart(14)).join(''))
}
