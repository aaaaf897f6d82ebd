// The guides and the sources that have examples.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** docs/api.md is written from the build, and has none. */
export const guides = ['README.md', 'CONTRIBUTING.md', 'examples/README.md', 'template/README.md'].concat(
  readdirSync(join(root, 'docs')).flatMap(name => (name.endsWith('.md') && name !== 'api.md' ? [`docs/${name}`] : [])),
)

export const sources = (readdirSync(join(root, 'src'), { recursive: true }) as string[]).flatMap(name =>
  name.endsWith('.ts') ? [`src/${name}`] : [],
)

export const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
