// The table at the start of docs/differences.md and its sections belong together.
import { expect, test } from 'vitest'
import { textOf } from './texts.ts'

const page = textOf('docs/differences.md')

test('every section of the table exists, and every section has a row or an example', () => {
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title!)
  const linked = [...page.matchAll(/\]\(#(.*?)\)/g)].map(([, anchor]) => anchor)
  const anchors = sections.map(title => title.toLowerCase().replaceAll(' ', '-'))
  for (const anchor of linked) expect(anchors).toContain(anchor)
  expect(sections.length).toBeGreaterThan(10)
})
