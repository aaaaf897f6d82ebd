// What is said on systems where dtrain does not run, by made-up values.
import { expect, test } from 'vitest'
import { type System, wrongRuntime, wrongSystem } from '../../src/native/system.ts'

const debian: System = { platform: 'linux', arch: 'x64', glibc: '2.31' }

test.each<[string, Partial<System>, RegExp]>([
  ['macOS', { platform: 'darwin', arch: 'arm64' }, /this is macOS: use a Linux machine or a container \(docker run/],
  [
    'Windows',
    { platform: 'win32' },
    /this is Windows: use the Windows Subsystem for Linux \(wsl --install -d Debian\)/,
  ],
  ['another one', { platform: 'freebsd' }, /^dtrain runs on Linux, and this is freebsd: use a Linux machine$/],
  ['arm64', { arch: 'arm64' }, /no package .* for Linux on arm64, where it is not tested either: .* npx dtrain build$/],
  ['musl', { glibc: undefined }, /another C library \(Alpine has musl\): use an image such as node:22-bookworm-slim$/],
  ['an old one', { glibc: '2.28' }, /need glibc 2\.31 .* or newer, and this system has 2\.28: use a newer one/],
])('%s', (_, system, text) => {
  const said = wrongSystem({ ...debian, ...system })
  expect(said).toMatch(text)
  expect(said).not.toContain('\n')
})

test('Debian 11 and newer ones are right', () => {
  for (const glibc of ['2.31', '2.35', '2.41']) expect(wrongSystem({ ...debian, glibc })).toBeUndefined()
})

test.each([
  ['Bun', { napi: '9', bun: '1.3.0' }, /^dtrain runs on Node: .* and Bun has not\. Start the script with node/],
  ['Deno', { napi: '9', deno: '2.5.0' }, /^dtrain runs on Node: .* and Deno has not\. Start the script with node/],
  ['an old Node', { napi: '8' }, /^dtrain needs Node-API 9 \(Node 20\.17 or newer\); this Node has Node-API 8$/],
])('%s', (_, versions, text) => {
  expect(wrongRuntime(versions)).toMatch(text)
  expect(wrongRuntime(process.versions)).toBeUndefined()
})
