// How long the command takes, in milliseconds (median): `dtrain --help` (goal 200), and from the command to the first
// line of user code with two ranks (goal 1500), beside an empty Node process.
//   npx tsx bench/startup.ts
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { row } from './measure.ts'

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

function median(...args: string[]): number {
  return Array.from({ length: 9 }, () => run(...args)).sort((a, b) => a - b)[4]!
}

row('what', 'ms (median)')
row('node -e 0', median('-e', '0'))
row('--help', median(cli, '--help'))
row('2 ranks', median(cli, '--nproc', '2', script))
row('2 + library', median(cli, '--nproc', '2', withLibrary))
rmSync(folder, { recursive: true })
