// Runs every example of docs/differences.md.
import { expect, test, vi } from 'vitest'
import { examples, read, run } from './blocks.ts'

const page = read('differences')

for (const { title, block } of examples(page)) {
  test(title, async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {}) // of Modules, which is about a warning
    const { got, want, checks } = await run(block)
    expect(got).toEqual(want)
    expect(checks).toBeGreaterThan(0)
  })
}

test('every section of the table exists, and every section has a row or an example', () => {
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title!)
  const linked = [...page.matchAll(/\]\(#(.*?)\)/g)].map(([, anchor]) => anchor)
  const anchors = sections.map(title => title.toLowerCase().replaceAll(' ', '-'))
  for (const anchor of linked) expect(anchors).toContain(anchor)
  expect(sections.length).toBeGreaterThan(10)
})
