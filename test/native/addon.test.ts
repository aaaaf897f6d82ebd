// The typed face of the addon against the addon: the committed files are what `npm run addon-types` would write, so
// that TypeScript and C++ agree about every parameter. A single op that is asked for and missing is an error that says
// so.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { addonFiles, presentFiles } from '../../scripts/addon-types.ts'
import { native } from '../../src/native/load.ts'

test('the typed face is what the addon says of itself', () => {
  expect(presentFiles(), 'to write the files anew, build the addon and type: npm run addon-types').toEqual(addonFiles())
})

// Two parameters of one type that change places keep their types, so their names are compared too.
test('rows name the parameters of the C++ functions, in their order', () => {
  const shorter: Record<string, string> = { g: 'generator', root: 'x', rounding: 'roundingMode', sizes: 'shape' }
  const headers = ['autograd', 'binding', 'comm', 'core', 'kernels', 'ops'].flatMap(folder => read(folder, '.h'))
  let rows = 0
  for (const table of read('binding/tables', '.cc')) {
    for (const [, name, rest] of table.matchAll(/^DT_OP(?:_END)?\((\w+)((?:, \w+)*)\);/gm)) {
      const declaration = new RegExp(`^[\\w:<>, &*]+ ${name}\\(([^()]*(?:\\(\\)[^()]*)?)\\)`, 'gm')
      const declared = [table, ...headers].flatMap(text => [...text.matchAll(declaration)].map(([, all]) => all!))
      const names = declared.map(all =>
        all
          .split(/,(?![^<]*>)/)
          .map(nameOf)
          .join(', '),
      )
      const longer = names.map(list => list.replace(/\w+/g, word => shorter[word] ?? word))
      expect([...names, ...longer], name).toContain(rest!.replace(', ', ''))
      rows++
    }
  }
  expect(rows).toBeGreaterThan(100)
})

/** `const Dims& stride = {1}` → `stride` */
function nameOf(parameter: string): string {
  return /(\w+)$/.exec(parameter.replace(/=.*/, '').trim())?.[1] ?? ''
}

function read(folder: string, extension: string): string[] {
  const path = fileURLToPath(new URL(`../../native/${folder}`, import.meta.url))
  return readdirSync(path)
    .filter(file => file.endsWith(extension))
    .map(file => readFileSync(join(path, file), 'utf8'))
}

test('a function that the addon lacks says so when it is used', () => {
  const addon = native as unknown as Record<string, () => void>
  expect(() => addon.tanhh!()).toThrow(
    /^dtrain: the native core.* was built from other sources and lacks tanhh\n {2}\/.*\.node\nTo build it, .*type\n {2}scripts\/setup\.sh$/,
  )
  expect(Object.keys(addon)).toContain('exp')
  expect('tanhh' in addon).toBe(false)
})

test('the addon can be awaited, printed and compared', async () => {
  expect(await native).toBe(native)
  expect(String(native)).toBe('[object Object]')
  expect(JSON.stringify(native)).toBe('{}')
  expect(native).toEqual({ ...native })
})
