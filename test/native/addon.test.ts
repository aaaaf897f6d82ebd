// The typed face of the addon against the addon: neither names a function that the other lacks. A single op that is
// asked for and missing is an error that says so.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { native } from '../../src/native/load.ts'

const source = readFileSync(new URL('../../src/native/addon.ts', import.meta.url), 'utf8')
const [, body] = /^export interface Addon \{\n(.*?)^\}/ms.exec(source)!
const declared = [...body!.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name!)

test('addon.ts declares what the addon offers', () => {
  const offered = native.functions()
  expect(declared.filter(name => !offered.includes(name))).toEqual([])
  expect(offered.filter(name => !declared.includes(name))).toEqual([])
  expect(new Set(declared).size).toBe(declared.length)
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
