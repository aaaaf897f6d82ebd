// Where functions and classes are defined, so that another thread can import them: as pickle has it in Python, they go
// by module and name. JavaScript does not tell where that is, but V8's inspector does.
import { readFileSync, realpathSync } from 'node:fs'
import { Session } from 'node:inspector'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ArgumentError } from '../errors.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** How another thread finds a function or a class: its module exports it under its own name. */
export interface Definition {
  module: string
  name: string
}

const found = new WeakMap<AnyFunction, Definition | string>()

/** Where modules of the library are. */
export const library = new URL('..', import.meta.url).href

/** How another thread finds the function, or in words why it cannot. */
export function definitionOf(fn: AnyFunction): Definition | string {
  let definition = found.get(fn)
  if (definition === undefined) {
    definition = find(fn)
    found.set(fn, definition)
  }
  return definition
}

function find(fn: AnyFunction): Definition | string {
  const how = "a worker imports it by its name, so write it as 'export function name(…) { … }' at the top of a module"
  const { module, closure } = inspected(fn)
  if (closure !== undefined) return `it keeps variables of the function around it${closure && `, ${closure}`}; ${how}`
  if (fn.name === '') return `it has no name; ${how}`
  if (module === undefined) return `it is not defined in a module; ${how}`
  const script = module.startsWith('file:') ? fileURLToPath(module.replace(/[?#].*$/, '')) : undefined
  if (script === undefined || script !== mainScript() || guard.test(readFileSync(script, 'utf8'))) {
    return { module, name: fn.name }
  }
  return (
    `each worker would run all of ${script} again to import it. Export it from a module of its own, or from this one ` +
    "with all that only the main thread should do behind 'if (getWorkerInfo() === null)'"
  )
}

/** What a script asks to find out whether it runs in the main thread. */
const guard = /\b(getWorkerInfo|isMainThread|import\.meta\.main|require\.main)\b/

function mainScript(): string | undefined {
  try {
    return realpathSync(process.argv[1]!)
  } catch {
    return undefined // -e, or standard input
  }
}

interface Property {
  name: string
  value?: { objectId?: string; description?: string; value?: { scriptId: string } }
}

interface Script {
  scriptId: string
  url: string
}

interface Answer {
  result: Property['value'] & Property[] & Script[]
  internalProperties?: Property[]
}

/** The URL of the module that a function stands in, and which function's variables it keeps ('' for one unnamed). */
function inspected(fn: AnyFunction): { module: string | undefined; closure: string | undefined } {
  const slot = '__dtrainDefinition'
  const session = new Session()
  const post = (method: string, params?: object) => {
    let answer: unknown
    session.post(method, params, (error, result) => {
      if (error) throw error
      answer = result // the session answers at once
    })
    return answer as Answer
  }
  const properties = (objectId: string | undefined) => post('Runtime.getProperties', { objectId, ownProperties: true })
  session.connect()
  Object.assign(globalThis, { [slot]: fn })
  try {
    const { internalProperties = [] } = properties(post('Runtime.evaluate', { expression: slot }).result.objectId)
    const internal = (wanted: string) => internalProperties.find(({ name }) => name === wanted)?.value
    const location = internal('[[FunctionLocation]]')?.value
    if (location === undefined) return { module: undefined, closure: undefined }
    const scopes = properties(internal('[[Scopes]]')?.objectId).result.map(({ value }) => value?.description ?? '')
    // Around a CommonJS module there is a function without a name.
    const closures = scopes.filter(scope => (scopes.includes('Module') ? /^Closure/ : /^Closure \(/).test(scope))
    const url = urlOf(location.scriptId, session, post)
    const isModule = url !== '' && !url.startsWith('node:internal/')
    return {
      module: url.startsWith('/') ? pathToFileURL(url).href : isModule ? url : undefined,
      closure: closures[0]?.replace(/^Closure ?\(?|\)$/g, ''),
    }
  } finally {
    Reflect.deleteProperty(globalThis, slot)
    session.disconnect()
  }
}

/** Of most scripts V8 has kept whether they ran; to be told of all of them takes six times as long. */
function urlOf(id: string, session: Session, post: (method: string) => Answer): string {
  const scripts: Script[] = post('Profiler.getBestEffortCoverage').result
  const found = () => scripts.find(({ scriptId }) => scriptId === id)?.url
  session.on('Debugger.scriptParsed', ({ params }) => scripts.push(params))
  if (found() === undefined) post('Debugger.enable')
  return found() ?? ''
}

/** The function that a definition is about, of what its module exports. @throws ArgumentError if that lacks it */
export function exported({ module, name }: Definition, exports: Record<string, unknown>): AnyFunction {
  const main = exports.default as Record<string, unknown> | AnyFunction | undefined
  // What CommonJS exports may be the default export, or properties of it.
  const candidates = [exports[name], main, (main as Record<string, unknown> | undefined)?.[name]]
  // One file has several modules of the library, and exports all they do, by names that differ.
  if (module.startsWith(library)) candidates.push(...Object.values(exports))
  const match = candidates.find(value => typeof value === 'function' && value.name === name)
  if (match !== undefined) return match as AnyFunction
  throw new ArgumentError(
    `DataLoader: a worker imports '${name}' by its name, but ${module} does not export it: write 'export' before it`,
  )
}
