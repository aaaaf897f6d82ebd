// What packages are built with, of fixed versions, so that they come out the same on every machine: the C library of
// Debian 11, whose glibc is the oldest one they run with, and the mathematical libraries that go into them. Everything
// lies in build/package/system, where cmake/package.cmake looks; what is there already is not fetched again.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

export const folder = join(import.meta.dirname, '../../build/package/system')
/** The libraries that go into the packages, and the texts that go with them. */
export const libraries = join(folder, 'lib')
export const licences = join(folder, 'licences')

/** The second one keeps what the first one has dropped. */
const mirrors = ['http://deb.debian.org/debian', 'http://archive.debian.org/debian']

const sysroot = {
  'pool/main/g/glibc/libc6_2.31-13+deb11u11_amd64.deb':
    '05f7264da867b37f4c5ce49266b558ea1e81e05a9464f623152fca70f3550282',
  'pool/main/g/glibc/libc6-dev_2.31-13+deb11u11_amd64.deb':
    'e7f7b45d9c5cfcf37609f0b6efd3c645272c812144703af89dfd32218fcb0fd3',
  'pool/main/l/linux/linux-libc-dev_5.10.223-1_amd64.deb':
    'e3be603bd12377bb90fcfb0f2048ca3a81c886e49d6f09945b82159d1c54f7b2',
}

/** OpenBLAS is Debian 12's, which runs with glibc 2.29; the libraries of gcc that it needs are Debian 11's. */
const mathematical = {
  'pool/main/o/openblas/libopenblas0-openmp_0.3.21+ds-4_amd64.deb':
    'fe7a7983204c18383cbc47bb9842cb97f1dac82a63824b2dd5232c360eccfed5',
  'pool/main/o/openblas/libopenblas-openmp-dev_0.3.21+ds-4_amd64.deb':
    '68805cddc52b44e2d214cc4b403c0e01f708de3af524ce98baffbf4621da0113',
  'pool/main/g/gcc-10/libgomp1_10.2.1-6_amd64.deb': '4530c95aefa48e33fd8cf4acbe5c4b559dbe7bdf4c56469986c83a203982cef1',
  'pool/main/g/gcc-10/gcc-10-base_10.2.1-6_amd64.deb':
    'be65535e94f95fbf04b104e8ab36790476f063374430f7dfc6c516cbe2d2cd1e',
  'pool/main/g/gcc-10/libgfortran5_10.2.1-6_amd64.deb':
    '6fe41d04ea9ef8c5c684b14585caa7a4a7e04ad6805d59cdd29016960b737123',
  'pool/main/g/gcc-10/libquadmath0_10.2.1-6_amd64.deb':
    'a9a5e1f53b7e27a3f2b8388929bb622d3c6c35a4e42ac166697444e5ed662fd5',
}

/** oneDNN as its authors built it, with GNU's OpenMP, for glibc 2.27. */
const onednn = [
  'onednn-cpu-gomp==2023.2.0 --hash=sha256:2f22a54d6a890ed14bfa185d42a4be65d8b5b1df85dc1f0f3a9abe31620416fb',
  'onednn-devel-cpu-gomp==2023.2.0 --hash=sha256:9763c69e8c907e119056bd52ad918ca84ac9ba939d130a99dfa95ccca3e5e284',
]

const arch = 'usr/lib/x86_64-linux-gnu'
const files = join(folder, 'files')

