// Runs PyTorch's own operator test inputs, which dump.py has written, through dtrain (`npm run opinfo -- NAME…`). Each
// sample becomes a call by the rule of the API: names in camelCase, what has no default positional, the rest in one
// object of options; the function at the package's root, else of its namespace, else the method; `add_` too, where
// PyTorch has the form in place. Values, dtypes, shapes and gradients are compared with PyTorch's. Prints for each name
// how many samples pass and the first reason why one does not, then the totals.
//
//   --data FOLDER      what dump.py has written; default opinfo in the folder for temporary files
//   --without a,b      leaves out groups: linalg, special, nn.functional
//   --reasons N        so many different reasons for each name, default 1
//   --failing          only the names that do not pass
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as dt from '../../src/index.ts'
import { camel, count, countOf, groupOf, linesOf, noneOf, passes, type Result } from './report.ts'
import {
  type Data,
  decode,
  difference,
  type Entry,
  entriesOf,
  functionOf,
  gradientDifference,
  leavesOf,
  type Tensor,
} from './values.ts'

interface Sample {
  variant: string
  dtype: dt.DType
  arguments: { name: string; value: Entry; default: boolean }[]
  out: Entry
  /** The same computed in a wider dtype, where that is another answer. */
  precise?: Entry[]
  /** Whether its elements mean nothing. */
  undefined: boolean
  /** Whether PyTorch has it as a function or method, and in place. */
  function: boolean
  inplace: boolean
  weights?: Entry[]
  grads?: Entry[]
}

type Callable = (...args: unknown[]) => unknown

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: join(tmpdir(), 'opinfo') },
    without: { type: 'string', default: '' },
    reasons: { type: 'string', default: '1' },
    failing: { type: 'boolean', default: false },
  },
})

/** What Python calls when a number stands on the left. */
const reversed: Record<string, string> = {
  __radd__: 'add',
  __rsub__: 'sub',
  __rmul__: 'mul',
  __rdiv__: 'div',
  __rpow__: 'pow',
  __rmod__: 'remainder',
  __rand__: 'bitwiseAnd',
  __ror__: 'bitwiseOr',
  __rxor__: 'bitwiseXor',
  __rmatmul__: 'matmul',
}

/** What op_db calls in place of a function, by name and variant. */
const wrappers: Record<string, (call: Callable) => Callable> = {
  'linalg.lstsq grad_oriented':
    call =>
    (...args) =>
      (call(...args) as unknown[]).slice(0, 2),
  'linalg.pinv singular': call => (a, b) => call((a as Tensor).matmul((b as Tensor).transpose(-2, -1))),
}

/** Vectors that are known but for their sign: the dimension along which they lie, for each tensor of a result. */
const unsigned: Record<string, (number | null)[]> = {
  'linalg.eigh': [null, -2],
  'linalg.svd': [-2, null, -1],
  svd: [-2, null, -2],
}

/** The vectors of `got` with the signs of those of `want`. */
function signed(got: Tensor, want: Tensor, dim: number | null): Tensor {
  if (dim === null || String(got.shape) !== String(want.shape)) return got
  return got.mul(got.detach().mul(want).sum(dim, { keepdim: true }).sign())
}

/** What op_db gives the table to first, which is the second argument. */
const tableFirst = new Set(['nn.functional.embedding', 'nn.functional.embedding_bag'])

/** The function that a name means, in the order of its arguments; undefined where dtrain has none. */
function callable(name: string): Callable | undefined {
  const call = functionOf(dt, name)
  if (tableFirst.has(name)) return call && ((table, numbers, ...rest) => call(numbers, table, ...rest))
  if (name in reversed) {
    const op = (dt as unknown as Record<string, Callable>)[reversed[name]!]
    return op && ((x, other, ...rest) => op(other, x, ...rest))
  }
  if (name === '__getitem__') return (x, ...at) => (x as Tensor).index(...(at as never[]))
  if (name === 'T' || name === 'mT') return name in dt.Tensor.prototype ? x => (x as never)[name] : undefined
  return call ?? (name.includes('.') ? undefined : method(camel(name)))
}

function method(name: string): Callable | undefined {
  if (typeof (dt.Tensor.prototype as unknown as Record<string, unknown>)[name] !== 'function') return undefined
  return (x, ...rest) => (x as Record<string, Callable>)[name]!(...rest)
}

