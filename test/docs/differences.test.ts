// Runs every example of docs/differences.md. A comment behind `console.log(…)` is what it prints; `// throws TEXT`
// means that the line throws an error whose message has TEXT in it. A block is a module: its imports are the package's.
import { readFileSync } from 'node:fs'
import { format } from 'node:util'
import { transform } from 'esbuild'
import { expect, test, vi } from 'vitest'
import * as distributed from '../../src/distributed/index.ts'
import * as dtrain from '../../src/index.ts'

const packages: Record<string, object> = { dtrain, 'dtrain/distributed': distributed }
const page = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/^## (.*?)$|^```ts\n(.*?)^```$/gms)]

const importing = /^import \{ (.*) \} from '(.*)'$/
const throwing = /^(.*?) \/\/ throws (.*)$/
const printing = /^.*console\.log\(.* \/\/ (.*)$/

/** The block as the body of an asynchronous function of `load`, `throws` and `console`, and what it should print. */
function program(block: string): { source: string; printed: string[]; checks: number } {
  const printed: string[] = []
  let checks = 0
  const lines = block.split('\n').map(line => {
    const [, names, from] = importing.exec(line) ?? []
    if (names !== undefined)
      return `const { ${names.replaceAll(/type \w+,? ?|, type \w+/g, '')} } = await load('${from}')`
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

async function load(name: string): Promise<object> {
  return packages[name] ?? (await import(name))
}

async function run(block: string): Promise<{ got: string[]; want: string[]; checks: number }> {
  const { source, printed, checks } = program(block)
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  const got: string[] = []
  const log = (...values: unknown[]) => void got.push(format(...values))
  const throws = (call: () => unknown, text: string) => expect(call, text).toThrow(text)
  const AsyncFunction = run.constructor as new (...source: string[]) => (...given: unknown[]) => Promise<void>
  await new AsyncFunction('load', 'throws', 'console', code)(load, throws, { log })
  return { got, want: printed, checks }
}

let section = ''
let number = 0
for (const [, title, block] of blocks) {
  if (title !== undefined) {
    section = title
    number = 0
    continue
  }
  test(`${section}: example ${++number}`, async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {}) // of Modules, which is about a warning
    const { got, want, checks } = await run(block!)
    expect(got).toEqual(want)
    expect(checks).toBeGreaterThan(0)
  })
}

test('every section of the table exists, and every section has a row or an example', () => {
  const sections = blocks.flatMap(([, title]) => (title === undefined ? [] : [title]))
  const linked = [...page.matchAll(/\]\(#(.*?)\)/g)].map(([, anchor]) => anchor)
  const anchors = sections.map(title => title.toLowerCase().replaceAll(' ', '-'))
  for (const anchor of linked) expect(anchors).toContain(anchor)
  expect(sections.length).toBeGreaterThan(10)
})
