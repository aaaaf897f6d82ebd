// What ships: the folders of the packages, made anew from the repository and from what has been built.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { libraries, licences, run } from './system.ts'

export const root = join(import.meta.dirname, '../..')

interface Manifest {
  version: string
  description: string
  engines: { node: string }
  files: string[]
  [field: string]: unknown
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
export const { version } = manifest

export const platformPackage = 'dtrain-linux-x64'
export const cudaPackage = 'dtrain-linux-x64-cuda13'

/** Fields of package.json for those who install; the others are for the repository. */
const published = ['name', 'version', 'description', 'license', 'type', 'engines', 'bin', 'exports', 'dependencies']

/**
 * What of the folders in package.json's `files` ships: of the compiled files maps only where stacks need them, in the
 * launcher and the library; of the texts no pictures, which would be most of the package; no native tests.
 */
const rules: Record<string, RegExp> = {
  dist: /^launcher\/|\.(js|d\.ts|py)$|^src\/library\//,
  docs: /^[\w-]+\.md$/,
  native: /^(?!test\/|portable\/).+\.(h|cc|cu|cuh)$/,
  emulation: /^(?!test\/).+\.(h|cc|md)$/,
  cmake: /^(cuda|emulation)\.cmake$/,
}

/** Paths in the main package, but for its package.json. */
export function mainFiles(): string[] {
  return [...manifest.files, 'LICENSE', 'README.md'].flatMap(path => {
    if (statSync(join(root, path)).isFile()) return [path]
    const inside = readdirSync(join(root, path), { recursive: true, withFileTypes: true }).filter(it => it.isFile())
    const names = inside.map(it => relative(join(root, path), join(it.parentPath, it.name)))
    return names.filter(name => rules[path]?.test(name) ?? true).map(name => join(path, name))
  })
}

/** package.json of the main package. */
export function mainManifest(): object {
  return {
    ...Object.fromEntries(published.map(field => [field, manifest[field]])),
    // npm takes the first where it fits the system; the second is for whoever asks for it.
    optionalDependencies: { [platformPackage]: version },
    peerDependencies: { [cudaPackage]: version },
    peerDependenciesMeta: { [cudaPackage]: { optional: true } },
  }
}

/** JavaScript, types, launcher, texts, and the native sources. */
export function fillMain(folder: string): void {
  empty(folder)
  for (const path of mainFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path))
  }
  writeManifest(folder, mainManifest())
}

/** The native cores built in `build`, of these kinds, with the libraries they need. */
export function fillPlatform(folder: string, name: string, build: string, kinds: string[]): void {
  empty(folder)
  for (const kind of kinds) {
    for (const file of readdirSync(join(build, kind)))
      cpSync(join(build, kind, file), join(folder, kind, file), { dereference: true })
  }
  cpSync(libraries, join(folder, 'lib'), { recursive: true })
  for (const part of [...kinds, 'lib'])
    for (const file of readdirSync(join(folder, part))) {
      const path = join(folder, part, file)
      chmodSync(path, 0o755)
      run('strip', ['--strip-unneeded', path])
    }
  cpSync(licences, join(folder, 'licences'), { recursive: true })
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  const cuda = name === cudaPackage
  writeFileSync(join(folder, 'README.md'), readme(name, cuda))
  writeManifest(folder, {
    name,
    version,
    description: `The native core of dtrain for Linux x64${cuda ? ', with GPUs (CUDA 13)' : ''}`,
    license: `SEE LICENSE IN README.md`,
    engines: manifest.engines,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['glibc'],
  })
}

function readme(name: string, cuda: boolean): string {
  const runtime = cuda
    ? '| CUDA runtime 13, inside dtrain.node | NVIDIA | the CUDA Toolkit EULA, which allows to distribute it: https://docs.nvidia.com/cuda/eula |\n'
    : ''
  return `# ${name}

The native core of [dtrain](https://www.npmjs.com/package/dtrain) ${version}, compiled for Linux x64 with glibc 2.31 or
newer${cuda ? ' and GPUs of compute capability 7.5 or newer' : ''}. npm installs it with \`dtrain\`; nothing in it is to be imported.

| file | by | licence |
| --- | --- | --- |
| dtrain.node and the other files beside it | dtrain | MIT (LICENSE) |
${runtime}| lib/libopenblas.so.0: OpenBLAS 0.3.21 from Debian 12 | OpenBLAS's authors | BSD-3-Clause (licences/OpenBLAS.txt) |
| lib/libdnnl.so.3: oneDNN 3.2 from PyPI (onednn-cpu-gomp 2023.2.0) | Intel and others | Apache-2.0 (licences/oneDNN.txt) |
| lib/libgomp.so.1, lib/libgfortran.so.5: gcc 10.2.1 from Debian 11 | the Free Software Foundation | GPL-3.0 with the GCC Runtime Library Exception (licences/gcc.txt, licences/GPL-3) |
| lib/libquadmath.so.0: gcc 10.2.1 from Debian 11 | the same | LGPL-2.1 (licences/gcc.txt, licences/LGPL-2.1) |
| libstdc++ of gcc 12.2.0, inside dtrain.node | the same | GPL-3.0 with the GCC Runtime Library Exception |

Debian's libraries are as Debian built them, but for symbols that were stripped. Their sources: the packages gcc-10
10.2.1-6 and openblas 0.3.21+ds-4 on https://snapshot.debian.org/.
`
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}

function writeManifest(folder: string, content: object): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`)
}
