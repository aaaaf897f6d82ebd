// Common ops beside PyTorch (bench/ops.py): one element, 10⁴ and 10⁶, contiguous and transposed, one thread and two. A
// ratio is PyTorch's time by dtrain's, so above 1 dtrain is faster: the median of rounds that followed each other if
// the machine is quiet at the start, and else of the shortest rounds, which other work leaves alone. Each line is
// printed when it has been measured, then a table of ratios and what it comes to. An op is named as in the table; `sum`
// stands for `sum(0)` too. --table writes the table into a page, between its marks.
//   npx tsx bench/ops.ts --python python3 [--ops add,sum] [--sizes 1,10000] [--layouts transposed] [--threads 1]
//                        [--rounds 11] [--json ops.json] [--table docs/performance.md]
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setNumThreads } from 'dtrain'
import { alternate, calling, machineLine, median, ratioOf, spreadOf, Twin, within } from '../dist/src/bench/measure.js'
import { type Layout, operandsOf, ops } from './ops-list.ts'

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    ops: { type: 'string' },
    sizes: { type: 'string', default: '1,10000,1000000' },
    layouts: { type: 'string', default: 'contiguous,transposed' },
    threads: { type: 'string', default: '1,2' },
    rounds: { type: 'string', default: '11' },
    ms: { type: 'string', default: '10' },
    json: { type: 'string' },
    table: { type: 'string' },
  },
})
const list = (text: string) => text.split(',')
const wanted = values.ops === undefined ? undefined : new Set(list(values.ops))
const chosen = Object.entries(ops).filter(
  ([name]) => !wanted || wanted.has(name) || wanted.has(name.replace(/\(.*/, '')),
)
const [rounds, ms] = [Number(values.rounds), Number(values.ms)]

interface Measured {
  name: string
  dtype: string
  elements: number
  layout: string
  threads: number
  /** Microseconds of a call, and PyTorch's. */
  us: number
  torch: number
  ratio: number
}

/** Calls until V8 has compiled what is called, and memory comes from what earlier results have left. */
function warm(side: (calls: number) => unknown): void {
  const start = performance.now()
  for (let calls = 0; calls < 4000 && performance.now() - start < 100; calls += 4) side(4)
}

const quiet = loadavg()[0]! < 0.25 * availableParallelism()
const how = quiet ? 'medians of rounds' : 'the shortest of the rounds, since the machine is busy'

const rows: Measured[] = []
const twin = await Twin.start(values.python, join(import.meta.dirname, 'ops.py'))
console.log(`${machineLine(twin.version)}: ${how}`)
for (const threads of list(values.threads).map(Number)) {
  setNumThreads(threads)
  for (const elements of list(values.sizes).map(Number))
    for (const layout of list(values.layouts) as Layout[]) {
      if (elements === 1 && layout === 'transposed') continue // which is no different
      for (const [name, [dtypes, call, plain]] of chosen) {
        if (plain && layout === 'transposed') continue
        for (const dtype of dtypes) {
          const operands = operandsOf(elements, layout, dtype)
          const ours = calling(() => call(operands))
          warm(ours)
          const sides = [ours, twin.side([name, dtype, elements, layout, threads].join(' '))]
          const [mine, theirs] = (await alternate(sides, { rounds, ms })) as [number[], number[]]
          const [time, other] = [spreadOf(mine), spreadOf(theirs)]
          const of = quiet ? median : (times: readonly number[]) => Math.min(...times)
          const [us, torch] = [of(mine), of(theirs)]
          const ratio = quiet ? ratioOf(mine, theirs).median : torch / us
          rows.push({ name, dtype, elements, layout, threads, us, torch, ratio })
          const cells = [us.toFixed(2), within(time), torch.toFixed(2), within(other)]
          console.log(
            `${name.padEnd(22)} ${dtype.padEnd(8)} ${String(elements).padStart(7)} ${layout.padEnd(10)} ${threads} ` +
              `${cells.map(cell => cell.padStart(10)).join(' ')} ${ratio.toFixed(2).padStart(7)}`,
          )
        }
      }
    }
}
twin.end()

/** The columns of the table of ratios: what is the same for all ops. */
const columns = [...new Set(rows.map(({ elements, layout, threads }) => `${elements} ${layout} ${threads}`))]
const heads = columns.map(column => {
  const [elements, layout, threads] = column.split(' ')
  return `${elements}${layout === 'transposed' ? ', t' : ''}${threads === '1' ? '' : `, ${threads} threads`}`
})
const table = [
  ['op', ...heads],
  ['---', ...heads.map(() => '---:')],
]
for (const key of new Set(rows.map(({ name, dtype }) => `${name} ${dtype}`))) {
  const [name, dtype] = key.split(' ') as [string, string]
  const cells = columns.map(column => {
    const row = rows.find(row => row.name === name && row.dtype === dtype && columnOf(row) === column)
    return row?.ratio.toFixed(2) ?? ''
  })
  table.push([dtype === 'float32' ? name : `${name}, ${dtype}`, ...cells])
}
function columnOf({ elements, layout, threads }: Measured): string {
  return `${elements} ${layout} ${threads}`
}

const slow = (rows: Measured[]) => rows.filter(({ ratio }) => ratio < 1 / 1.2)
const summary = list(values.sizes)
  .map(Number)
  .map(elements => {
    const of = rows.filter(row => row.elements === elements)
    const worst = of.reduce((a, b) => (a.ratio < b.ratio ? a : b))
    const tripled = elements === 1 ? `, ${of.filter(({ ratio }) => ratio < 3).length} below 3` : ''
    return (
      `${elements} element${elements === 1 ? '' : 's'}: ${of.length} measured, median ${median(of.map(r => r.ratio)).toFixed(2)}, ` +
      `${slow(of).length} slower than 1.2 times PyTorch${tripled}, the least ${worst.ratio.toFixed(2)} (${worst.name}, ${worst.dtype})`
    )
  })
const text = table.map(cells => `| ${cells.join(' | ')} |`).join('\n')
console.log(`\n${text}\n\n${summary.join('\n')}`)
if (values.json !== undefined)
  writeFileSync(values.json, JSON.stringify({ machine: machineLine(twin.version), summary, rows }, null, 1))
if (values.table !== undefined) {
  const part = [`${machineLine(twin.version)}: ${how}`, text, summary.map(line => `- ${line}`).join('\n')].join('\n\n')
  const page = readFileSync(values.table, 'utf8')
  const marked = /(<!-- ops -->\n)[\s\S]*(\n<!-- \/ops -->)/
  if (!marked.test(page)) throw new Error(`${values.table}: there are no lines <!-- ops --> and <!-- /ops -->`)
  writeFileSync(
    values.table,
    page.replace(marked, (_, before, after) => `${before}\n${part}\n${after}`),
  )
}
