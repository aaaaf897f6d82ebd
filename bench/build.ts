// How long one waits for a compiler, without any cache, in a clone of its own for each commit (what is not committed is
// not measured): the first set-up of a fresh clone, and everything built again after a change of one file. The files
// are the kernel file that takes longest, the slowest table of the binding, and the header of ops that most files
// include.
//   npx tsx bench/build.ts                                     the commit of HEAD
//   npx tsx bench/build.ts --addons                            only how large the addons are that this tree has built
//   npx tsx bench/build.ts --commit HEAD~20 --commit HEAD      two beside each other
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machineLine } from '../dist/src/bench/measure.js'

const { values } = parseArgs({
  options: { commit: { type: 'string', multiple: true, default: ['HEAD'] }, addons: { type: 'boolean' } },
})
const folder = mkdtempSync(join(tmpdir(), 'dtrain-build-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const { CMAKE_C_COMPILER_LAUNCHER, CMAKE_CXX_COMPILER_LAUNCHER, CMAKE_CUDA_COMPILER_LAUNCHER, ...inherited } =
  process.env
const env = { ...inherited, CCACHE_DISABLE: '1' }

interface Clone {
  root: string
  run: (command: string, ...args: string[]) => string
}

function clone(commit: string, name: string): Clone {
  const root = join(folder, name)
  const id = execFileSync('git', ['rev-parse', commit], { encoding: 'utf8' }).trim()
  execFileSync('git', ['clone', '--quiet', '--no-checkout', '.', root])
  execFileSync('git', ['checkout', '--quiet', id], { cwd: root })
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 30 })
  return { root, run }
}

function seconds(action: () => void): number {
  const start = performance.now()
  action()
  return (performance.now() - start) / 1000
}

/** Seconds of compilation by source file, all its objects together; of the last build that made each of them. */
function jobs({ root }: Clone): Map<string, number> {
  const last = new Map<string, number>()
  for (const line of readFileSync(join(root, 'build/.ninja_log'), 'utf8').split('\n')) {
    const [start, end, , output] = line.split('\t')
    if (output?.endsWith('.o')) last.set(output, (Number(end) - Number(start)) / 1000)
  }
  const sum = new Map<string, number>()
  for (const [output, time] of last) {
    const source = output
      .replace(/^CMakeFiles\/\w+\.dir\//, '')
      .replace(/^emulated-sources\/(.*)\.cc\.o$/, 'native/$1')
      .replace(/\.o$/, '')
    sum.set(source, (sum.get(source) ?? 0) + time)
  }
  return sum
}

function dependents({ run }: Clone): Map<string, number> {
  const count = new Map<string, number>()
  for (const [header] of run('ninja', '-C', 'build', '-t', 'deps').matchAll(/native\/ops\/\w+\.h$/gm))
    count.set(header, (count.get(header) ?? 0) + 1)
  return count
}

function most(counts: Map<string, number>, pattern: RegExp): string {
  const [first] = [...counts].filter(([name]) => pattern.test(name)).sort((a, b) => b[1] - a[1])
  if (first === undefined) throw new Error(`no file that has been built is like ${pattern}`)
  return first[0]
}

/** The addons of a tree: for the CPU, and with the CUDA backend on the emulation or for GPUs. */
function addons(root: string): string[] {
  return readdirSync(join(root, 'build'), { withFileTypes: true })
    .map(folder => join('build', folder.name, 'dtrain.node'))
    .filter(file => existsSync(join(root, file)))
    .map(file => `  ${file.padEnd(60)} ${(statSync(join(root, file)).size / 1e6).toFixed(1)} MB`)
}

type Row = { name: string; time: number; budget: number }

function measure(commit: string, index: number): Row[] {
  const tree = clone(commit, `${index}`)
  const build = () => tree.run('npm', 'run', '--silent', 'build:native')
  let said = ''
  const whole = seconds(() => (said = tree.run('scripts/setup.sh')))
  const native = Number(/^native core +ok +(\d+) s$/m.exec(said)?.[1])
  const rest = seconds(build)

  console.log(addons(tree.root).join('\n'))
  const times = jobs(tree)
  const kernel = most(times, /^native\/kernels\/.*\.(cu|cc)$/)
  const table = most(times, /^native\/binding\/.*(table|functions).*\.cc$/)
  const header = most(dependents(tree), /(?<!record|checks|broadcast|window)\.h$/)
  const again = (name: string, file: string, budget: number) => {
    utimesSync(join(tree.root, file), new Date(), new Date())
    return { name: `${name}: ${file}`, time: seconds(build), budget }
  }
  return [
    { name: 'first set-up, native core', time: native, budget: 300 },
    { name: 'first set-up, whole', time: whole, budget: 300 },
    { name: 'what only `npm test` builds', time: rest, budget: 300 },
    again('after a kernel', kernel, 30),
    again('after a table', table, 60),
    again("after an op's signature", header, 60),
  ]
}

if (values.addons) {
  console.log(addons('.').join('\n'))
  process.exit()
}
console.log(machineLine())
for (const [index, commit] of values.commit.entries()) {
  console.log(`${commit}: ${execFileSync('git', ['log', '-1', '--format=%h %s', commit], { encoding: 'utf8' }).trim()}`)
  for (const { name, time, budget } of measure(commit, index)) {
    const over = time > budget ? '  too slow' : ''
    console.log(`  ${name.padEnd(60)} ${time.toFixed(0).padStart(4)} s   budget ${String(budget).padStart(3)} s${over}`)
  }
}
