// The guides as pages of the site: copies of docs/*.md, README.md and the programs of examples/, each with a title and
// a group, in the order in which they stand below, and with links that hold there. A link to another file of the
// repository, which is not part of the site, becomes plain text.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const names = (folder: string, pattern: RegExp) =>
  readdirSync(folder)
    .filter(name => pattern.test(name))
    .sort()

/** Groups of pages in order; a page is a file of the repository. A guide that is not named here follows the others. */
export function pages(root: string): Record<string, string[]> {
  const docs = (...guides: string[]) => guides.map(name => `docs/${name}.md`)
  const programs = [...readFileSync(join(root, 'examples/README.md'), 'utf8').matchAll(/^\| \[.*?\]\((.*?)\)/gm)]
  const groups = {
    Guides: [
      ...docs(
        'from-pytorch',
        'differences',
        'pictures',
        'tune',
        'distributed',
        'launcher',
        'gpus',
        'scaling',
        'memory',
      ),
    ],
    Programs: ['examples/README.md', ...programs.map(([, name]) => `examples/${name}`)],
    Reference: [...docs('coverage', 'api', 'licences'), 'CHANGELOG.md'],
    'For contributors': [
      'CONTRIBUTING.md',
      ...docs(
        'architecture',
        'adding-an-op',
        'adding-a-layer',
        'adding-an-optimizer',
        'dependencies',
        'tutorial-values',
      ),
    ],
    Decisions: names(join(root, 'docs/decisions'), /\.md$/).map(name => `docs/decisions/${name}`),
  }
  const listed = Object.values(groups).flat()
  const others = names(join(root, 'docs'), /\.md$/).map(name => `docs/${name}`)
  groups.Guides.push(...others.filter(file => !listed.includes(file)))
  return groups
}

/** Where a page of the repository has its copy. A program becomes a page with its text. */
const copyOf = (file: string) => (file.endsWith('.ts') ? `${file}.md` : file)

/** Writes the pages into `folder`. Returns their paths in order, and that of the first page. */
export function writePages(root: string, folder: string): { documents: string[]; readme: string } {
  const groups = pages(root)
  const all = new Set(['README.md', ...Object.values(groups).flat()])
  const write = (file: string, group?: string) => {
    const text = readFileSync(join(root, file), 'utf8')
    const { title, body } = file.endsWith('.ts') ? program(file, text) : guide(text)
    // The theme writes the title of the first page itself.
    const front = group === undefined ? '' : `---\ntitle: ${JSON.stringify(title)}\ngroup: ${group}\n---\n\n`
    const path = join(folder, copyOf(file))
    mkdirSync(dirname(path), { recursive: true })
    const shown = group === undefined ? body.replace(/^# .*\n/, '') : body
    writeFileSync(path, front + plain(withLinks(file, shown, all)))
    return path
  }
  cpSync(join(root, 'docs/pictures'), join(folder, 'docs/pictures'), { recursive: true })
  const documents = Object.entries(groups).flatMap(([group, files]) => files.map(file => write(file, group)))
  return { documents, readme: write('README.md') }
}

function guide(text: string): { title: string; body: string } {
  const [, title] = /^# (.*)\n/.exec(text) ?? []
  if (title === undefined) throw new Error(`a guide begins with its title: ${text.slice(0, 80)}`)
  return { title: title.replaceAll('`', ''), body: text }
}

function program(file: string, text: string): { title: string; body: string } {
  const title = relative('examples', file)
  return { title, body: `# ${title}\n\n\`\`\`ts\n${text}\`\`\`\n` }
}

/** Blocks of no language are what a terminal shows, and no TypeScript. */
const plain = (text: string) =>
  text.replaceAll(/^( *)```(\w*)\n(.*?)^ *```$/gms, (_, indent, language, lines) => {
    return `${indent}\`\`\`${language || 'text'}\n${lines}${indent}\`\`\``
  })

/** Links between pages stay; others to files become their text. */
function withLinks(file: string, body: string, all: Set<string>): string {
  return body.replaceAll(/(?<!!)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (link, text: string, target: string) => {
    if (/^(https?:|#)/.test(target)) return link
    const [path, anchor] = target.split('#') as [string, string?]
    const to = join(dirname(file), path)
    if (!all.has(to)) return text
    const from = relative(dirname(copyOf(file)), copyOf(to))
    return `[${text}](${from.startsWith('.') ? from : `./${from}`}${anchor === undefined ? '' : `#${anchor}`})`
  })
}
