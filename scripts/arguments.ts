// Checks the signatures of everything that the package exports (`npm run arguments`) against the rule of the API: what
// has no default is positional; what has one goes into one trailing options object, and the first of these may be
// positional too. A function also counts its arguments (`atMost`), so that none is dropped in silence; methods.ts does
// so for the methods that are ops. What is positional stands in PyTorch's order (test/golden/signatures.json). Each
// signature that breaks this is printed. It reads the text, as Biome lays it out. An argument names another tree;
// `--options` prints the names of all that take options, for the tests, `--names` all names, for the golden script,
// `--signatures` as JSON what each takes, for test/fuzz.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a program may import, and the name it has in reports. */
const entries = {
  dt: 'src/index.ts',
  distributed: 'src/distributed/index.ts',
  vision: 'src/vision/index.ts',
  tensorboard: 'src/tensorboard/index.ts',
  viz: 'src/viz/index.ts',
  monitor: 'src/monitor/index.ts',
  tune: 'src/tune/index.ts',
  onnx: 'src/onnx/index.ts',
}

/** Signatures that the rule does not cover, and why. */
const exceptions: Record<string, string> = {
  uniform_: 'two bounds that belong together',
  normal_: 'mean and deviation, which belong together',
  random_: 'two bounds that belong together',
  cauchy_: 'median and sigma, which belong together',
  logNormal_: 'as normal_',
  uniform: 'as uniform_',
  normal: 'as normal_',
  to: 'what an argument is says which one it is',
  ModuleList: 'what can be iterated, never an options object',
  ParameterList: 'as ModuleList',
  ModuleDict: 'an object of modules, never of options',
  ParameterDict: 'as ModuleDict',
  tensor: 'data of any kind',
  sort: 'the overload of PyTorch that has stable takes it by its name only',
  argsort: 'as sort',
  where: 'the method has the condition behind the tensor, as in PyTorch',
  polygamma: 'the method has the order behind the tensor, as in PyTorch',
}

/** Names that PyTorch spells in another way. */
const spelled: Record<string, string> = { x: 'self', y: 'other', xs: 'tensors' }

interface Parameter {
  name: string
  optional: boolean
  rest: boolean
  type: string
}

interface Signature {
  parameters: Parameter[]
  /** The text between its braces; undefined for an overload. */
  body: string | undefined
}

interface Callable {
  file: string
  line: number
  name: string
  kind: 'function' | 'constructor' | 'method'
  internal: boolean
  signatures: Signature[]
}

const root =
  process.argv.slice(2).find(argument => !argument.startsWith('--')) ?? fileURLToPath(new URL('..', import.meta.url))

/** The names of each options type, in order. */
const optionNames = new Map<string, string[]>()
const declared = new Map<string, { functions: Map<string, Callable>; classes: Map<string, Callable[]> }>()
for (const name of (readdirSync(join(root, 'src'), { recursive: true }) as string[]).sort()) {
  if (name.endsWith('.ts') && name !== 'errors.ts') declared.set(`src/${name}`, declarations(`src/${name}`))
}

const golden = join(root, 'test/golden/signatures.json')
/** PyTorch's arguments of what has its name: those of each overload. */
const pytorch: Record<string, string[][]> = existsSync(golden) ? JSON.parse(readFileSync(golden, 'utf8')).entries : {}

if (process.argv.includes('--options')) printOptions()
else if (process.argv.includes('--names')) for (const [name] of published()) console.log(name)
else if (process.argv.includes('--signatures')) printSignatures()
else {
  const seen = new Set<Callable>()
  for (const [name, callables] of published()) {
    for (const callable of callables.filter(callable => !seen.has(callable))) {
      seen.add(callable)
      check(callable, callable.kind === 'method' ? undefined : pytorch[name])
    }
  }
}

/** All that a program can call, with the name of its namespace before its own. */
function published(): [name: string, callables: Callable[]][] {
  const found: [string, Callable[]][] = []
  for (const [space, file] of Object.entries(entries)) {
    if (existsSync(join(root, file))) collect(space, file, found)
  }
  const ops = [...declared].filter(([file]) => /^src\/tensor\/ops\/[^.]+(\.method)?\.ts$/.test(file))
  for (const [, { functions }] of ops) for (const [name, op] of functions) found.push([`Tensor.${name}`, [op]])
  return found
}

