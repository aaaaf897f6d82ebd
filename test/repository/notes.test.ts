// Every Note is listed in docs/architecture.md beside the file that has it, and the list names no other. A Note that is
// cited exists.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(`${root}docs/architecture.md`, 'utf8')
const listed = [...page.matchAll(/^\| (\[.+\]) \| `(.+)` \|$/gm)].flatMap(([, names, file]) =>
  [...names!.matchAll(/\[(.+?)\]/g)].map(([, name]) => ({ name: name!, file: file! })),
)

/** `./path:text` of each place in the tree that fits, but for the guides and what git ignores. */
function search(pattern: string): string[] {
  const folders = ['.git', '.venv', 'node_modules', 'build', 'build-*', 'dist', 'coverage']
  const ignored = ['--exclude=*.md', ...folders.map(name => `--exclude-dir=${name}`)]
  const found = execFileSync('grep', ['-rIoE', ...ignored, pattern, '.'], { cwd: root, encoding: 'utf8' })
  return found.trimEnd().split('\n')
}

test('the list of notes is complete', () => {
  const notes = search('^ *(//|#) Note \\[.+\\]').map(place => place.replace(/^\.\/(.+?):.*\[(.+)\]$/, '$2 $1'))
  expect(notes.length).toBeGreaterThan(20)
  expect(listed.map(({ name, file }) => `${name} ${file}`).sort()).toEqual(notes.sort())
})

test('a note that is cited exists', () => {
  const cited = search('Note \\[[A-Z][^]]*\\]').map(place => place.match(/\[(.+)\]$/)![1]!)
  const names = new Set(listed.map(({ name }) => name))
  expect(cited.filter(name => !names.has(name))).toEqual([])
})
