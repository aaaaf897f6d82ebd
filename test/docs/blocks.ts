// Runs the examples of a page of docs/. A comment behind `console.log(…)` is what it prints; `// throws TEXT` means
// that the line throws an error whose message has TEXT in it. A block is a module: its imports are the package's.
import { readFileSync } from 'node:fs'
import { format } from 'node:util'
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

const packages: Record<string, object> = {
  dtrain,
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
    const [, output] = printing.exec(line) ?? []
    if (output !== undefined) printed.push(output)
    return line
  })
  return { source: lines.join('\n'), printed, checks: checks + printed.length }
}

async function modules(name: string): Promise<object> {
  return packages[name] ?? (await import(name))
}

/** Runs a block: what it printed, what it says that it prints, and how many claims it makes. */
export async function run(block: string): Promise<{ got: string[]; want: string[]; checks: number }> {
  const { source, printed, checks } = program(block)
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  const got: string[] = []
  const log = (...values: unknown[]) => void got.push(format(...values))
  const throws = (call: () => unknown, text: string) => expect(call, text).toThrow(text)
  const AsyncFunction = run.constructor as new (...source: string[]) => (...given: unknown[]) => Promise<void>
  await new AsyncFunction('modules', 'throws', 'console', code)(modules, throws, { log })
  return { got, want: printed, checks }
}

/** The text of docs/<name>.md. */
export function read(name: string): string {
  return readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')
}

/** The examples of a page in order, each with the title of its section and its number there. */
export function examples(page: string): { title: string; block: string }[] {
  let section = ''
  let number = 0
  return [...page.matchAll(/^## (.*?)$|^```ts\n(.*?)^```$/gms)].flatMap(([, title, block]) => {
    if (title === undefined) return [{ title: `${section}: example ${++number}`, block: block! }]
    section = title
    number = 0
    return []
  })
}
