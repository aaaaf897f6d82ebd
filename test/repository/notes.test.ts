// Every Note is listed in docs/architecture.md beside the file that has it, and the list names no other.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the list of notes is complete', () => {
  const page = readFileSync(`${root}docs/architecture.md`, 'utf8')
  const listed = [...page.matchAll(/^\| (\[.+\]) \| `(.+)` \|$/gm)].flatMap(([, names, file]) =>
    [...names!.matchAll(/\[(.+?)\]/g)].map(([, name]) => `${name} ${file}`),
  )
  const folders = ['native', 'emulation', 'src', 'launcher', 'scripts']
  const found = execFileSync('grep', ['-rE', '^ *// Note \\[', ...folders], { cwd: root, encoding: 'utf8' })
  const notes = [...found.matchAll(/^(.+?):.*?Note \[(.+?)\]/gm)].map(([, file, name]) => `${name} ${file}`)
  expect(notes.length).toBeGreaterThan(20)
  expect(listed.sort()).toEqual(notes.sort())
})