function collect(space: string, file: string, found: [string, Callable[]][]): void {
  const { functions, classes } = declared.get(file)!
  for (const [name, callable] of functions) found.push([`${space}.${name}`, [callable]])
  for (const [name, callables] of classes) found.push([`${space}.${name}`, callables])
  for (const [, names, space2, target] of text(file).matchAll(
    /^export (?:\{([^}]*)\}|\*(?: as (\w+))?) from '(\.[^']+)'/gms,
  )) {
    const other = join(dirname(file), target!)
    if (!declared.has(other)) continue // errors.ts, whose classes are JavaScript's
    if (space2 !== undefined) collect(space === 'dt' ? space2 : `${space}.${space2}`, other, found)
    else if (names === undefined) collect(space, other, found)
    else {
      const wanted = names.split(',').map(name => name.trim())
      const all: [string, Callable[]][] = []
      collect(space, other, all)
      found.push(...all.filter(([name]) => wanted.includes(name.slice(space.length + 1))))
    }
  }
}

function printOptions(): void {
  const names = new Set<string>()
  for (const [name, callables] of published()) {
    for (const callable of callables) {
      const takes = callable.signatures.some(({ parameters }) => parameters.some(({ type }) => optionsType(type)))
      if (!takes || callable.internal) continue
      const owner = name.slice(name.lastIndexOf('.') + 1)
      names.add(callable.kind === 'method' ? `${owner}.${callable.name}` : name)
    }
  }
  for (const name of [...names].sort()) console.log(name)
}

/** `[name, parameters of each signature that can be called]`, of functions, constructors and methods. */
function printSignatures(): void {
  const all = published().flatMap(([name, callables]) =>
    callables
      .filter(({ internal }) => !internal)
      .map(({ kind, name: own, signatures }) => {
        const overloads = signatures.filter(({ body }) => body === undefined)
        const callable = overloads.length > 0 ? overloads : signatures
        const isMember = kind === 'method' && !name.endsWith(`.${own}`)
        return [isMember ? `${name}.${own}` : name, callable.map(({ parameters }) => parameters)]
      }),
  )
  console.log(JSON.stringify(all))
}

