// Which families of ops the long suites (sanitizers, coverage) run: half of them, chosen by the commit. Prints them as
// DTRAIN_FAMILIES wants them (empty: all), then, one a line, arguments with which native tests leave out the others.
//   npx tsx scripts/sample.ts                by the commit of HEAD
//   npx tsx scripts/sample.ts conv pool      these
//   npx tsx scripts/sample.ts --all          all
// A commit's hash is a fair coin, so after ten commits one family in a thousand has not had its turn. What is not of
// one family (memory, streams, NCCL, random, optim) always runs.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { families as tables } from '../test/ops/families.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const families = Object.keys(tables).sort()

/** Parts of the names of the native tests that are about one family. It has kernel files of its own. */
const nativeTests: Record<string, string[]> = {
  activation: ['cuda: activations', 'cuda: gradients of activations'],
  arithmetic: ['cuda: arithmetic'],
  compare: ['cuda: comparisons'],
  conv: ['convolution'],
  copy: ['cuda: fill, copy and casts'],
  index: ['selecting and scattering'],
  loss: ['nllLoss', 'cuda: losses of pairs'],
  matmul: ['gemm', 'product', 'cuda: batches of matrices', 'emulation: matrix products'],
  pool: ['pool: '],
  reduce: [
    ...['cuda: sums, products', 'cuda: a sum of a million', 'cuda: reductions', 'cuda: running sums'],
    'cuda: max and min along',
  ],
  select: ['cuda: formulas of three operands'],
  softmax: ['logSoftmax'],
  unary: ['cuda: unary'],
}

/** The families that `args` choose. @throws Error for a name that is no family */
export function chosen(args: readonly string[]): string[] {
  if (args.includes('--all')) return families
  const unknown = args.filter(name => !families.includes(name))
  if (unknown.length > 0) throw new Error(`no family '${unknown.join("', '")}'; there are ${families.join(', ')}`)
  return args.length > 0 ? [...args] : half(commit())
}

/** Every second one, beginning with the first or the second. */
export const half = (hash: string): string[] =>
  families.filter((_, index) => index % 2 === Number.parseInt(hash.slice(0, 8), 16) % 2)

/** Arguments for dtrain_test that leave out the tests of other families. */
export const without = (names: readonly string[]): string[] =>
  Object.entries(nativeTests).flatMap(([family, parts]) =>
    names.includes(family) ? [] : parts.map(part => `-${part}`),
  )

/** Whether `family` is one whose native tests can be left out. */
export const canBeLeftOut = (family: string): boolean => family in nativeTests

function commit(): string {
  return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = chosen(process.argv.slice(2))
  console.log(names.length === families.length ? '' : names.join(','))
  for (const argument of without(names)) console.log(argument)
}
