// `npm run api`: writes docs/api.md, all that a program can use of the package with its types, from what the compiler
// has written into dist. A test compares, so a change of the public surface is a difference that a reader sees. It
// reads the text of the .d.ts files, as the compiler lays it out: TypeScript 7 has no interface for programs.
// `--print` writes nothing and prints the page.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')

interface Declaration {
  file: string
  /** One for each overload, or where an interface and a class have one name. */
  texts: string[]
}
type Target = { file: string; name: string }

interface Source {
  declared: Map<string, Declaration>
  /** Names from other files; `*` as the name is all of the file. */
  imported: Map<string, Target>
  /** Names for others: of this file, or of another. */
  exported: Map<string, Target>
}

const sources = new Map<string, Source>()

function sourceOf(file: string): Source {
  const known = sources.get(file)
  if (known !== undefined) return known
  const source: Source = { declared: new Map(), imported: new Map(), exported: new Map() }
  sources.set(file, source)
  for (const statement of statementsOf(file)) read(file, statement, source)
  return source
}

/** Statements on one line each, or a line for each member; what is internal is left out, and so are comments. */
function statementsOf(file: string): string[] {
  const text = readFileSync(join(root, 'dist', file.replace(/\.ts$/, '.d.ts')), 'utf8')
  const marked = text.replaceAll(/\/\*.*?\*\/\s*/gs, comment => (comment.includes('@internal') ? '@internal ' : ''))
  return split(marked).filter(statement => !statement.startsWith('@internal'))
}

