// `npm run licences`: writes docs/licences.md, the packages that an installation of dtrain brings with it and their
// licences, from package-lock.json. A test compares. A licence that is not among those below is an error: somebody has
// to read it first. `--print` writes nothing and prints the page.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** What each asks for. */
const known: Record<string, string> = {
  MIT: 'its text goes along',
  ISC: 'its text goes along',
  'BSD-2-Clause': 'its text goes along',
  'BSD-3-Clause': 'its text goes along, and no advertising with the names of the authors',
  'Apache-2.0': 'its text and its notices go along',
  '0BSD': 'nothing',
  Unlicense: 'nothing',
  'MPL-2.0': 'its text goes along; who changes its files publishes them',
  'MIT AND MPL-2.0': 'both of these',
}

interface Locked {
  version: string
  dev?: boolean
  optional?: boolean
  license?: string
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
const names = new Map<string, Set<string>>()
for (const [path, { version, dev, optional, license = 'none' }] of Object.entries(lock.packages)) {
  if (path === '' || dev) continue
  const name = path.replace(/^.*node_modules\//, '')
  if (!(license in known))
    throw new Error(`${name} ${version}: what does its licence '${license}' ask for? Add it here`)
  // Packages of one scope for many platforms have one name.
  const shown = `${optional ? name.replace(/^(@.*)\/.*/, '$1/…') : name} ${version}`
  names.set(license, (names.get(license) ?? new Set()).add(shown))
}

const rows = [...names]
  .sort(([, a], [, b]) => b.size - a.size)
  .map(([licence, packages]) => `| ${licence} | ${known[licence]} | ${[...packages].sort().join(', ')} |`)
const page = `# Licences

dtrain is under the [MIT licence](../LICENSE). An installation brings these packages with it; \`npm run licences\` writes
the table from \`package-lock.json\`, and a test compares. Names that end in \`…\` are packages for one platform each, of
which npm installs one. [dependencies.md](dependencies.md) says what each direct dependency is for, and what comes from
the system.

| licence | asks that | packages |
| --- | --- | --- |
${rows.join('\n')}
`
if (process.argv.includes('--print')) process.stdout.write(page)
else writeFileSync(join(root, 'docs/licences.md'), page)
