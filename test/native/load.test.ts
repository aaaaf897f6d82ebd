// Which addon is loaded, and what is said when it cannot be or when it is the emulated one: in packages of their own,
// cloned or installed, with addons that are missing, broken, or the one of this tree under both names.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let home = ''

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'package-'))
  cpSync(join(root, 'dist/src'), join(home, 'dist/src'), { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "name": "dtrain", "type": "module", "version": "1.2.2" }')
})
afterEach(() => rmSync(home, { recursive: true }))

const addon = (kind: string) => join(home, 'build', kind, 'dtrain.node')

function provide(kind: string): void {
  mkdirSync(dirname(addon(kind)), { recursive: true })
  copyFileSync(join(root, 'build/Release/dtrain.node'), addon(kind))
}

/** Loads the core and prints the message of what is thrown, or `loaded`; once for each folder, in one process. */
function load(env: NodeJS.ProcessEnv = {}, folders = [home]): { stdout: string; stderr: string } {
  const script = folders.map(
    folder =>
      `await import("${folder}/dist/src/native/load.js").then(() => console.log('loaded'), e => console.log(e.name, e.message))`,
  )
  const { DTRAIN_EMULATE, DTRAIN_JOB, DTRAIN_BUILD, ...inherited } = process.env
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script.join('\n')], {
    cwd: home,
    env: { ...inherited, ...env },
    encoding: 'utf8',
  })
  return { stdout: run.stdout, stderr: run.stderr.replace(/^\(node:\d+\) |^\(Use `node --trace-warnings.*\n/gm, '') }
}

const missing = 'cannot be loaded: it has not been built'

test('an addon that has not been built', () => {
  expect(load().stdout).toBe(
    `UnsupportedError dtrain: the native core ${missing}\n  ${addon('Release')}\nTo build it, type\n  scripts/setup.sh\n`,
  )
})

test('the emulated addon is never taken for the other one, nor the other way round', () => {
  provide('Release')
  expect(load()).toEqual({ stdout: 'loaded\n', stderr: '' })
  expect(load({ DTRAIN_EMULATE: '1' }).stdout).toBe(
    `UnsupportedError dtrain: the native core with emulated GPUs ${missing}\n  ${addon('Emulated')}\n` +
      'To build it, type\n  scripts/setup.sh --emulate\n',
  )
  rmSync(addon('Release'))
  provide('Emulated')
  expect(load().stdout).toContain(missing)
})

test('emulation is announced once, by the launcher if there is one', () => {
  provide('Emulated')
  expect(load({ DTRAIN_EMULATE: '1' })).toEqual({
    stdout: 'loaded\n',
    stderr: "[DTRAIN_EMULATE] Warning: GPUs are emulated on this machine's CPU: for correctness, never for speed\n",
  })
  expect(load({ DTRAIN_EMULATE: '1', DTRAIN_JOB: 'job' })).toEqual({ stdout: 'loaded\n', stderr: '' })
  expect(load({ DTRAIN_EMULATE: '' }).stdout).toContain(missing)
})

test('a file that is no addon', () => {
  mkdirSync(dirname(addon('Release')), { recursive: true })
  writeFileSync(addon('Release'), 'text')
  expect(load().stdout).toMatch(
    /^UnsupportedError dtrain: the native core cannot be loaded: .*dtrain\.node: .*\n {2}\//,
  )
})

/** The same package, installed in a project of this folder. */
function install(version: string): string {
  const folder = join(home, 'node_modules/dtrain')
  cpSync(join(home, 'dist/src'), join(folder, 'dist/src'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), `{ "name": "dtrain", "type": "module", "version": "${version}" }`)
  return folder
}

/** A package with an addon, beside it. */
function installPlatform(name: string, version: string): void {
  const folder = join(home, 'node_modules', name)
  mkdirSync(join(folder, 'Release'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), `{ "name": "${name}", "version": "${version}" }`)
  copyFileSync(join(root, 'build/Release/dtrain.node'), join(folder, 'Release/dtrain.node'))
}

/** What `dtrain --version` says. */
function coreText(folder: string): string {
  const script = `console.log((await import("${folder}/dist/src/native/find.js")).coreText())`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout
}

test('installed, it loads the addon of a package of its version, first of all one with GPUs', () => {
  const folder = install('1.2.3')
  const modules = join(home, 'node_modules')
  const text = (what: string) =>
    `UnsupportedError dtrain: ${what} is missing: the package dtrain-linux-x64@1.2.3 is not installed beside this one. ` +
    'npm leaves it out with --omit=optional, and where package-lock.json was written on another system. Type\n' +
    '  npm install dtrain-linux-x64@1.2.3\nor build it here from source with\n  npx dtrain build'
  expect(load({}, [folder]).stdout).toBe(`${text('the native core')}\n`)
  expect(load({ DTRAIN_EMULATE: '1' }, [folder]).stdout).toBe(
    `${text('the native core with emulated GPUs')} --emulate\n`,
  )

  installPlatform('dtrain-linux-x64', '1.2.4')
  expect(load({}, [folder]).stdout).toBe(`${text('the native core')}\n`)
  installPlatform('dtrain-linux-x64', '1.2.3')
  expect(load({}, [folder]).stdout).toBe('loaded\n')
  expect(coreText(folder)).toBe(
    `native core: dtrain-linux-x64 1.2.3 (${modules}/dtrain-linux-x64/Release/dtrain.node)\n`,
  )
  installPlatform('dtrain-linux-x64-cuda13', '1.2.3')
  expect(coreText(folder)).toContain('native core: dtrain-linux-x64-cuda13 1.2.3 (')
  provide('Release')
  cpSync(join(home, 'build'), join(folder, 'build'), { recursive: true })
  expect(coreText(folder)).toContain(`native core: built in ${folder}/build (`)
})

test('two copies in one program', () => {
  provide('Release')
  const other = install('1.2.3')
  installPlatform('dtrain-linux-x64', '1.2.3')
  expect(load({}, [home, home]).stdout).toBe('loaded\nloaded\n')
  expect(load({}, [home, other]).stdout).toBe(
    'loaded\nUnsupportedError dtrain: two copies in one program, whose tensors cannot be mixed: ' +
      `1.2.2 in ${home}, and 1.2.3 in ${other}. \`npm ls dtrain\` shows who brings which; ask for one version ` +
      'everywhere, or type npm dedupe\n',
  )
})
