// All examples of the documentation: blocks of TypeScript in the guides, and @example in the comments of src. Most are
// fragments, and use names that they do not declare: those of their own file, of the package, or of context.ts.
// `<!-- not run: REASON -->` on the line before the block of a guide says that it is compiled only, and so does
// `// not run: REASON` before the comment of a source, of its last example.
import { basename, dirname } from 'node:path'
import { contextOf, namesIn } from './context.ts'
import { packages } from './program.ts'
import { guides, sources, textOf } from './texts.ts'

export interface Example {
  file: string
  line: number
  /** The section of a guide. */
  title: string
  block: string
  /** Why it is only compiled. */
  notRun: string | undefined
}

/** The examples of a guide in order. */
export function examplesOf(file: string): Example[] {
  const text = textOf(file)
  const fences = /(?:^<!-- not run: (.*) -->\n)?^```ts\n(.*?)^```$/gms
  return [...text.matchAll(fences)].map(({ 0: whole, 1: notRun, 2: block, index }) => {
    const before = text.slice(0, index + whole.indexOf('```'))
    const title = [...before.matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? ''
    return { file, line: before.split('\n').length + 1, title, block: block!, notRun }
  })
}

/** Those of the comments of a source. */
function examplesIn(file: string): Example[] {
  const text = textOf(file)
  return [...text.matchAll(/(?:^ *\/\/ not run: (.*)\n *)?\/\*\*.*?\*\//gms)].flatMap(
    ({ 0: comment, 1: reason, index: start }) => {
      const found = [...comment.matchAll(/@example[ \n](.*?)(?=\n *\* @| *\*\/)/gs)]
      return found.map(({ 0: whole, 1: body, index }, i) => {
        const before = text.slice(0, start + index + whole.length - body!.length)
        const notRun = i === found.length - 1 ? reason : undefined
        return { file, line: before.split('\n').length, title: '', block: body!.replaceAll(/^ *\* ?/gm, ''), notRun }
      })
    },
  )
}

export const all = [...guides.flatMap(examplesOf), ...sources.flatMap(examplesIn)]

type Kind = 'value' | 'type'
/** What each source exports. */
const exported = new Map<string, Map<string, Kind>>(
  sources.map(file => {
    const found = textOf(file).matchAll(
      /^export (?:declare |abstract |async )*(class|function\*?|const|interface|type) (\w+)/gm,
    )
    return [
      file,
      new Map([...found].map(([, kind, name]) => [name!, /^(interface|type)$/.test(kind!) ? 'type' : 'value'])),
    ]
  }),
)

/** What an example means by names that it does not declare, as `import` lines. */
function header({ file, block }: Example): string[] {
  const words = new Set(block.replaceAll(/^import .*/gm, '').match(/(?<![.\w])[A-Za-z]\w*/g))
  const imported = new Set([...block.matchAll(/^import \{(.*?)\}/gms)].flatMap(([, names]) => names!.match(/\w+/g)!))
  const from = new Map<string, string[]>()
  const add = (path: string, name: string) => from.set(path, [...(from.get(path) ?? []), name])
  const context = contextOf(file)
  const names = namesIn(context)
  for (const word of words) {
    if (imported.has(word)) continue
    if (names.includes(word)) add('context', word)
    else {
      const found = exporter(word, file)
      if (found !== undefined) add(found.path, found.kind === 'type' ? `type ${word}` : word)
    }
  }
  const given = from.get('context')
  from.delete('context')
  const lines = [...from].map(([path, names]) => `import { ${names.join(', ')} } from '${path}'`)
  if (given === undefined) return lines
  return [
    ...lines,
    `import { contexts } from '../../test/docs/context.ts'`,
    `let { ${given.join(', ')} } = await contexts.${context}()`,
  ]
}

/** The source itself, the package, or any other source. */
function exporter(name: string, file: string): { path: string; kind: Kind } | undefined {
  const at = (source: string) => ({ path: `../../${source}`, kind: exported.get(source)!.get(name)! })
  if (exported.get(file)?.has(name)) return at(file)
  const own = `dtrain/${file.split('/')[1]}`
  for (const path of [own, ...Object.keys(packages)]) if (name in (packages[path] ?? {})) return { path, kind: 'value' }
  const near = (source: string) => (dirname(source) === dirname(file) ? 0 : 1)
  const [other] = sources.filter(source => exported.get(source)!.has(name)).sort((a, b) => near(a) - near(b))
  return other === undefined ? undefined : at(other)
}

/** An example as a module of its own. Its lines are those of the text behind `start`. */
export function asModule(example: Example): { text: string; start: number } {
  const imports = [...example.block.matchAll(/^import [^;]*? from '.*'$/gm)].map(([text]) => text!)
  const head = [...header(example), ...imports.map(text => text.replaceAll(/\s+/g, ' ')), '{']
  // An empty line for each line of an import, so that the others stay where they are.
  const body = imports.reduce((rest, text) => rest.replace(text, text.replaceAll(/[^\n]/g, '')), example.block)
  const inside = body.replaceAll(/^export (default )?/gm, '') // a block exports nothing
  return { text: `${head.join('\n')}\n${inside}\n}\n`, start: head.length }
}

export const nameOf = ({ file, line }: Example): string => `${file}:${line}`
export const fileOf = (example: Example): string =>
  `${basename(dirname(example.file))}-${nameOf(example).replaceAll(/[/:.]/g, '-')}.ts`
