// How far `dtrain bench simulate` is from what it predicts: the step of 2 and of 4 ranks, from a trace of one rank and
// from `dtrain bench comm`, beside the measured one. Nothing of the jobs that are predicted goes into the prediction.
// Each round measures all of these anew, in turn. Goal: within 10 % for 2 ranks, and 20 % for 4.
//   npx tsx bench/simulation.ts [--rounds 5] [--nproc 2,4] [--comm comm.json: measured before]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readMeasured } from '../dist/src/bench/comm/measured.js'
import { machineLine, type Spread, spreadOf, within } from '../dist/src/bench/measure.js'
import { plain, simulate } from '../dist/src/bench/simulate.js'
import { readStep } from '../dist/src/bench/step.js'
import { columns } from '../dist/src/columns.js'

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    nproc: { type: 'string', default: '2,4' },
    comm: { type: 'string' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'dtrain-simulation-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
const cli = join(import.meta.dirname, '../dist/launcher/cli.js')
const script = join(import.meta.dirname, 'simulation-step.ts')
const dtrain = (...line: string[]) => execFileSync(process.execPath, [cli, ...line], { encoding: 'utf8' })
const step = (...line: string[]) => Number(/step ([\d.]+)/.exec(dtrain(...line))![1])

function comm(): string {
  const file = join(folder, 'comm.json')
  writeFileSync(file, dtrain('bench', 'comm', '--nproc', args.nproc, '--rounds', '1', '--json'))
  return file
}

const rows = ['mlp', 'lenet', 'wide'].flatMap(name =>
  args.nproc.split(',').map(ranks => ({ name, ranks, measured: [] as number[], predicted: [] as number[] })),
)
for (let round = 0; round < Number(args.rounds); round++) {
  const measured = readMeasured(args.comm ?? comm())
  for (const row of rows) {
    const threads = String(measured.jobs.find(({ ranks }) => ranks === Number(row.ranks))!.threads)
    const trace = join(folder, `${row.name}-${round}-${threads}`)
    dtrain('--nproc', '1', '--omp-threads', threads, '--trace', trace, script, row.name)
    row.measured.push(step('--nproc', row.ranks, '--omp-threads', threads, script, row.name))
    const settings = { rounds: 400, seed: round }
    row.predicted.push(1000 * simulate(plain(readStep(trace)), Number(row.ranks), measured, settings).seconds)
  }
}
const ms = (spread: Spread) => [spread.median.toPrecision(3), within(spread)]
const lines = rows.map(row => {
  const [real, predicted] = [spreadOf(row.measured), spreadOf(row.predicted)]
  const error = `${(100 * (predicted.median / real.median - 1)).toFixed(1)} %`
  return [row.name, row.ranks, ...ms(real), ...ms(predicted), error]
})
console.log(`${machineLine()}\n`)
console.log(columns([['workload', 'ranks', 'measured ms', 'spread', 'predicted ms', 'spread', 'error'], ...lines]))
