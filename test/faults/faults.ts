// What goes wrong around a job, tried from outside (`npm run faults`): each row of the tables in cases/ is a few lines
// of shell that start a job and do something to it. Prints what was done, the exit code, the seconds until nothing
// is left, what is left, and the first line that a person sees; what is not as the row says is shown after the table.
//   npm run faults -- npx 'Ctrl-C'     the rows that have one of these texts in their name
//   npm run faults -- --of ../older    with the build of another checkout
// Two rows run at a time, those that measure or fill something alone.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { callers } from './cases/callers.ts'
import { endings } from './cases/endings.ts'
import { killed } from './cases/killed.ts'
import { limits } from './cases/limits.ts'
import { resources } from './cases/resources.ts'
import { scripts } from './cases/scripts.ts'
import { waits } from './cases/waits.ts'
import { type Fault, type Outcome, tryFault } from './fault.ts'

const faults: Fault[] = [...endings, ...callers, ...killed, ...resources, ...scripts, ...limits, ...waits]

const { values, positionals } = parseArgs({ allowPositionals: true, options: { of: { type: 'string', default: '.' } } })
const chosen = faults.filter(({ name }) => positionals.length === 0 || positionals.some(part => name.includes(part)))
const root = resolve(values.of)

const start = performance.now()
const outcomes = new Map<Fault, Outcome>()
const together = chosen.filter(({ alone }) => !alone)
const next = async (): Promise<void> => {
  for (let fault = together.shift(); fault; fault = together.shift()) await report(fault)
}
await Promise.all([next(), next()])
for (const fault of chosen.filter(({ alone }) => alone)) await report(fault)

for (const [{ name }, { problems, output, skipped }] of outcomes) {
  if (skipped !== undefined) console.log(`skipped: ${name}: ${skipped}`)
  if (problems.length > 0) console.log(`\n${name}\n  ${problems.join('\n  ')}\n${output.replace(/^/gm, '  | ')}`)
}
const failed = [...outcomes.values()].filter(({ problems }) => problems.length > 0).length
console.log(`\n${chosen.length} faults in ${((performance.now() - start) / 1000).toFixed(0)} s`)
console.log(`${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0

/** A line of the table as soon as it is known. */
async function report(fault: Fault): Promise<void> {
  const outcome = await tryFault(fault, root)
  outcomes.set(fault, outcome)
  const { first, code, seconds, left, problems, skipped } = outcome
  const verdict = skipped !== undefined ? 'skipped' : problems.length > 0 ? 'FAILED' : 'ok'
  const cells = [verdict.padEnd(7), fault.name.padEnd(62), String(code).padStart(4), seconds.toFixed(1).padStart(5)]
  console.log(
    [...cells, (left.length > 0 ? `${left.length} left` : 'nothing').padEnd(8), cut(first)].join('  ').trimEnd(),
  )
}

function cut(line: string): string {
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
