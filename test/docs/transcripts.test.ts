// A block of a guide that is followed by what a terminal shows, `$ npx dtrain --nproc 2 script.ts`, prints that. The
// order of lines of several ranks is chance, and so are the last digits on other processors.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root, runDtrain } from '../support/run-dtrain.ts'
import { guides, textOf } from './texts.ts'

const home = mkdtempSync(join(tmpdir(), 'dtrain-transcripts-'))
mkdirSync(join(home, 'node_modules'))
symlinkSync(root, join(home, 'node_modules/dtrain'))
writeFileSync(join(home, 'package.json'), '{ "type": "module" }')
afterAll(() => rmSync(home, { recursive: true }))

/** The last block of TypeScript before a transcript, and the commands of the transcript with what each prints. */
const transcripts = guides.flatMap(file => {
  let block = ''
  return [...textOf(file).matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, language, text]) => {
    if (language === 'ts') block = text!
    if (language !== '' || block === '') return []
    return text!.split(/^(?=\$ )/m).flatMap(command => {
      const [, args, script, printed] = /^\$ npx dtrain (.*?) ?(\w+\.ts)\n(.*)$/s.exec(command) ?? []
      return script === undefined ? [] : [{ file, block, args: args!, script, printed: printed! }]
    })
  })
})

const number = /\d+\.\d{3,}/g
const lines = (text: string) => text.trimEnd().split('\n').sort()

test.concurrent.each(transcripts)('$file: dtrain $args $script', async ({ block, args, script, printed }) => {
  const folder = mkdtempSync(join(home, 'run-'))
  writeFileSync(join(folder, script), block)
  const { stdout, stderr, leftovers } = await runDtrain([...args.split(' ').filter(Boolean), script], { cwd: folder })
  const [got, want] = [lines(stdout + stderr).join('\n'), lines(printed).join('\n')]
  expect(got.replaceAll(number, '…')).toBe(want.replaceAll(number, '…'))
  const expected = want.match(number) ?? []
  for (const [i, digits] of (got.match(number) ?? []).entries())
    expect(Number(digits)).toBeCloseTo(Number(expected[i]), 3)
  expect(leftovers.processes).toEqual([])
})

test('there are such', () => expect(transcripts.length).toBeGreaterThan(5))
