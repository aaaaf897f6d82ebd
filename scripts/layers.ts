// Checks that dependencies point one way (`npm run layers`): TypeScript imports and C++ #includes against the two
// tables below. Each line that breaks them is printed as `file:line: from -> to (why)`. A new folder needs a row here.
// An argument names another tree to check.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const errors = 'src/errors.ts'
/** The contract between the launcher and a rank. */
const job = 'src/job'
/** The encoding that TensorBoard's and ONNX files share. */
const protobuf = 'src/protobuf.ts'
/** What Linux tells of processes. */
const proc = 'src/proc.ts'
/** Tables as text. */
const columns = 'src/columns.ts'
/** Where the native core is, without loading it. */
const find = 'src/native/find.ts'
const ncclId = 'src/distributed/nccl-id.ts'
const onTensor = [errors, 'src/native', 'src/tensor']
/** What all ranks do together; it knows nothing of modules, so that a layer may do it. */
const collectives = ['src/distributed/group.ts', 'src/distributed/collectives.ts']
const onModule = [...onTensor, 'src/nn/functional', 'src/nn/init', 'src/nn/module']

/** What each part may import besides itself. A row names only rows above it, so no table can allow a cycle. */
const typescript: Record<string, string[]> = {
  [errors]: [],
  [protobuf]: [],
  [proc]: [],
  [columns]: [],
  [job]: [errors],
  'src/native/system.ts': [],
  [find]: [job, 'src/native/system.ts'],
  'src/native': [errors, job, find, 'src/native/system.ts'],
  'src/tensor': [errors, 'src/native'],
  'src/cuda': onTensor,
  'src/autograd': onTensor,
  'src/linalg': onTensor,
  'src/random': onTensor,
  'src/special': onTensor,
  'src/nn/functional': onTensor,
  'src/nn/init': onTensor,
  'src/nn/module': onTensor,
  'src/nn/layers': onModule,
  // Some compute scores with a layer of their own.
  'src/nn/losses': [...onModule, 'src/nn/layers'],
  'src/distributed/group.ts': [...onTensor, job],
  'src/distributed/collectives.ts': [...onTensor, 'src/distributed/group.ts'],
  // The one layer that talks to other ranks.
  'src/nn/sync-batch-norm.ts': [...onModule, 'src/autograd', 'src/nn/layers', ...collectives],
  'src/nn': [...onModule, 'src/nn/layers', 'src/nn/losses', 'src/nn/sync-batch-norm.ts'],
  // Averaged models are modules.
  'src/optim': [...onTensor, 'src/nn/module', 'src/nn/layers'],
  'src/io': [...onTensor, 'src/nn/module'],
  'src/data': [...onTensor, job],
  'src/progress.ts': [...onTensor, job],
  'src/distributed': [...onTensor, job, ...collectives, 'src/nn/module', 'src/io'],
  'src/checkpoint.ts': [...onTensor, 'src/cuda', 'src/random', 'src/io', 'src/data', 'src/distributed'],
  'src/metrics': [...onTensor, ...collectives],
  'src/vision/image': onTensor,
  'src/vision/transforms': [...onTensor, 'src/nn/module', 'src/vision/image'],
  'src/vision/datasets': [...onTensor, job, 'src/data', 'src/io', 'src/vision/image'],
  'src/vision/utils.ts': [...onTensor, 'src/vision/image'],
  'src/vision/io.ts': [...onTensor, 'src/vision/image', 'src/vision/transforms'],
  'src/vision': [
    ...['src/vision/image', 'src/vision/transforms', 'src/vision/datasets'],
    ...['src/vision/utils.ts', 'src/vision/io.ts'],
  ],
  'src/tensorboard': [...onTensor, job, protobuf, 'src/autograd', 'src/nn/module', 'src/vision/image'],
  'src/monitor': [...onTensor, proc, 'src/tensorboard'],
  'src/onnx': [...onTensor, protobuf, 'src/nn/module', 'src/io'],
  'src/viz': [...onTensor, 'src/nn/module', 'src/io', 'src/vision/image'],
  'src/tune': [
    ...[...onTensor, job, proc, columns, 'src/linalg', 'src/special', 'src/random', 'src/optim'],
    ...collectives,
    'src/viz',
  ],
  'src/bench': [errors, columns, job, 'src/tensor', 'src/random', 'src/viz'],
  'src/bench-step.ts': [...onTensor, job, 'src/cuda', 'src/distributed'],
  'src/index.ts': [
    ...onTensor,
    'src/cuda',
    'src/autograd',
    'src/linalg',
    'src/random',
    'src/special',
    'src/nn',
    'src/io',
    'src/optim',
    'src/data',
    'src/progress.ts',
    'src/distributed',
    'src/bench-step.ts',
    'src/checkpoint.ts',
    'src/metrics',
  ],
  // A program as a user would write it, but for the name of the package.
  'src/bench/comm/rank.ts': ['src/bench', 'src/index.ts', 'src/distributed'],
  'src/bench/workload.ts': ['src/bench', 'src/index.ts', 'src/distributed'],
  [ncclId]: [errors, job, 'src/native', 'src/distributed'],
  // It starts on a login node: without the addon, so without the library.
  'launcher/options': [find],
  'launcher/bundle': [],
  'launcher/output': [errors],
  'launcher/control': [errors, job],
  'launcher/ranks': [job, proc, find, 'launcher/options', 'launcher/control'],
  'launcher/init': [find, 'launcher/options'],
  'launcher/monitor': [job, proc, 'src/monitor', 'launcher/options', 'launcher/output', 'launcher/ranks'],
  launcher: [
    errors,
    job,
    'launcher/options',
    'launcher/bundle',
    'launcher/output',
    'launcher/control',
    'launcher/ranks',
  ],
  // `dtrain tune` and `dtrain bench` draw, and `dtrain monitor` asks for GPUs, so they load the library, late.
  'launcher/command.ts': [
    ...[errors, 'launcher', 'launcher/options', 'launcher/output', 'launcher/ranks', 'launcher/init'],
    ...['launcher/monitor', 'src/bench', 'src/tune'],
  ],
  'launcher/cli.ts': ['launcher/command.ts', 'launcher/ranks'],
  // The first code of a rank, in that rank's process: where there are GPUs it may load the addon for NCCL's id.
  'launcher/boot': [
    errors,
    job,
    find,
    'launcher/bundle',
    'launcher/output',
    'launcher/control',
    'launcher/ranks',
    ncclId,
  ],
  // As a user's program: the package by its name.
  examples: [],
  template: [],
}
/**
 * What each folder of test/ may import besides itself, the repository's own checks too: so a suite takes nothing from
 * another, but from test/support.
 */
