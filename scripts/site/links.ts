// Checks a folder of pages: every link, picture, script and style sheet inside it exists, and every anchor.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** What is wrong, a line for each link that leads nowhere, and how many were looked at. */
export function checkLinks(folder: string): { problems: string[]; links: number; pages: number } {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter(name => name.endsWith('.html')).sort()
  const anchors = new Map(
    files.map(file => {
      const text = readFileSync(join(folder, file), 'utf8')
      return [
        join(folder, file),
        { text, ids: new Set(Array.from(text.matchAll(/\s(?:id|name)="([^"]*)"/g), ([, id]) => id!)) },
      ]
    }),
  )
  const problems: string[] = []
  let links = 0
  for (const [page, { text }] of anchors) {
    for (const [, link] of text.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const target = link!.replaceAll('&amp;', '&')
      if (/^(https?:|data:|mailto:)/.test(target)) continue
      links += 1
      const [path, anchor] = target.split('#').map(decodeURIComponent) as [string, string?]
      const to = path === '' ? page : join(dirname(page), path)
      const lost = !existsSync(to) ? 'there is no such file' : undefined
      const ids = anchors.get(to)?.ids
      const noAnchor = anchor && ids !== undefined && !ids.has(anchor) ? 'there is no such anchor' : undefined
      const problem = lost ?? noAnchor
      if (problem !== undefined) problems.push(`${relative(folder, page)}: ${target}: ${problem}`)
    }
  }
  return { problems, links, pages: files.length }
}
