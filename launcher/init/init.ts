// `dtrain init`: copies template/ into a folder and completes its package.json. All of it is written into a hidden
// folder beside its place and moved there when it is complete, so an interruption leaves no half of a project.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import type { InitOptions } from '../options/init.ts'
import { completed, type Manifest, nameFor, problemOfName, readManifest } from './manifest.ts'

const template = fileURLToPath(new URL('../../../template', import.meta.url))

/** What a folder may have in which a package has just been installed. */
const installation = [
  ...['package.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'],
  ...['node_modules', '.git', '.npmrc', '.yarnrc.yml', '.yarn', '.pnp.cjs', '.pnp.loader.mjs'],
]

/** What is printed, and the exit code. */
export async function init(options: InitOptions): Promise<{ text: string; code: number }> {
  const folder = resolve(options.folder)
  try {
    const old = oldManifest(folder)
    const others = otherFiles(folder)
    if (others.length > 0 && !options.force) throw new Refusal(notEmpty(options.folder, others))
    const name = await chooseName(options, old)
    write(folder, name, completed(folder, name, old, others.length === 0))
    return { text: nextSteps(folder), code: 0 }
  } catch (error) {
    if (error instanceof Interrupted) return { text: '', code: 130 }
    if (!(error instanceof Refusal || (error as NodeJS.ErrnoException).syscall)) throw error
    return { text: `dtrain: init: ${(error as Error).message}\n`, code: 1 }
  }
}

class Refusal extends Error {}
class Interrupted extends Error {}

function oldManifest(folder: string): Manifest {
  try {
    return readManifest(folder) ?? {}
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Refusal(`${join(folder, 'package.json')} is not valid JSON`)
  }
}

function otherFiles(folder: string): string[] {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (!stats.isDirectory()) throw new Refusal(`${folder} is a file`)
  return readdirSync(folder)
    .filter(name => !installation.includes(name))
    .sort()
}

function notEmpty(folder: string, files: string[]): string {
  const most = 5
  const more = files.length > most ? `, and ${files.length - most} more` : ''
  const where = folder === '.' ? 'this folder' : folder
  return `${where} is not empty: it has ${files.slice(0, most).join(', ')}${more}; name another folder, or type --force`
}

async function chooseName(options: InitOptions, old: Manifest): Promise<string> {
  const given = options.name ?? old.name
  if (given !== undefined) {
    const problem = problemOfName(given)
    if (problem !== undefined) throw new Refusal(`--name '${given}': ${problem}`)
    return given
  }
  const proposed = nameFor(basename(resolve(options.folder)))
  return options.yes || !process.stdin.isTTY || !process.stdout.isTTY ? proposed : ask(proposed)
}

async function ask(proposed: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  terminal.setPrompt(`Name of the project (${proposed}): `)
  terminal.prompt()
  for await (const answer of terminal) {
    const name = answer.trim() || proposed
    const problem = problemOfName(name)
    if (problem === undefined) return name
    console.log(`${problem}.`)
    terminal.prompt()
  }
  throw new Interrupted() // by Ctrl-C or Ctrl-D, which close it
}

function write(folder: string, name: string, manifest: Manifest): void {
  const isNew = !existsSync(folder)
  const parent = isNew ? dirname(folder) : folder
  mkdirSync(parent, { recursive: true })
  const stage = join(parent, `.dtrain-init-${process.pid}`)
  mkdirSync(stage)
  try {
    const read = (file: string) => readFileSync(join(template, file), 'utf8')
    const put = (file: string, text: string) => writeFileSync(join(stage, file), text)
    put('train.ts', commands(read('train.ts')))
    put('tsconfig.json', read('tsconfig.json'))
    put('.gitignore', read('gitignore')) // npm packs no .gitignore
    put('README.md', commands(read('README.md')).replace('{{name}}', name))
    put('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
    if (isNew) renameSync(stage, folder)
    else for (const file of readdirSync(stage)) renameSync(join(stage, file), join(folder, file))
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function nextSteps(folder: string): string {
  const where = relative(process.cwd(), folder)
  const quoted = /^[\w./-]+$/.test(where) ? where : `'${where.replaceAll("'", `'\\''`)}'`
  const steps = [...(where === '' ? [] : [`cd ${quoted}`]), 'npm install', 'npm start', 'npm run train -- --nproc 2']
  const made = `Made ${where === '' ? 'a project here' : where}: a small training, train.ts. Next:`
  return commands(`${[made, ...steps.map(step => `  ${step}`)].join('\n')}\n`)
}

/** A text with commands of npm for who has called this by pnpm or yarn, which pass arguments on without `--`. */
function commands(text: string): string {
  const [manager] = /^(pnpm|yarn)(?=\/)/.exec(process.env.npm_config_user_agent ?? '') ?? []
  return manager === undefined ? text : text.replaceAll(/npm (?:run )?(\w+)(?: --(?= ))?/g, `${manager} $1`)
}