const forTests = [...Object.keys(typescript).filter(part => part !== 'examples'), 'test/support', 'scripts']

/** The only readers of that contract. */
const jobReaders =
  /^(launcher\/|test\/|src\/(job\/|bench\/(comm|scaling)\/|bench-step\.ts$|distributed\/|data\/(distributed-sampler|program)\.ts$|native\/(budget|end|find|load|trace)\.ts$|progress\.ts$|tensorboard\/writer\.ts$|tune\/(scripts|trial)\.ts$|vision\/datasets\/download\.ts$))/

/** Programs as a user writes them: they import the package by its name. */
const likeUsers = /^(examples|template|test\/.+\/fixtures)\//

/** src/native finds and loads the addon, and tests look at it. */
const mayNameAddon = /^(src\/native\/|test\/)/

/** Each may include itself and what stands before it. */
const native = ['core', 'kernels', 'ops', 'autograd', 'comm', 'binding', 'test', 'portable']
/** Stands in for NVIDIA's libraries; it knows nothing of dtrain, which includes its headers by NVIDIA's names. */
const emulation = ['cuda', 'libraries', 'test']

/** Headers of other libraries, and the files that may include them. */
const foreign: [header: RegExp, files: RegExp][] = [
  [/^(node_api|js_native_api|napi)/, /^native\/binding\//],
  [/^cblas/, /^native\/kernels\/.*\.cc$|^emulation\/libraries\//],
  [/^nvml/, /^native\/core\/nvml\.cc$|^emulation\//],
  [/dnnl_version/, /^native\/(binding|kernels)\//],
  [/dnnl(?!_version)/, /^native\/kernels\/.*\.cc$/],
  [
    /^(cuda_runtime|cublasLt|cudnn|nccl)/,
    /^native\/(core\/cuda\.h$|comm\/nccl-library\.h$|.*\.(cu|cuda\.cc)$)|^emulation\//,
  ],
]

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

for (const folder of ['src', 'launcher', 'examples', 'template', 'test']) {
  const forUsers = folder === 'src' || folder === 'launcher'
  const packages = { ...manifest.dependencies, ...(!forUsers && manifest.devDependencies) }
  check(folder, /\.ts$/, (file, line) => typescriptRule(file, line, Object.keys(packages)))
}
check('native', /\.(h|cc|cu|cuh)$/, nativeRule)
check('emulation', /\.(h|cc)$/, emulationRule)

function check(folder: string, extension: RegExp, rule: (file: string, line: string) => string | undefined): void {
  const names = readdirSync(join(root, folder), { recursive: true }) as string[]
  for (const name of names.filter(name => extension.test(name)).sort()) {
    const file = `${folder}/${name}`
    for (const [index, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
      const broken = rule(file, line)
      if (broken === undefined) continue
      console.log(`${file}:${index + 1}: ${broken}`)
      process.exitCode = 1
    }
  }
}

function typescriptRule(file: string, line: string, packages: string[]): string | undefined {
  if (/^\s*(\/\/|\/?\*)/.test(line)) return undefined
  if (/\.node['"`]/.test(line) && !mayNameAddon.test(file)) return `${file} -> .node (only src/native loads it)`
  const [, target] =
    line.match(/^(?:import|export|\})(?:.*\bfrom)? '([^']+)'/) ?? line.match(/\bimport\('([^']+)'/) ?? []
  if (target === undefined || target.startsWith('node:')) return undefined
  if (!target.startsWith('.')) return packageRule(file, target, packages)

  const from = partOf(file)
  const path = join(dirname(file), target)
  const to = partOf(path)
  const allowed = from.startsWith('test/') ? forTests : typescript[from]
  if (allowed === undefined) return `${from} -> ${to} (${from} has no row in scripts/layers.ts)`
  if (to === job && !jobReaders.test(file)) return `${file} -> ${to} (not one of its readers)`
  return from === to || allowed.includes(to) ? undefined : `${from} -> ${to}`
}

/** The longest row a file belongs to, or its folder. */
function partOf(file: string): string {
  const rows = [...Object.keys(typescript), 'scripts'].filter(row => file === row || file.startsWith(`${row}/`))
  return rows.sort((a, b) => b.length - a.length)[0] ?? file.split('/').slice(0, 2).join('/')
}

function packageRule(file: string, target: string, packages: string[]): string | undefined {
  const name = target.match(/^(@[^/]+\/)?[^/]+/)![0]
  if (name === 'dtrain') return likeUsers.test(file) ? undefined : `${partOf(file)} -> dtrain (import the file)`
  return packages.includes(name) ? undefined : `${partOf(file)} -> ${name} (not a dependency in package.json)`
}

function nativeRule(file: string, line: string): string | undefined {
  const [, bracket, target] = line.match(/^\s*#\s*include\s*(["<])([^">]+)/) ?? []
  if (target === undefined) return undefined
  const from = file.split('/')[1]!
  if (bracket === '<') return isForeign(file, target) ? `native/${from} -> <${target}>` : undefined
  const to = target.split('/')[0]!
  if (to === 'emulation') return `native/${from} -> emulation (write <cuda_runtime.h>, as with NVIDIA's headers)`
  const [above, below] = [native.indexOf(from), native.indexOf(to)]
  if (above < 0) return `native/${from} -> ${target} (native/${from} has no row in scripts/layers.ts)`
  if (below < 0) return `native/${from} -> ${target} (write the path from native/)`
  if (below > above) return `native/${from} -> native/${to}`
  // Engines know nothing of gradients; what stands between them and programs does.
  const gradients = from === 'comm' && (to === 'ops' || to === 'autograd')
  return gradients && !/\/(reducer|gather|collectives)\.(h|cc)$/.test(file)
    ? `${file} -> native/${to} (only comm/reducer, gather and collectives)`
    : undefined
}

/** Its own headers by their path from the root, those in include/ by NVIDIA's names; its tests also use native/test. */
function emulationRule(file: string, line: string): string | undefined {
  const [, bracket, target] = line.match(/^\s*#\s*include\s*(["<])([^">]+)/) ?? []
  if (target === undefined) return undefined
  const from = file.split('/')[1]!
  if (bracket === '<') return isForeign(file, target) ? `emulation/${from} -> <${target}>` : undefined
  if (!target.includes('/')) return undefined
  const [top, to] = target.split('/') as [string, string]
  if (top !== 'emulation') {
    return top === 'test' && from === 'test' ? undefined : `emulation/${from} -> native/${top}`
  }
  const [above, below] = [emulation.indexOf(from), emulation.indexOf(to)]
  return below < 0 || below > above ? `emulation/${from} -> emulation/${to}` : undefined
}

function isForeign(file: string, target: string): boolean {
  return foreign.some(([header, allowed]) => header.test(basename(target)) && !allowed.test(file))
}
