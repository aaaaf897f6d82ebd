// The typed face of the addon against the addon: the committed files are what `npm run addon-types` would write, so
// that TypeScript and C++ agree about every parameter. A single op that is asked for and missing is an error that says
// so.
import { expect, test } from 'vitest'
import { addonFiles, presentFiles } from '../../scripts/addon-types.ts'
import { native } from '../../src/native/load.ts'

test('the typed face is what the addon says of itself', () => {
  expect(presentFiles(), 'to write the files anew, build the addon and type: npm run addon-types').toEqual(addonFiles())
})

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
