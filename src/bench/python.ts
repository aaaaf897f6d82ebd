// Whether an interpreter can be measured beside.
import { spawnSync } from 'node:child_process'

/** Why not, if so: it cannot be started, or has no PyTorch. */
export function problemOf(python: string): string | undefined {
  const { error, status, stderr } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' })
  const reason = error?.message ?? (status === 0 ? undefined : stderr.trim().split('\n').at(-1))
  return reason === undefined ? undefined : `--python '${python}': ${reason}`
}
