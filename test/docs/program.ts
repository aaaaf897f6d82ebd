// Runs an example of the documentation. A comment behind `console.log(…)` is what it prints; `// throws TEXT` means
// that the line throws an error whose message has TEXT in it; behind another expression a tensor, numbers or `true` is
// its value. A block is a module: its imports are the package's.
import { format, inspect } from 'node:util'
import { transform } from 'esbuild'
import { expect } from 'vitest'
import * as distributed from '../../src/distributed/index.ts'
import * as dtrain from '../../src/index.ts'
import * as monitor from '../../src/monitor/index.ts'
import * as onnx from '../../src/onnx/index.ts'
import * as tensorboard from '../../src/tensorboard/index.ts'
import * as tune from '../../src/tune/index.ts'
import * as vision from '../../src/vision/index.ts'
import * as viz from '../../src/viz/index.ts'

/** What a program can import. */
export const packages: Record<string, object> = {
  dtrain,
  'dtrain/nn': dtrain.nn,
  'dtrain/optim': dtrain.optim,
  'dtrain/data': dtrain.data,
  'dtrain/metrics': dtrain.metrics,
  'dtrain/distributed': distributed,
  'dtrain/monitor': monitor,
  'dtrain/onnx': onnx,
  'dtrain/tensorboard': tensorboard,
  'dtrain/vision': vision,
  'dtrain/viz': viz,
  'dtrain/tune': tune,
}
const importing = /^import \{ (.*) \} from '(.*)'$/
const throwing = /^(.*?) \/\/ throws (.*)$/
/** A value written as it is printed, behind an expression. */
const claiming = /^(?!const |let |for |.*console\.)(\S.*?) \/\/ (tensor\(.*\)|-?[\d.]+|\[[\d., [\]-]*\]|true|false)$/
const printing = /^.*console\.log\(.* \/\/ (.*)$/

/** The block as the body of an asynchronous function of `modules`, `throws` and `console`, and what it should print. */
function program(block: string): { source: string; printed: string[]; checks: number } {
  const printed: string[] = []
  let checks = 0
  const lines = block.split('\n').map(line => {
    const [, names, from] = importing.exec(line) ?? []
    if (names !== undefined)
      return `const { ${names.replaceAll(/type \w+,? ?|, type \w+/g, '')} } = await modules('${from}')`
    const [, statement, text] = throwing.exec(line) ?? []
    if (statement !== undefined) {
      checks += 1
      return `throws(() => { ${statement} }, ${JSON.stringify(text)})`
    }
    const [, value, claim] = claiming.exec(line) ?? []
    if (value !== undefined) {
      checks += 1
      return `claims(${value}, ${JSON.stringify(claim)})`
    }
    const [, output] = printing.exec(line) ?? []
    if (output !== undefined) printed.push(output)
    return line
  })
  return { source: lines.join('\n'), printed, checks: checks + printed.length }
}

async function modules(name: string): Promise<object> {
  return packages[name] ?? (await import(name))
}

/** On one line, and without the spaces that align. */
const dense = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/(?<=[[({]) | (?=[\])}])/g, '')

/** Runs a block: what it printed, what it says that it prints, and how many claims it makes. */
export async function run(block: string): Promise<{ got: string[]; want: string[]; checks: number }> {
  const { source, printed, checks } = program(block)
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  const got: string[] = []
  const log = (...values: unknown[]) => void got.push(format(...values))
  const throws = (call: () => unknown, text: string) => expect(call, text).toThrow(text)
  const claims = (value: unknown, text: string) => expect(dense(inspect(value, { depth: null }))).toBe(dense(text))
  const AsyncFunction = run.constructor as new (...source: string[]) => (...given: unknown[]) => Promise<void>
  await new AsyncFunction('modules', 'throws', 'claims', 'console', code)(modules, throws, claims, { log })
  return { got, want: printed, checks }
}
