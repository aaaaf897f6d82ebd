// Runs a fixture by tsx, against the built package.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))

/** What the fixture, or a script by its path, prints. @throws Error when it fails */
export async function run(name: string, options: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const args = [...options, '--import', 'tsx', resolve(fixture('.'), name)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } })
  return stdout
}
