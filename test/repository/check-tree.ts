// Writes a small tree into a temporary directory and runs one of the repository's own checks on it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url))

/** `checkTree('sizes.ts', { 'src/index.ts': '' })`: exit code and printed lines. */
export function checkTree(script: string, files: Record<string, string>): { code: number | null; report: string[] } {
  const tree = mkdtempSync(join(tmpdir(), 'dtrain-tree-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, name)), { recursive: true })
      writeFileSync(join(tree, name), `${text}\n`)
    }
    const run = spawnSync(process.execPath, ['--import', 'tsx', join(scripts, script), tree], { encoding: 'utf8' })
    if (run.stderr !== '') throw new Error(run.stderr)
    return { code: run.status, report: run.stdout.split('\n').filter(line => line !== '') }
  } finally {
    rmSync(tree, { recursive: true })
  }
}
