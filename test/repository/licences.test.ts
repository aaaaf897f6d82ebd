// docs/licences.md has the licences of the packages that package-lock.json names.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/run-dtrain.ts'

test('docs/licences.md is up to date; if not, type npm run licences', () => {
  const command = ['--import', 'tsx', 'scripts/licences.ts', '--print']
  const page = execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  expect(page).toBe(readFileSync(join(root, 'docs/licences.md'), 'utf8'))
})
