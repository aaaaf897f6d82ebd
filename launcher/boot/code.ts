// What a rank runs: the launcher's snapshot, which came as an open descriptor without a name, so that a job leaves no
// file behind, however it ends. TypeScript that is not in it is compiled here: what a variable names, what a worker
// thread runs, everything in a process that a rank has forked and that did not inherit the descriptor.
import { fstatSync, readFileSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { env } from '../../src/job/env.ts'
import {
  type Code,
  compileOptions,
  declaredFormat,
  describeMessage,
  mustBeModule,
  toCode,
  withoutByteOrderMark,
} from '../bundle/compile.ts'
import { isTypeScript } from '../bundle/files.ts'

/** Where ranks/spawn.ts puts the snapshot, after the shared segment. */
const codeFd = 4

/** This process, or the one whose thread this is, is a rank, not something that a rank has started. */
export const isRank = process.ppid === env('DTRAIN_LAUNCHER_PID')

let known: Map<string, Code> | undefined

/** The code of a file, or undefined where Node runs the file as it is. @throws SyntaxError */
export function codeOf(path: string): Code | undefined {
  known ??= isRank ? readSnapshot() : new Map()
  const code = known.get(path)
  if (!isTypeScript(path)) return code && isAsNodeReads(path, code) ? undefined : code
  if (code) return code
  const late = compileNow(path)
  known.set(path, late)
  return late
}

/** JavaScript that nobody has edited since is Node's to read, and may be changed by hooks of the user. */
function isAsNodeReads(path: string, { format, source }: Code): boolean {
  if (format === 'module' && declaredFormat(path) === undefined) return false
  try {
    return readFileSync(path, 'utf8') === source
  } catch {
    return false // deleted meanwhile
  }
}

function readSnapshot(): Map<string, Code> {
  const bytes = Buffer.alloc(fstatSync(codeFd).size)
  // All ranks share the descriptor, so its position is nobody's.
  readSync(codeFd, bytes, 0, bytes.length, 0)
  return new Map(JSON.parse(bytes.toString()))
}

/**
 * What `require` of a TypeScript module runs: Node 20 cannot require one that imports TypeScript in turn. tsx does the
 * same.
 */
export const asCommonJs = (path: string): Code => compileNow(path, 'commonjs')

function compileNow(path: string, wanted?: Code['format']): Code {
  const source = withoutByteOrderMark(readFileSync(path, 'utf8'))
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild')
  const build = (format?: Code['format']) => {
    const options = compileOptions(path, source, format)
    return toCode(buildSync(options), options)
  }
  try {
    return build(wanted)
  } catch (error) {
    if (wanted === undefined && mustBeModule(path, error)) return build('module')
    const { errors } = error as { errors?: Parameters<typeof describeMessage>[0][] }
    throw errors ? new SyntaxError(errors.map(describeMessage).join('\n')) : error
  }
}
