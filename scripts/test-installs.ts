// Installs the packages of `npm run package` in all the ways of scripts/installs/cases.ts, from a registry on loopback
// that has them, and says in a line for each whether it works. Needs root, and the network at the first time.
//
//   npx tsx scripts/test-installs.ts              all of them
//   npx tsx scripts/test-installs.ts pnpm types   those with one of these in their names
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cases } from './installs/cases.ts'
import { home } from './installs/project.ts'
import { startRegistry } from './installs/registry.ts'
import { root } from './package/contents.ts'

const wanted = process.argv.slice(2)
const chosen = Object.entries(cases).filter(([name]) => wanted.length === 0 || wanted.some(it => name.includes(it)))
mkdirSync(home, { recursive: true })
// yarn and pnpm keep packages by name and version, and these have changed.
for (const cache of ['yarn', 'berry', 'xdg']) rmSync(join(home, cache), { recursive: true, force: true })
const registry = await startRegistry(join(root, 'build/packages'))

let failed = 0
for (const [name, run] of chosen) {
  const start = performance.now()
  let result = 'ok'
  let note: string | undefined
  try {
    note = await run(registry)
  } catch (error) {
    failed++
    result = 'failed'
    note = `\n${error instanceof Error ? error.message : error}\n`
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6)
  console.log(`${name.padEnd(34)} ${result.padEnd(6)} ${seconds} s  ${note ?? ''}`.trimEnd())
}
console.log(`${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
