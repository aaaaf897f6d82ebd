// How worker threads come by the modules of the program, in both threads. Node reads JavaScript. TypeScript becomes one
// module, or is read as in a rank: tsx has its hooks in the main thread only, or brings a second copy of the library.
import { SourceMap } from 'node:module'
import type { Modules, OneModule } from '../job/modules.ts'
import { library } from './definitions.ts'

export type { Modules }

const boot = new URL('../../launcher/boot/', import.meta.url)
const hooks = new URL('loader.js', boot).href

/** What threads are started with, and what they are told then. */
export interface Program {
  /** undefined: as this process. */
  execArgv: string[] | undefined
  modules: Promise<Modules>
}

/** The program of threads that import modules with these URLs. */
export function programOf(urls: readonly string[]): Program {
  const own = [...new Set(urls.filter(url => !url.startsWith(library)))]
  if (own.length === 0) return { execArgv: [], modules: Promise.resolve('as they are') }
  const isTypeScript = [...own, process.argv[1] ?? ''].some(path => /\.[cm]?tsx?$/.test(path))
  if (!isTypeScript && !process.execArgv.includes(hooks)) {
    return { execArgv: undefined, modules: Promise.resolve('as they are') }
  }
  // JavaScript is read with the hooks that Node was given by the program.
  const others = process.execArgv.filter((argument, i, all) => argument !== hooks && all[i + 1] !== hooks)
  return { execArgv: isTypeScript ? [] : others, modules: oneModule(own) }
}

const made = new Map<string, Promise<Modules>>()

function oneModule(urls: string[]): Promise<Modules> {
  const key = urls.join('\n')
  let modules = made.get(key)
  if (modules === undefined) {
    modules = import(new URL('one-module.js', boot).href).then(launcher => launcher.oneModule(urls))
    made.set(key, modules)
  }
  return modules
}

type Exports = Record<string, unknown>

/** How this thread, a worker, imports modules by their URLs. */
export async function importerOf(modules: Modules): Promise<(url: string) => Promise<Exports>> {
  if (modules === 'as they are') return url => import(url)
  if (modules === 'by hooks') {
    // The library comes first, since on Node 20 hooks take longer for each module than its import.
    for (const url of [new URL('../index.js', import.meta.url).href, hooks]) await import(url)
    process.setSourceMapsEnabled(true)
    return url => import(url)
  }
  mapStacks(modules)
  const all = (await import(modules.url)) as Record<string, Exports>
  return async url => all[`m${modules.members.indexOf(url)}`] ?? import(url)
}

/** Stacks name the files that the module was made of. Node itself maps none that is a `data:` URL. */
function mapStacks({ name, map }: OneModule): void {
  const places = new RegExp(`${name}:(\\d+):(\\d+)`, 'g')
  let source: SourceMap | undefined
  Error.prepareStackTrace = (error, frames) => {
    const stack = [Error.prototype.toString.call(error), ...frames.map(frame => `    at ${frame}`)].join('\n')
    return stack.replace(places, (place, line, column) => {
      source ??= new SourceMap(JSON.parse(map))
      const found = source.findEntry(line - 1, column - 1)
      if (!('originalSource' in found)) return place
      return `/${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`
    })
  }
}