/** What a name means in place: a method, or for a layer's function its option. */
function changing(name: string): Callable | undefined {
  if (!name.startsWith('nn.functional.')) return method(`${camel(name.split('.').at(-1)!)}_`)
  const call = callable(name)
  return (
    call &&
    ((...args) => {
      const options = args.at(-1)
      const given = typeof options === 'object' && !(options instanceof dt.Tensor) ? options : undefined
      return call(...(given ? args.slice(0, -1) : args), { ...given, inplace: true })
    })
  )
}

/** Calls it and compares; what differs, or undefined. */
function check(name: string, call: Callable, sample: Sample, data: Data, inplace: boolean): string | undefined {
  const leaves: Tensor[] = []
  const positional: unknown[] = []
  const options: Record<string, unknown> = {}
  for (const { name, value, default: optional } of sample.arguments) {
    const decoded = decode(dt, value, data, leaves)
    if (optional) options[camel(name)] = decoded
    else positional.push(decoded)
  }
  if (inplace) {
    const at = positional.findIndex(value => value instanceof dt.Tensor) // behind n of polygamma_(n)
    positional.unshift((positional.splice(at, 1)[0] as Tensor).clone())
  }
  if (Object.keys(options).length > 0) positional.push(options)
  dt.manualSeed(42)
  const wrapper = wrappers[`${name} ${sample.variant.split(' ')[0]}`]
  const want = entriesOf(sample.out)
  const got = leavesOf(dt, (wrapper?.(call) ?? call)(...positional)).map((y, i) =>
    y instanceof dt.Tensor && unsigned[name] && want[i]
      ? signed(y, decode(dt, want[i], data, []) as Tensor, unsigned[name][i]!)
      : y,
  )
  if (got.length !== want.length) return `gives ${got.length} values, not ${want.length}`
  const graph = sample.grads !== undefined
  for (const [i, value] of got.entries()) {
    const problem = difference(dt, value, want[i]!, data, !sample.undefined, graph)
    const precise = sample.precise?.[i]
    if (problem !== undefined && (!precise || difference(dt, value, precise, data, true))) return problem
  }
  if (!graph) return undefined
  const pairs = leaves.map((leaf, i): [string, Tensor, Entry] => [`input ${i}`, leaf, sample.grads![i]!])
  return gradientDifference(dt, got, sample.weights!, pairs, data)
}

/** All samples of a name, or of its form in place. */
function runName(name: string, samples: readonly Sample[], data: Data, inplace: boolean): Result {
  const changes = /[a-z]_$/.test(name) // zero_ and resize_, which have no other form
  const call = inplace && !changes ? changing(name) : callable(name)
  const result = noneOf(inplace && !changes ? `${name}_` : name, samples.length)
  if (call === undefined) {
    result.reasons.set('absent', samples.length)
    return result
  }
  for (const sample of samples) {
    const kind = [sample.variant, sample.dtype].filter(Boolean).join(' ')
    count(result, kind, () => dt.tidy(() => check(name, call, sample, data, inplace || changes)))
  }
  return result
}

function printTotals(results: readonly Result[]): void {
  const groups = new Map<string, Result[]>()
  for (const result of results) {
    for (const group of [groupOf(result.name), 'all']) groups.set(group, [...(groups.get(group) ?? []), result])
  }
  console.log('')
  for (const [group, all] of [...groups].sort(([a], [b]) => Number(a === 'all') - Number(b === 'all'))) {
    for (const [kind, of] of [
      ['', all.filter(({ name }) => !name.endsWith('_') || name.endsWith('__'))],
      [' in place', all.filter(({ name }) => name.endsWith('_') && !name.endsWith('__'))],
    ] as const) {
      if (of.length === 0) continue
      console.log(`${(group + kind).padEnd(24)} ${countOf(of)}`)
    }
  }
}

const without = flags.without.split(',').filter(Boolean)
const results: Result[] = []
for (const file of readdirSync(flags.data)
  .filter(file => file.endsWith('.json'))
  .sort()) {
  const name = file.slice(0, -'.json'.length)
  if (positionals.length > 0 ? !positionals.includes(name) : without.includes(groupOf(name))) continue
  const { samples } = JSON.parse(readFileSync(join(flags.data, file), 'utf8')) as { samples: Sample[] }
  if (samples.length === 0) continue
  const data = dt.load<Data>(join(flags.data, `${name}.safetensors`))
  for (const inplace of [false, true]) {
    const chosen = samples.filter(sample => (inplace ? sample.inplace : sample.function))
    if (chosen.length === 0) continue
    const result = runName(name, chosen, data, inplace)
    if (!flags.failing || !passes(result)) console.log(linesOf(result, Number(flags.reasons)))
    results.push(result)
  }
  for (const x of Object.values(data)) x.dispose()
}
printTotals(results)
