// The addon with emulated GPUs is not part of the set-up, which builds what everybody runs. So the first `--emulate`
// builds it, in the folder that the set-up has configured.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { env } from '../../src/job/env.ts'

/**
 * Builds what is not there yet, with one line of progress on stderr; a second launcher waits for the first. Returns a
 * sentence if it fails. Where nothing has been set up it does nothing: the ranks say what to type.
 */
export function buildEmulated(): string | undefined {
  const folder = join(packageRoot(), process.env.DTRAIN_BUILD ?? 'build')
  if (existsSync(join(folder, 'Emulated', 'dtrain.node')) || !existsSync(join(folder, 'build.ninja'))) return undefined
  process.stderr.write('dtrain: the first --emulate builds the native core with emulated GPUs; this takes a while\n')
  const quiet = process.stderr.isTTY ? [] : ['--quiet'] // on a terminal Ninja counts in one line
  const { error, status } = spawnSync('flock', [folder, 'ninja', '-C', folder, ...quiet, 'dtrain_emulated'], {
    stdio: ['ignore', 2, 2],
  })
  if (status === 0) return undefined
  const reason = error?.message ?? 'the reason is above'
  return `the native core with emulated GPUs cannot be built: ${reason} (a set-up with DTRAIN_CUDA=off leaves it out)`
}

/** The addon that a rank uses, if it has been built. */
export const addonPath = (): string =>
  join(
    packageRoot(),
    env('DTRAIN_BUILD') ?? 'build',
    env('DTRAIN_EMULATE') === 1 ? 'Emulated' : 'Release',
    'dtrain.node',
  )

/** This file runs from launcher/ and from dist/launcher/. */
function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'dtrain') return folder
  }
}