/** Cuts at `;` and at the end of braces that no `;` or other text follows. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: token, index } of text.matchAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[[({]|[\])}]|[;\n]/g)) {
    if (/^[[({]$/.test(token)) depth += 1
    else if (/^[\])}]$/.test(token)) depth -= 1
    const end = token === ';' || (token === '\n' && text[index - 1] === '}')
    if (depth > 0 || !end) continue
    parts.push(text.slice(start, index).trim())
    start = index + 1
  }
  return parts.filter(part => part !== '')
}

function read(file: string, statement: string, source: Source): void {
  const [, from] = / from ['"](\..*)['"]$/s.exec(statement) ?? []
  const other = from === undefined ? undefined : join(dirname(file), from)
  const [, space] = /^(?:import|export)(?: type)? \* as (\w+)/.exec(statement) ?? []
  const names = /^(?:import|export)(?: type)? \{(.*?)\}/s.exec(statement)?.[1]
  const into = statement.startsWith('import') ? source.imported : source.exported
  if (space !== undefined && other !== undefined) into.set(space, { file: other, name: '*' })
  else if (/^export (?:type )?\* from/.test(statement)) {
    for (const [name, target] of sourceOf(other!).exported) source.exported.set(name, target)
  } else if (names !== undefined) {
    for (const item of names.split(',').map(it => it.trim().replace(/^type /, ''))) {
      const [name, alias = name] = item.split(' as ') as [string, string?]
      if (name === '') continue
      const target = other === undefined ? (source.imported.get(name) ?? { file, name }) : { file: other, name }
      if (statement.startsWith('import') ? other !== undefined : true) into.set(alias!, target)
    }
  } else declare(file, statement, source)
}

const declaring = /^(export )?(?:declare )?(?:abstract )?(?:function|class|interface|type|const|let)\*? (\w+)/

function declare(file: string, statement: string, source: Source): void {
  const [, isExported, name] = declaring.exec(statement) ?? []
  if (name === undefined) return
  const known = source.declared.get(name) ?? { file, texts: [] }
  known.texts.push(compact(statement.replace(/^(export )?(declare )?/, '')))
  source.declared.set(name, known)
  if (isExported) source.exported.set(name, { file, name })
}

/** The members of a class or an interface stand on lines of their own, everything else on one. */
function compact(text: string): string {
  const [, head, body] = /^((?:abstract )?(?:class|interface) .*?)\{\n(.*)\}$/s.exec(text) ?? []
  if (body === undefined) return onOneLine(text)
  const members = split(body).filter(
    member => !/^(@internal|#private|private |protected static |static #)/.test(member),
  )
  return [`${onOneLine(head!)} {`, ...members.map(member => `  ${onOneLine(member)}`), '}'].join('\n')
}

const onOneLine = (text: string) =>
  text
    .replaceAll(/import\("[^"]*"\)\./g, '')
    .replaceAll(/@internal [^;]*;/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/;(?= \})/g, '')
    .trim()

/** Where a name comes from in the end; undefined for what is not of this package. */
function resolve({ file, name }: Target): Declaration | { space: string } | undefined {
  if (name === '*') return { space: file }
  const { declared, exported, imported } = sourceOf(file)
  const own = declared.get(name)
  if (own !== undefined) return own
  const next = exported.get(name) ?? imported.get(name)
  return next === undefined || (next.file === file && next.name === name) ? undefined : resolve(next)
}

/** Each with the section that has it. */
const shown = new Map<Declaration, string>()
/** Files that are namespaces, with the name that they have in the page. */
const spaces = new Map<string, string>()
const lines: string[] = []

function section(title: string, file: string): void {
  spaces.set(file, title)
  const inner: [name: string, file: string][] = []
  lines.push('', `## ${title}`, '', '```ts')
  for (const [name, target] of [...sourceOf(file).exported].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = resolve(target)
    if (found === undefined) throw new Error(`${file}: ${name} comes from nowhere`)
    if ('space' in found) {
      const known = spaces.get(found.space)
      lines.push(`namespace ${name} // ${known ?? `${title}: ${name}`}`)
      if (known === undefined) inner.push([name, found.space])
    } else {
      const before = shown.get(found)
      if (before !== undefined) lines.push(`${name} // as in ${before}`)
      else for (const text of found.texts) lines.push(text.replace(new RegExp(`\\b${target.name}\\b`), name))
      shown.set(found, before ?? title)
    }
  }
  lines.push('```')
  for (const [name, space] of inner) section(`${title}: ${name}`, space)
}

/** Declarations that others mention and that have no name in the package, by file, but for those of the addon. */
function mentioned(): Map<string, Declaration[]> {
  const found = new Map<string, Declaration[]>()
  const queue = [...shown.keys()]
  const add = (target: Target) => {
    const declaration = resolve(target)
    if (declaration === undefined) return
    if ('space' in declaration) {
      if (!spaces.has(declaration.space)) for (const [, of] of sourceOf(declaration.space).exported) add(of)
    } else if (!shown.has(declaration) && !declaration.file.startsWith('src/native/')) {
      shown.set(declaration, '')
      queue.push(declaration)
      found.set(declaration.file, [...(found.get(declaration.file) ?? []), declaration])
    }
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { declared, imported } = sourceOf(next.file)
    for (const [word] of next.texts.join('\n').matchAll(/(?<![.\w'"])[A-Za-z_]\w*(?!\??:)/g)) {
      if (declared.has(word)) add({ file: next.file, name: word })
      else if (imported.has(word)) add(imported.get(word)!)
    }
  }
  return found
}

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { types?: string }>
}
const entries = Object.entries(exports).flatMap(([path, { types }]) =>
  types === undefined ? [] : [[join('dtrain', path), types.replace('./dist/', '').replace(/\.d\.ts$/, '.ts')] as const],
)
for (const [name, file] of entries) spaces.set(file, name)
for (const [name, file] of entries) section(name, file)
const others = mentioned()
lines.push('', '## Types that these mention', '', 'They have no name in the package.', '', '```ts')
for (const [file, declarations] of [...others].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const texts = declarations.flatMap(({ texts }) => texts).sort()
  lines.push(`// ${file}`, ...texts)
}
lines.push('```')

const intro = `# The public surface

All that a program can import from dtrain ${'`'}0.x${'`'}, with its types. \`npm run api\` writes this page; a test compares it
with the build, so a change of it is seen in review. [CHANGELOG.md](../CHANGELOG.md) says what changed and what counts as
public.
`
const page = `${intro}${lines.join('\n')}\n`
if (process.argv.includes('--print')) process.stdout.write(page)
else writeFileSync(join(root, 'docs/api.md'), page)
