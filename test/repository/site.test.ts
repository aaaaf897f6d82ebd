// The pages of the site: every guide is one of them, no link between them or to a file of the repository leads nowhere,
// and the check of the finished site (`npm run docs`) finds what does.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { pages } from '../../scripts/site/guides.ts'
import { checkLinks } from '../../scripts/site/links.ts'
import { root } from '../support/run-dtrain.ts'

const guides = ['README.md', ...Object.values(pages(root)).flat()].filter(file => file.endsWith('.md'))
const textOf = (file: string) => readFileSync(join(root, file), 'utf8').replaceAll(/^ *```.*?^ *```/gms, '')

/** As GitHub and the site make them from headings. */
function anchorsOf(file: string): string[] {
  const headings = [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text!.toLowerCase())
  return headings.map(text => text.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}

test('links of guides lead somewhere', () => {
  const dead: string[] = []
  for (const file of guides) {
    for (const [, target] of textOf(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (target === undefined || /^https?:/.test(target)) continue
      const [path, anchor] = target.split('#') as [string, string?]
      const to = path === '' ? file : join(dirname(file), path)
      const lost = !existsSync(join(root, to)) || (anchor && to.endsWith('.md') && !anchorsOf(to).includes(anchor))
      if (lost) dead.push(`${file}: ${target}`)
    }
  }
  expect(dead).toEqual([])
})

test('the check of the site finds files, anchors and pictures that are not there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dtrain-site-'))
  const link = (to: string) => `<a href="${to}">x</a>`
  const links = ['b.html#there', '#here', 'https://example.com', 'b.html#lost', 'c.html', '#lost'].map(link).join('')
  writeFileSync(join(folder, 'a.html'), `<h1 id="here">a</h1>${links}<img src="p.svg">`)
  writeFileSync(join(folder, 'b.html'), '<h1 id="there">b</h1>')
  expect(checkLinks(folder)).toEqual({
    ...{ pages: 2, links: 6 },
    problems: [
      'a.html: b.html#lost: there is no such anchor',
      'a.html: c.html: there is no such file',
      'a.html: #lost: there is no such anchor',
      'a.html: p.svg: there is no such file',
    ],
  })
  rmSync(folder, { recursive: true })
})
