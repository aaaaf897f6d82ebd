// Writes docs/coverage.md (`npm run op-matrix`): which op is tested in which dtype, and how. It reads the case tables
// and the golden files, and for the names of PyTorch's operators the exports; test/ops/coverage.test.ts compares the
// page with what this makes of them.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { families } from '../test/ops/families.ts'
import { lacking } from '../test/ops/lacking.ts'
import { type Case, type DType, dtypes } from '../test/support/case.ts'
import { type Answer, golden, isDifferentiable } from '../test/support/golden.ts'
import { namesSection } from './op-names.ts'

const page = fileURLToPath(new URL('../docs/coverage.md', import.meta.url))

/** What is known of an op in one dtype. */
export interface Cell {
  op: string
  dtype: DType
  /** What PyTorch says, if it does not have it. */
  refused?: string
  /** Its cases: all of them, those with gradients, and of these the ones sampled by central differences. */
  values: Case[]
  gradients: Case[]
  sampled: Case[]
}

/** The cells of a family, op by op. A case counts for the dtype of its first input; without inputs, of its output. */
export function cells(family: string): Cell[] {
  const { entries, refused = {} } = golden<Answer>(`ops-${family}`)
  const cases = families[family]!
  const answerOf = (it: Case) => entries[it.name]!
  const dtypeOf = (it: Case) =>
    it.inputs[0]?.dtype ?? (it.inputs.length > 0 ? 'float32' : answerOf(it).outputs[0]!.dtype)
  return [...new Set(cases.map(it => it.op))].flatMap(op =>
    dtypes.map(dtype => {
      const values = cases.filter(it => it.op === op && dtypeOf(it) === dtype)
      const gradients = values.filter(it => it.inputs[0]?.grad && answerOf(it).gradients)
      const sampled = gradients.filter(it => !it.kink && isDifferentiable(it, answerOf(it)))
      return { op, dtype, refused: refused[op]?.[dtype], values, gradients, sampled }
    }),
  )
}

function show({ op, dtype, refused, values, gradients, sampled }: Cell): string {
  if (values.length === 0) return refused ? '–' : lacking[op]?.includes(dtype) ? 'lacks' : 'no case'
  const marks = ['v', gradients.length > 0 ? 'g' : '', sampled.length > 0 ? 'n' : ''].join('')
  return values.every(it => it.sequential) ? `${marks} cpu` : marks
}

export function coverage(): string {
  const row = (fields: readonly string[]) => `| ${fields.join(' | ')} |`
  const rows = Object.keys(families).flatMap(family => {
    const all = cells(family)
    return [...new Set(all.map(cell => cell.op))].map(op =>
      row([family, `\`${op}\``, ...all.filter(cell => cell.op === op).map(show)]),
    )
  })
  return `# Ops and dtypes that are tested

\`npm run op-matrix\` writes this page from the case tables (\`test/ops/cases\`) and the golden files; a test compares it
with them. Every case runs on the CPU and on CUDA (emulated, or a GPU's for \`npm run test:gpu\`); \`cpu\` marks what runs
on the CPU alone. The dtype is that of the first argument.

- \`v\`: values are compared with PyTorch's
- \`g\`: so are gradients
- \`n\`: gradients and second derivatives are compared with central differences, in float64
- \`–\`: PyTorch refuses it
- \`lacks\`: PyTorch has it, dtrain refuses it (\`test/ops/lacking.ts\`)

${row(['family', 'op', ...dtypes])}
${row(Array(dtypes.length + 2).fill('---'))}
${rows.join('\n')}

${namesSection(Object.values(families).flat())}`
}

/** What docs/coverage.md says now. */
export function written(): string {
  return readFileSync(page, 'utf8')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, coverage())
