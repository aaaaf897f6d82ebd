// How long the command takes, in milliseconds: `dtrain --help` (goal 200), and from the command to the first line of
// user code with two ranks (goal 1500), beside an empty Node process, in turn.
//   npx tsx bench/startup.ts
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alternate, machineLine, spreadOf, within } from '../dist/src/bench/measure.js'
import { columns } from '../dist/src/columns.js'

const cli = fileURLToPath(new URL('../dist/launcher/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'dtrain-bench-'))
const script = join(folder, 'first-line.ts')
writeFileSync(script, 'console.log(Date.now())\n')
const withLibrary = fileURLToPath(new URL('./first-line.ts', import.meta.url))

/** Milliseconds from the start to the end, or to the last time that the process printed. */
function run(...args: string[]): number {
  const start = Date.now()
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`)
  const printed = [...stdout.matchAll(/(\d{13})/g)].map(match => Number(match[1]))
  return (printed.length > 0 ? Math.max(...printed) : Date.now()) - start
}

const commands = {
  'node -e 0': ['-e', '0'],
  '--help': [cli, '--help'],
  '2 ranks': [cli, '--nproc', '2', script],
  '2 + library': [cli, '--nproc', '2', withLibrary],
}
const sides = Object.values(commands).map(args => () => run(...args))
const times = (await alternate(sides, { rounds: 9, calls: 1 })).map(spreadOf)
const rows = Object.keys(commands).map((name, i) => [name, times[i]!.median.toFixed(0), within(times[i]!)])
console.log(`${machineLine()}\n${columns([['what', 'ms', 'spread'], ...rows])}`)
rmSync(folder, { recursive: true })
