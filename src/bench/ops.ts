// `dtrain bench ops`: runs scripts of bench/, which are part of the package, each in a process of its own.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { problemOf } from './python.ts'

export interface OpsOptions {
  /** Names of scripts in bench/. */
  scripts: readonly string[]
  /** An interpreter with PyTorch, to measure beside. */
  python?: string | undefined
  ompThreads?: number | undefined
}

const fromPackage = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Runs them one after the other; they print. Returns the exit code of the first that fails, or 0. */
export async function ops({ scripts, python, ompThreads }: OpsOptions): Promise<number> {
  const problem = python === undefined ? undefined : problemOf(python)
  if (problem !== undefined) {
    console.error(`dtrain: bench ops: ${problem}`)
    return 2
  }
  for (const name of scripts) {
    const threads = ompThreads === undefined ? [] : ['--omp-threads', String(ompThreads)]
    const beside = python === undefined ? [] : ['--python', python]
    const args = [fromPackage('dist/launcher/cli.js'), ...threads, fromPackage(`bench/${name}.ts`), ...beside]
    const child = spawn(process.execPath, args, { stdio: 'inherit' })
    const code = await new Promise<number | null>((ended, failed) => {
      child.once('error', failed)
      child.once('close', ended)
    })
    if (code !== 0) return code ?? 1
  }
  return 0
}
