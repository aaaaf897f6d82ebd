// The addon with emulated GPUs is not part of the set-up, which builds what everybody runs. So the first `--emulate`
// builds it, in the folder that the set-up has configured.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findCore, packageRoot } from '../../src/native/find.ts'

/**
 * Builds what is not there yet, with one line of progress on stderr; a second launcher waits for the first. Returns a
 * sentence if it fails. Where nothing has been set up it does nothing: the ranks say what to type.
 */
export function buildEmulated(): string | undefined {
  if (packageRoot === undefined || findCore('Emulated') !== undefined) return undefined
  const folder = join(packageRoot, process.env.DTRAIN_BUILD ?? 'build')
  if (!existsSync(join(folder, 'build.ninja'))) return undefined
  process.stderr.write('dtrain: the first --emulate builds the native core with emulated GPUs; this takes a while\n')
  const quiet = process.stderr.isTTY ? [] : ['--quiet'] // on a terminal Ninja counts in one line
  const { error, status } = spawnSync('flock', [folder, 'ninja', '-C', folder, ...quiet, 'dtrain_emulated'], {
    stdio: ['ignore', 2, 2],
  })
  if (status === 0) return undefined
  const reason = error?.message ?? 'the reason is above'
  return `the native core with emulated GPUs cannot be built: ${reason} (a set-up with DTRAIN_CUDA=off leaves it out)`
}