function text(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** The exported functions of a file, and the constructors and public methods of its exported classes. */
function declarations(file: string) {
  const source = text(file)
  for (const [, type, names] of source.matchAll(/new Options<(?:Partial<)?(\w+)[^(]*>\(\{([^}]*)\}/g)) {
    optionNames.set(type!, [...names!.matchAll(/\w+(?=:)/g)].map(String))
  }
  const functions = new Map<string, Callable>()
  const classes = new Map<string, Callable[]>()
  for (const match of source.matchAll(/^export (?:async )?function\*? (\w+)/gm)) {
    add(functions, 'function', match[1]!, match.index, match.index + match[0].length)
  }
  for (const match of source.matchAll(/^export (?:abstract )?class (\w+)/gm)) {
    const end = source.indexOf('\n}\n', match.index)
    const members = new Map<string, Callable>()
    for (const member of source.slice(match.index, end).matchAll(/^ {2}(?:override )?(\w+)(?=[(<])/gm)) {
      const at = match.index + member.index
      const isConstructor = member[1] === 'constructor'
      const name = isConstructor ? match[1]! : member[1]!
      add(members, isConstructor ? 'constructor' : 'method', name, at, at + member[0].length)
    }
    classes.set(match[1]!, [...members.values()])
  }
  return { functions, classes }

  function add(into: Map<string, Callable>, kind: Callable['kind'], name: string, start: number, end: number): void {
    const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*(?:\/\/.*\s*)*$/.exec(source.slice(0, start))
    const line = source.slice(0, start).split('\n').length
    const callable = into.get(name) ?? { file, line, name, kind, internal: false, signatures: [] }
    callable.internal ||= comment?.[0].includes('@internal') ?? false
    callable.signatures.push(signature(source, end))
    into.set(name, callable)
  }
}

/** The signature whose type parameters or parameters begin at `at`. */
function signature(source: string, at: number): Signature {
  const open = source[at] === '<' ? closing(source, at) + 1 : at
  const close = closing(source, open)
  const end = source.indexOf('\n', close)
  const indent = /^ */.exec(source.slice(source.lastIndexOf('\n', at) + 1))![0]
  const hasBody = source.slice(close, end).endsWith('{')
  const body = hasBody ? source.slice(end, source.indexOf(`\n${indent}}`, end)) : undefined
  return { parameters: parts(source.slice(open + 1, close), ',').map(parameter), body }
}

/** The place of the bracket that closes the one at `at`. */
function closing(source: string, at: number): number {
  let depth = 0
  for (let i = at; i < source.length; i++) {
    if ('([{<'.includes(source[i]!)) depth++
    else if (')]}'.includes(source[i]!) || (source[i] === '>' && source[i - 1] !== '=')) depth--
    if (depth === 0) return i
  }
  throw new Error(`no end of the bracket before ${source.slice(at, at + 40)}`)
}

/** What stands between separators that are in no brackets. */
function parts(source: string, separator: string): string[] {
  const found = ['']
  for (let i = 0; i < source.length; i++) {
    if (source[i] === separator) found.push('')
    else {
      const end = '([{<'.includes(source[i]!) ? closing(source, i) : i
      found[found.length - 1] += source.slice(i, end + 1)
      i = end
    }
  }
  return found.map(part => part.trim()).filter(part => part !== '')
}

function parameter(source: string): Parameter {
  const [, dots, name, question, type] = /^(\.\.\.)?(\w+|\{[^}]*\})(\?)?(?:\s*:\s*)?([\s\S]*)$/.exec(source)!
  const optional = question !== undefined || / = /.test(` ${type!.replaceAll('=>', '')}`)
  return { name: name!, optional, rest: dots !== undefined, type: type! }
}

/** The options type that a parameter takes, alone or beside values of its first option. */
function optionsType(type: string): string | undefined {
  return /\b[A-Z]\w*Options\b/.exec(type)?.[0]
}

function check({ file, line, name, kind, internal, signatures }: Callable, theirs: string[][] = []): void {
  if (internal) return
  const report = (problem: string) => {
    console.log(`${file}:${line}: ${name}: ${problem}`)
    process.exitCode = 1
  }
  const overloads = signatures.filter(({ body }) => body === undefined)
  if (!(name in exceptions)) {
    for (const { parameters } of overloads.length > 0 ? overloads : signatures) checkOrder(parameters, report)
  }
  const { parameters, body } = signatures.at(-1)!
  if (!(name in exceptions)) checkPyTorchsOrder(parameters, theirs, report)
  // methods.ts counts for methods that are ops, what takes any number has no surplus, and a method without options
  // has nothing that could be meant by it.
  if (file.endsWith('.method.ts') || parameters.some(({ rest }) => rest)) return
  if (kind === 'method' && !parameters.some(({ optional }) => optional)) return
  const wanted = `atMost('${name}', ${parameters.length}, arguments.length)`
  const counted = body?.replace('new.target.name', `'${name}'`)
  if (!counted?.includes(wanted)) report(`does not count its arguments: ${wanted}`)
}

function checkOrder(parameters: Parameter[], report: (problem: string) => void): void {
  const given = parameters.filter(({ optional, rest }) => optional && !rest)
  const [first, second, ...more] = given
  if (first === undefined) return
  const type = optionsType(first.type)
  if (type === undefined) {
    report(`'${first.name}' has a default, so options must be able to give it`)
    return
  }
  const alone = parts(first.type, '|').length === 1
  if (!alone && optionNames.get(type)?.[0] !== first.name) {
    report(`'${first.name}' is not the first name of ${type}, which is '${optionNames.get(type)?.[0]}'`)
  }
  for (const other of alone ? [second, ...more] : more) {
    if (other !== undefined) report(`'${other.name}' stands behind the options`)
  }
  if (!alone && second !== undefined && (parts(second.type, '|').length > 1 || optionsType(second.type) !== type)) {
    report(`'${second.name}' has a default and is not the first that has: it belongs into ${type}`)
  }
}

/** What can be positional is so in PyTorch's order, and before all other options. `theirs`: overloads of PyTorch. */
function checkPyTorchsOrder(parameters: Parameter[], theirs: string[][], report: (problem: string) => void): void {
  const spell = (name: string) => spelled[name] ?? name
  const alone = parameters.filter(({ type }) => parts(type, '|').length > 1 || optionsType(type) === undefined)
  const first = alone.find(({ type }) => optionsType(type) !== undefined)
  const others = first === undefined ? [] : optionNames.get(optionsType(first.type)!)!.slice(1).map(spell)
  const names = alone.map(({ name }) => spell(name))
  const inOrder = (overload: string[]) => {
    const places = names.map(name => overload.indexOf(name)).filter(at => at >= 0)
    const before = first === undefined ? -1 : overload.indexOf(spell(first.name))
    return (
      places.every((at, i) => i === 0 || at > places[i - 1]!) &&
      others.every(name => !overload.includes(name) || overload.indexOf(name) > before)
    )
  }
  const known = (overload: string[]) => [...names, ...others].filter(name => overload.includes(name)).length
  const most = Math.max(...theirs.map(known))
  const closest = theirs.filter(overload => known(overload) === most)
  if (closest.length === 0 || closest.some(inOrder)) return
  report(`${names.join(', ')} do not stand in PyTorch's order: ${closest[0]!.join(', ')}`)
}
