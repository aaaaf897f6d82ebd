// Writes src/native/addon.ts and src/native/addon/ from the built addon (`npm run addon-types`): one interface for each
// group of functions, which is a file in native/binding/tables. The signatures are C++'s, as the addon says them; the
// comments are those of that file. test/native/addon.test.ts compares what is written with the addon.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { native } from '../src/native/load.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const tables = 'native/binding/tables'
const folder = 'src/native/addon'
const face = 'src/native/addon.ts'
const basics = `${folder}/types.ts`
const width = 120

const typeNames = [...read(basics).matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, name]) => name!)

/** The text of every file to be written, by its path. */
export function addonFiles(): Record<string, string> {
  const groups = native.signatures().sort(([a], [b]) => (a < b ? -1 : 1))
  const files = groups.map(([group, signatures]) => [`${folder}/${group}.ts`, groupFile(group, signatures)])
  return { ...Object.fromEntries(files), [face]: faceFile(groups.map(([group]) => group)) }
}

/** The files that have been written, as they are. */
export function presentFiles(): Record<string, string> {
  const paths = [face, ...readdirSync(join(root, folder)).map(name => `${folder}/${name}`)]
  return Object.fromEntries(paths.filter(path => path !== basics).map(path => [path, read(path)]))
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function groupFile(group: string, signatures: string[]): string {
  const path = `${tables}/${group}.cc`
  const source = read(path)
  const methods = signatures.map(signature => comment(source, signature) + method(signature)).join('')
  const used = typeNames.filter(name => new RegExp(`\\b${name}\\b`).test(methods)).sort(byName)
  const imports = used.length === 0 ? '' : `import type { ${used.join(', ')} } from './types.ts'\n\n`
  const opening = source.match(/^(\/\/.*\n)+/)![0]
  return `${opening}// Written by \`npm run addon-types\` from ${path}.\n${imports || '\n'}export interface ${nameOf(group)} {\n${methods}}\n`
}

function faceFile(groups: string[]): string {
  const imports = groups.map(group => `import type { ${nameOf(group)} } from './addon/${group}.ts'\n`).join('')
  return `// The typed face of the addon: what native/binding/tables hands to JavaScript. Tensors cross as opaque externals,
// shapes as plain arrays, options as positional arguments. Written by \`npm run addon-types\`.
${imports}
export type * from './addon/types.ts'

export interface Addon
  extends ${groups.map(nameOf).join(',\n    ')} {}
`
}

/** As Biome sorts imports. */
function byName(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1
}

/** 'conv' → 'ConvFunctions' */
function nameOf(group: string): string {
  return `${group[0]!.toUpperCase()}${group.slice(1)}Functions`
}

/** The comment above the row of a function, as one of TypeScript. */
function comment(source: string, signature: string): string {
  const name = signature.slice(0, signature.indexOf('('))
  const row = new RegExp(`((?:^//.*\\n)*)^DT_\\w+\\(${name}[,)]`, 'm').exec(source)
  if (row === null) throw new Error(`${name} has no row in its group's file; build the addon first`)
  const lines = row[1]!
    .split('\n')
    .slice(0, -1)
    .map(line => line.slice(3))
  if (lines.length === 0) return ''
  const short = `  /** ${lines[0]} */\n`
  if (lines.length === 1 && short.length <= width + 1) return short
  return `  /**\n${lines.map(line => `   * ${line}\n`).join('')}   */\n`
}

/** A signature on one line if it fits, else one parameter to a line. */
function method(signature: string): string {
  if (signature.length + 2 <= width) return `  ${signature}\n`
  const [, name, parameters, result] = /^(\w+)\((.*)\): (.*?)$/.exec(signature)!
  return `  ${name}(\n${parameters!
    .split(/, (?=\w+: )/)
    .map(it => `    ${it.length + 5 <= width ? it : oneByOne(it)},\n`)
    .join('')}  ): ${result}\n`
}

/** A parameter of one of many types, one to a line, as Biome lays it out. */
function oneByOne(parameter: string): string {
  const [name, types] = parameter.split(': ') as [string, string]
  return `${name}:${types
    .split(' | ')
    .map(type => `\n      | ${type}`)
    .join('')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = addonFiles()
  for (const path of Object.keys(presentFiles())) if (!(path in files)) rmSync(join(root, path))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text)
}
