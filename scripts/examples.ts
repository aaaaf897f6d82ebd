// Runs the programs of examples/ in the order of examples/README.md (`npm run examples`). Each gets a line with its
// time and the last loss it printed; one that fails shows its output, and the rest still run. Arguments choose:
//   npm run examples -- regression lenet
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const chosen = process.argv.slice(2)

const list = readFileSync(join(root, 'examples/README.md'), 'utf8')
const programs = [...list.matchAll(/^\| \[(\S+\.ts)\]/gm)]
  .map(([, file]) => file!)
  .filter(file => chosen.length === 0 || chosen.some(part => file.includes(part)))

/** `loss 0.25`, `loss: 0.25`, or a line of the number of a step and its loss. */
const losses = /loss:? (-?\d[^\s,]*)|^\d+ (-?\d\S*)$/gm

const start = performance.now()
for (const file of programs) {
  const { status, ms, output, stdout } = run(file)
  const [, named, bare] = [...stdout.matchAll(losses)].at(-1) ?? []
  const last = named ?? bare
  const result = status !== 0 ? 'failed' : last === undefined ? '' : `loss ${Number(last).toPrecision(4)}`
  console.log(`${file.padEnd(width())} ${seconds(ms)}  ${result}`.trimEnd())
  if (status === 0) continue
  console.log(output)
  process.exitCode = 1
}
console.log(`${`${programs.length} programs`.padEnd(width())} ${seconds(performance.now() - start)}`)

function run(file: string) {
  const started = performance.now()
  // Threads of products as small as these only wait for each other.
  const command = [join(root, 'dist/launcher/cli.js'), '--omp-threads', '1', join(root, 'examples', file)]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: root })
  return { status, ms: performance.now() - started, stdout, output: stdout + stderr }
}

function width(): number {
  return Math.max(...programs.map(file => file.length), 12)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`
}
