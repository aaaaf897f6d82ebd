// `npm run docs`: the site of the documentation in build/docs, guides and reference, with a search that needs no
// server. typedoc makes it. It needs a TypeScript older than the project's, so both are installed in build/docs-tools,
// once. A link that leads nowhere is an error.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePages } from './guides.ts'
import { checkLinks } from './links.ts'

const here = import.meta.dirname
const root = join(here, '../..')
const out = join(root, 'build/docs')
const tools = join(root, 'build/docs-tools')
const staging = join(root, 'build/docs-source')

/** These have pages of their own; `dtrain/nn` and its like are namespaces of `dtrain`. */
const entries = ['', 'distributed/', 'vision/', 'viz/', 'tensorboard/', 'onnx/', 'monitor/', 'tune/']

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: tools, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

function install(): void {
  const lock = 'package-lock.json'
  const read = (folder: string) => existsSync(join(folder, lock)) && readFileSync(join(folder, lock), 'utf8')
  const isThere = read(tools) === read(here) && existsSync(join(tools, 'node_modules/typedoc'))
  for (const file of ['package.json', lock, 'plugin.js']) cpSync(join(here, file), join(tools, file))
  if (!isThere) run('npm', ['ci', '--ignore-scripts'])
}

install()
rmSync(staging, { recursive: true, force: true })
mkdirSync(staging, { recursive: true })
const { documents, readme } = writePages(root, staging)
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const options = {
  entryPoints: entries.map(name => join(root, `src/${name}index.ts`)),
  tsconfig: join(root, 'tsconfig.build.json'),
  ...{ skipErrorChecking: true, excludeInternal: true, excludePrivate: true, excludeExternals: true },
  ...{ out, name: `dtrain ${version}`, readme, projectDocuments: documents },
  plugin: [join(tools, 'plugin.js')],
  customCss: join(here, 'site.css'),
  ...{ disableSources: true, disableGit: true, hideGenerator: true, githubPages: false, includeVersion: false },
  ...{ searchInComments: true, searchInDocuments: true },
  navigation: { includeGroups: true, includeCategories: true },
  groupOrder: ['Guides', 'Programs', 'Reference', 'Modules', 'For contributors', 'Decisions', '*'],
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
  blockTags: ['@example', '@throws', '@param', '@returns', '@module', '@internal'],
  highlightLanguages: ['typescript', 'javascript', 'json', 'python', 'cpp', 'bash'],
  logLevel: 'Warn',
}
writeFileSync(join(staging, 'typedoc.json'), JSON.stringify(options))
run(process.execPath, ['node_modules/typedoc/bin/typedoc', '--options', join(staging, 'typedoc.json')])

const { problems, links, pages } = checkLinks(out)
for (const problem of problems) console.log(problem)
console.log(
  `build/docs/index.html: ${pages} pages, ${links} links${problems.length > 0 ? `, ${problems.length} dead` : ''}`,
)
if (problems.length > 0) process.exit(1)
