// What the functions of the package and of the addon take, read from their sources, so that nobody keeps a list: the
// parameters of each signature, and the members of each options type. A type is its text.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Parameter {
  name: string
  optional: boolean
  rest: boolean
  type: string
}

export interface Known {
  /** The parameters of each signature, by the full name: `dt.add`, `Tensor.add_`, `native.add`. */
  signatures: Record<string, Parameter[][]>
  /** What a name of a type stands for. */
  types: Record<string, string>
  /** The members of an options type, with their types. */
  members: Record<string, [name: string, type: string][]>
  /** What a function is called where it is written, by another name that it is exported by. */
  aliases: Record<string, string>
  /** Classes of which there are no objects, only of those that extend them. */
  abstract: Set<string>
}

/** Not exported by the package, but with types of the same names. */
const apart = /^(bench|monitor|onnx|tensorboard|tune|vision|viz)\//

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Reads all of it; takes a second. */
export function readSignatures(): Known {
  const script = join(root, 'scripts/arguments.ts')
  const printed = spawnSync(process.execPath, ['--import', 'tsx', script, '--signatures'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const known: Known = {
    signatures: Object.fromEntries(JSON.parse(printed.stdout)),
    types: {},
    members: {},
    aliases: Object.create(null),
    abstract: new Set(),
  }
  for (const name of (readdirSync(join(root, 'src'), { recursive: true }) as string[]).sort()) {
    if (!name.endsWith('.ts') || apart.test(name)) continue
    const source = readFileSync(join(root, 'src', name), 'utf8').replace(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/|\/\/ .*/g, '')
    readTypes(source, known)
    for (const [, name, alias] of source.matchAll(/\b(\w+) as (\w+)(?=,| \})/g)) known.aliases[alias!] = name!
    for (const [, name] of source.matchAll(/^export abstract class (\w+)/gm)) known.abstract.add(name!)
    if (name.startsWith('native/addon/')) readAddon(source, known)
  }
  return known
}

function readTypes(source: string, { types, members }: Known): void {
  for (const [, name, bases, body] of source.matchAll(
    /^(?:export )?interface (\w+)(?:<[^{]*?>)?(?: extends ([^{]+))? \{\n?([\s\S]*?)\n?\}$/gm,
  )) {
    const own = [...body!.matchAll(/^ {2}(?:readonly )?(\w+)\??: (.+)$/gm)].map(
      ([, member, type]): [string, string] => [member!, type!],
    )
    members[name!] = own
    if (bases !== undefined) types[name!] = bases.split(',').join(' & ')
  }
  for (const [, name, type] of source.matchAll(/^(?:export )?type (\w+)(?:<[^=]*>)? =\s*((?:.+(?:\n(?= ))?)+)$/gm)) {
    types[name!] = type!.trim().replace(/^\| /, '')
  }
}

function readAddon(source: string, { signatures }: Known): void {
  for (const [, name, parameters] of source.matchAll(/^ {2}(\w+)\(([^)]*(?:\)(?! *:)[^)]*)*)\): /gm)) {
    signatures[`native.${name}`] = [
      [...parameters!.matchAll(/(\w+): ((?:[^,(]|\([^)]*\))+)/g)].map(([, parameter, type]) => ({
        name: parameter!,
        optional: false,
        rest: false,
        type: type!.trim(),
      })),
    ]
  }
}
