// Keeps files readable in one go (`npm run sizes`): each opens with a comment that says what it does, TypeScript and
// C++ files have a limited length, C++ lines and TypeScript's comments a limited width (Biome has the width of the
// rest). Prints each file or line that breaks this. An argument names another tree.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const typescript = {
  folders: ['src', 'launcher', 'scripts', 'examples', 'template', 'bench', 'test'],
  extension: /\.[cm]?[jt]s$/,
  lines: 400,
  median: 120,
}
const width = 120
const cpp = { folders: ['native', 'emulation'], extension: /\.(h|cc|cu|cuh)$/, lines: 600 }

/** A table of test cases may be wider: one case a line. */
const anyWidth = /^(native|emulation)\/test\//

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))

const scripts = read(typescript)
tooLong(scripts, typescript.lines)
const lengths = scripts.map(({ lines }) => lines.length).sort((a, b) => a - b)
const median = lengths[Math.floor(lengths.length / 2)] ?? 0
if (median > typescript.median) report(`TypeScript: median of ${median} lines a file, limit ${typescript.median}`)

const sources = read(cpp)
tooLong(sources, cpp.lines)
for (const text of sources.filter(({ file }) => !anyWidth.test(file))) tooWide(text, () => true)
for (const text of scripts) tooWide(text, line => /^ *(\/\/|\/?\*)/.test(line))
for (const { file, lines } of [...scripts, ...sources])
  if (!hasSentence(opening(lines))) report(`${file}:1: opens with no sentence that says what the file does`)

type Text = { file: string; lines: string[] }

function read({ folders, extension }: { folders: string[]; extension: RegExp }): Text[] {
  const texts: Text[] = []
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true }) as string[]) {
      if (!extension.test(name)) continue
      const text = readFileSync(join(root, folder, name), 'utf8')
      texts.push({ file: `${folder}/${name}`, lines: text.trimEnd().split('\n') })
    }
  }
  return texts.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** The text of the comment that a file begins with, after `#!`. */
function opening(lines: string[]): string {
  const start = lines[0]!.startsWith('#!') ? 1 : 0
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('//'))
  const comment = lines.slice(start, end < 0 ? lines.length : end)
  return comment.map(line => line.slice(2).trim()).join(' ')
}

/** Two words at least, and the end of a sentence after them. */
function hasSentence(text: string): boolean {
  return /\S \S.*[.?!](\s|$)/.test(text)
}

function tooLong(texts: Text[], limit: number): void {
  for (const { file, lines } of texts)
    if (lines.length > limit) report(`${file}: ${lines.length} lines, limit ${limit}`)
}

function tooWide({ file, lines }: Text, counts: (line: string) => boolean): void {
  for (const [index, line] of lines.entries()) {
    const columns = [...line].length // code points, as clang-format counts
    if (columns > width && counts(line)) report(`${file}:${index + 1}: ${columns} columns, limit ${width}`)
  }
}

function report(problem: string): void {
  console.log(problem)
  process.exitCode = 1
}
