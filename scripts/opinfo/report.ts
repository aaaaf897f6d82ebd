// How many samples of a name pass, and why the others do not, as text; shared by operators and modules.

export interface Result {
  name: string
  passed: number
  samples: number
  reasons: Map<string, number>
}

/** A name passes if so much of its samples does. */
const enough = 0.95

export const camel = (name: string) =>
  name.replace(/(?<=[a-z0-9])_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** The namespace of a name: torch, linalg, nn.functional. */
export function groupOf(name: string): string {
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : 'torch'
}

export const noneOf = (name: string, samples: number): Result => ({ name, samples, passed: 0, reasons: new Map() })

/** Runs a sample, which says what differs, and counts it. */
export function count(result: Result, kind: string, check: () => string | undefined): void {
  let problem: string | undefined
  try {
    problem = check()
  } catch (error) {
    problem = (error as Error).message.split('\n')[0]
  }
  if (problem === undefined) {
    result.passed++
    return
  }
  const reason = `${kind}: ${problem}`
  result.reasons.set(reason, (result.reasons.get(reason) ?? 0) + 1)
}

export function passes({ passed, samples }: Result): boolean {
  return samples > 0 && passed >= enough * samples
}

export function linesOf(result: Result, mostReasons: number): string {
  const { name, passed, samples } = result
  const reasons = [...result.reasons].slice(0, mostReasons)
  const lines = reasons.map(([reason, count]) => `${reason.slice(0, 150)}${count > 1 ? ` (${count})` : ''}`)
  const line = lines.join(`\n${' '.repeat(47)}`)
  return `${passes(result) ? ' ' : '!'} ${name.padEnd(34)} ${`${passed}/${samples}`.padEnd(9)} ${line}`
}

export function countOf(all: readonly Result[]): string {
  const sum = (count: (result: Result) => number) => all.reduce((total, result) => total + count(result), 0)
  const absent = all.filter(({ reasons }) => reasons.has('absent')).length
  return (
    `${all.filter(passes).length} of ${all.length} names pass, ${absent} are absent; ` +
    `${sum(({ passed }) => passed)} of ${sum(({ samples }) => samples)} samples`
  )
}