export function run(command: string, args: string[], cwd = folder): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`)
}

/** Fetches what is missing. */
export async function fetchSystem(): Promise<void> {
  const list = JSON.stringify([sysroot, mathematical, onednn])
  const done = join(folder, 'list.json')
  if (existsSync(done) && readFileSync(done, 'utf8') === list) return
  rmSync(folder, { recursive: true, force: true })
  for (const name of [files, libraries, licences]) mkdirSync(name, { recursive: true })
  for (const [path, sum] of Object.entries(sysroot)) await unpackDebian(path, sum, join(folder, 'sysroot'))
  for (const [path, sum] of Object.entries(mathematical)) await unpackDebian(path, sum, files)
  unpackWheels()
  relink(join(folder, 'sysroot'))
  collect()
  writeFileSync(done, list)
}

async function unpackDebian(path: string, sum: string, target: string): Promise<void> {
  const archive = join(folder, basename(path))
  writeFileSync(archive, await download(path, sum))
  mkdirSync(target, { recursive: true })
  run('dpkg-deb', ['-x', archive, target])
  rmSync(archive)
}

async function download(path: string, sum: string): Promise<Buffer> {
  const problems: string[] = []
  for (const mirror of mirrors) {
    try {
      const response = await fetch(`${mirror}/${path}`)
      const bytes = Buffer.from(await response.arrayBuffer())
      const got = createHash('sha256').update(bytes).digest('hex')
      if (response.ok && got === sum) return bytes
      problems.push(`${mirror}: ${response.ok ? `other contents (${got})` : response.status}`)
    } catch (error) {
      problems.push(`${mirror}: ${error instanceof Error ? (error.cause ?? error.message) : error}`)
    }
  }
  throw new Error(`${path} cannot be fetched: ${problems.join('; ')}`)
}

function unpackWheels(): void {
  const wheels = join(folder, 'wheels')
  mkdirSync(wheels)
  writeFileSync(join(wheels, 'list.txt'), onednn.join('\n'))
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:']
  run('python3', [...pip, '--require-hashes', '--dest', wheels, '-r', join(wheels, 'list.txt')])
  for (const name of readdirSync(wheels).filter(name => name.endsWith('.whl')))
    run('python3', ['-m', 'zipfile', '-e', join(wheels, name), files])
  rmSync(wheels, { recursive: true })
}

/** Debian's links are absolute here and there, and would lead out of the system root. */
function relink(root: string): void {
  for (const { name, parentPath } of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const link = join(parentPath, name)
    const target = lstatSync(link).isSymbolicLink() ? readlinkSync(link) : ''
    if (!target.startsWith('/')) continue
    rmSync(link)
    symlinkSync(relative(parentPath, join(root, target)), link)
  }
  // In front of the compiler's own, which needs its glibc.
  const own = join(root, arch, 'libgomp.so')
  symlinkSync(relative(dirname(own), join(libraries, 'libgomp.so.1')), own)
}

/** Under the names by which they find each other, and for the compiler. */
function collect(): void {
  const wheel = (name: string) => join(files, `${name}-2023.2.0.data/data`)
  const copies = {
    [`${arch}/openblas-openmp/libopenblasp-r0.3.21.so`]: 'lib/libopenblas.so.0',
    [`${arch}/libgomp.so.1.0.0`]: 'lib/libgomp.so.1',
    [`${arch}/libgfortran.so.5.0.0`]: 'lib/libgfortran.so.5',
    [`${arch}/libquadmath.so.0.0.0`]: 'lib/libquadmath.so.0',
    'usr/include/x86_64-linux-gnu/openblas-openmp': 'include/openblas',
    'usr/share/doc/libopenblas0-openmp/copyright': 'licences/OpenBLAS.txt',
    'usr/share/doc/gcc-10-base/copyright': 'licences/gcc.txt',
    [relative(files, join(wheel('onednn_cpu_gomp'), 'lib/libdnnl.so.3.2'))]: 'lib/libdnnl.so.3',
    [relative(files, join(wheel('onednn_cpu_gomp'), 'share/doc/onednn/LICENSE'))]: 'licences/oneDNN.txt',
    [relative(files, join(wheel('onednn_cpu_gomp'), 'share/doc/onednn/THIRD-PARTY-PROGRAMS'))]:
      'licences/oneDNN-third-party.txt',
    [relative(files, join(wheel('onednn_devel_cpu_gomp'), 'include/oneapi'))]: 'include/oneapi',
  }
  for (const [from, to] of Object.entries(copies)) cpSync(join(files, from), join(folder, to), { recursive: true })
  for (const name of ['GPL-3', 'LGPL-2.1']) cpSync(join('/usr/share/common-licenses', name), join(licences, name))
  rmSync(files, { recursive: true })
}
