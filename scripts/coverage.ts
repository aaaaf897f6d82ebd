// Line coverage of the CUDA backend (`npm run coverage`): builds it on the emulation with gcov's counters, runs the
// native tests, and prints the share of lines executed in every *.cu and *.cuda.cc file. Fails if a kernel was never
// run: a kernel is what a line with `__global__` declares, whatever its template arguments. `--all` or names of
// families after `--` choose; otherwise half of them run, chosen by the commit, and files of the others are left out.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canBeLeftOut, chosen, without } from './sample.ts'

interface Line {
  line_number: number
  count: number
}
interface Function {
  demangled_name: string
  execution_count: number
}
interface File {
  file: string
  lines: Line[]
  functions: Function[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const build = join(root, 'build', 'coverage')
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

const families = chosen(process.argv.slice(2))
console.log(`families: ${families.join(', ')}`)

mkdirSync(build, { recursive: true })
run(
  'cmake',
  '-S',
  '.',
  '-B',
  build,
  '-G',
  'Ninja',
  '-DDTRAIN_COVERAGE=ON',
  '-DDTRAIN_CUDA=emulated',
  '--log-level=ERROR',
)
run('ninja', '-C', build, '--quiet', 'dtrain_test')
for (const counters of files(build, '.gcda')) rmSync(counters)
run(join(build, 'dtrain_test'), ...without(families))

/** Times each line ran, and each function, over all objects that have compiled it. */
const lines = new Map<string, Map<number, number>>()
const functions = new Map<string, number>()
for (const counters of files(build, '.gcda')) {
  const text = execFileSync('gcov', ['--json-format', '--stdout', counters], { cwd: build, maxBuffer: 2 ** 30 })
  for (const { file, ...found } of (JSON.parse(text.toString()) as { files: File[] }).files) {
    if (!/\.(cuh?|cuda\.cc)$/.test(file) || !isJudged(file)) continue
    const counts = lines.get(file) ?? new Map<number, number>()
    lines.set(file, counts)
    for (const { line_number, count } of found.lines) counts.set(line_number, (counts.get(line_number) ?? 0) + count)
    for (const { demangled_name, execution_count } of found.functions) {
      const key = `${file} ${nameOf(demangled_name)}`
      functions.set(key, (functions.get(key) ?? 0) + execution_count)
    }
  }
}

const idle: string[] = []
let kernels = 0
console.log()
for (const [file, counts] of [...lines].sort()) {
  const executed = [...counts.values()].filter(count => count > 0).length
  const share = ((100 * executed) / counts.size).toFixed(1)
  console.log(`${relative(root, file).padEnd(36)} ${share.padStart(5)} % of ${String(counts.size).padStart(4)} lines`)
  for (const [, kernel] of readFileSync(file, 'utf8').matchAll(/__global__[^;{(]*?(\w+)\(/g)) {
    kernels++
    if (!((functions.get(`${file} ${kernel}`) ?? 0) > 0)) idle.push(`${relative(root, file)}: ${kernel}`)
  }
}
console.log(`${kernels} kernels, ${idle.length} never run`)
for (const kernel of idle) console.log(`never run: ${kernel}`)
process.exitCode = idle.length > 0 || kernels === 0 ? 1 : 0

/** `conv` of native/kernels/conv.cuda.cc is not judged if its tests have not run. */
function isJudged(file: string): boolean {
  const family = basename(file).replace(/[.-].*/, '')
  return families.includes(family) || !canBeLeftOut(family)
}

/** "void dtrain::cuda::fill<float>(float*, long)" → "fill" */
function nameOf(demangled: string): string {
  const bare = demangled.replace(/\[.*?\]/g, '').replace(/\(anonymous namespace\)/g, '_')
  return /([\w~]+)\s*(?:<.*)?\(/.exec(bare.replace(/<.*>\s*\(/s, '('))?.[1] ?? bare
}

function files(folder: string, suffix: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter(name => name.endsWith(suffix))
    .map(name => join(folder, name))
}
