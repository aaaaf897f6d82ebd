// Makes the packages (`npm run package`): build/packages/dtrain-<version>.tgz and dtrain-linux-x64-<version>.tgz, as
// npm publishes them. The native core is built for the oldest glibc they run with (cmake/package.cmake), whatever this
// system has, and what comes out is checked (scripts/package/floor.ts). Needs Debian 12 with gcc 12, what
// scripts/setup.sh installs, python3 with pip, and at the first time the network.
//
//   npm run package              both
//   npm run package -- --cuda    also dtrain-linux-x64-cuda13, which needs nvcc 13 and takes minutes more
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cudaPackage, fillMain, fillPlatform, platformPackage, root } from './package/contents.ts'
import { floorOf } from './package/floor.ts'
import { fetchSystem } from './package/system.ts'

const [option, ...more] = process.argv.slice(2)
if ((option !== undefined && option !== '--cuda') || more.length > 0) {
  console.error(`package: unknown argument '${option === '--cuda' ? more[0] : option}'; there is --cuda`)
  process.exit(2)
}
const withCuda = option === '--cuda'

const work = join(root, 'build/package')
const target = join(root, 'build/packages')
/** What CUDA 13 compiles for: Turing, Ampere, Hopper, Blackwell, and the last one for what comes after it. */
const architectures = '75-real;80-real;90-real;100'
const mostMegabytes = 40

async function step(name: string, work: () => unknown): Promise<void> {
  const start = performance.now()
  process.stdout.write(name.padEnd(28))
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    console.log(`failed\n\n${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0).padStart(4)
  console.log(`ok ${seconds} s${typeof result === 'string' ? `  ${result}` : ''}`)
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
  const all = { ...process.env, ...env }
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: all })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${error?.message ?? stdout + stderr}`)
  return stdout
}

/** Builds the targets in a folder of their own. */
function native(folder: string, cuda: string[], targets: string[]): void {
  const toolchain = `-DCMAKE_TOOLCHAIN_FILE=${join(root, 'cmake/package.cmake')}`
  const unset = { DTRAIN_CUDA: undefined, DTRAIN_CUDA_INCLUDE: undefined } // they would win over what is asked for here
  run('cmake', ['-S', root, '-B', folder, '-G', 'Ninja', toolchain, ...cuda], unset)
  run('ninja', ['-C', folder, ...targets], unset)
}

/** The archive of a folder, with its size. */
function pack(folder: string): string {
  const json = run('npm', ['pack', folder, '--json', '--pack-destination', target, '--loglevel=error'])
  const [{ filename, unpackedSize, files }] = JSON.parse(json) as [
    { filename: string; unpackedSize: number; files: unknown[] },
  ]
  const packed = statSync(join(target, filename)).size / 1e6
  const text = `${filename}: ${packed.toFixed(1)} MB, ${(unpackedSize / 1e6).toFixed(1)} MB in ${files.length} files`
  if (packed > mostMegabytes && !filename.startsWith(cudaPackage))
    throw new Error(`more than ${mostMegabytes}: ${text}`)
  return text
}

mkdirSync(target, { recursive: true })
await step('TypeScript', () => run('npm', ['run', '--silent', 'build:ts']))
await step('libraries', fetchSystem)
await step('native core', () => {
  const targets = ['dtrain', 'dtrain_emulated', 'dtrain_linkcheck']
  native(join(work, 'native'), ['-DDTRAIN_CUDA=emulated'], targets)
})
await platform(platformPackage, join(work, 'native'), ['Release', 'Emulated'])
if (withCuda) {
  const headers = join(work, 'cuda-include.txt')
  await step('NVIDIA headers', () => {
    const script = `source scripts/cuda-build.sh; needs_nvcc; fetch_nvidia; joined ';' "\${includes[@]}" >${headers}`
    run('bash', ['-euo', 'pipefail', '-c', script])
  })
  await step('native core with CUDA', () => {
    const includes = readFileSync(headers, 'utf8')
    const options = ['-DDTRAIN_CUDA=on', `-DDTRAIN_CUDA_INCLUDE=${includes}`]
    native(join(work, 'cuda'), [...options, `-DCMAKE_CUDA_ARCHITECTURES=${architectures}`], ['dtrain'])
  })
  await platform(cudaPackage, join(work, 'cuda'), ['Release'])
}
await step('dtrain', () => {
  const folder = join(work, 'dtrain')
  fillMain(folder)
  return pack(folder)
})

async function platform(name: string, build: string, kinds: string[]): Promise<void> {
  const folder = join(work, name)
  await step(name, () => {
    fillPlatform(folder, name, build, kinds)
    return pack(folder)
  })
  await step(`  oldest C library`, () => `glibc ${floorOf(folder)}`)
}
