// docs/api.md is what the build exports, with its types; so a change of the public surface is seen in review.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/run-dtrain.ts'

test('docs/api.md has the public surface', () => {
  const command = ['--import', 'tsx', 'scripts/api.ts', '--print']
  const page = execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  const now = page.split('\n')
  const written = readFileSync(join(root, 'docs/api.md'), 'utf8').split('\n')
  const [added, removed] = [now.filter(line => !written.includes(line)), written.filter(line => !now.includes(line))]
  expect({ added, removed }, 'type `npm run api`, and commit docs/api.md').toEqual({ added: [], removed: [] })
  expect(now.length).toBe(written.length)
})

test('it has classes with their members, functions with their overloads, and types that have no name', () => {
  const page = readFileSync(join(root, 'docs/api.md'), 'utf8')
  for (const text of [
    '\nfunction cat(xs: readonly Tensor[], dim?: number',
    '\n  backward(gradient?: Tensor | null | BackwardOptions, options?: BackwardOptions): void\n',
    '\nfunction max(x: Tensor): Tensor\nfunction max(x: Tensor, ',
    '\nnamespace nn // dtrain/nn\n',
    '\n## dtrain/nn: functional\n',
    '\n// src/tensor/methods.ts\n',
  ]) {
    expect(page).toContain(text)
  }
  for (const text of ['@internal', '#private', 'handle: Handle', '/**']) expect(page).not.toContain(text)
})
