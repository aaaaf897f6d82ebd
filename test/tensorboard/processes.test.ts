// What stands in the files of processes that end: well, by an error, killed, without room to write, and as ranks of a
// job.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'
import { count } from './read.ts'

const root = mkdtempSync(join(tmpdir(), 'dtrain-ending-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0
const newFolder = () => join(root, String(folders++))

/** Runs a program of an ES module with a writer in it, perhaps by another command. */
function run(folder: string, program: string, under: string[] = []) {
  const source = `import { SummaryWriter } from ${JSON.stringify(new URL('../../src/tensorboard/index.ts', import.meta.url).href)}
    const writer = new SummaryWriter(${JSON.stringify(folder)}, { maxQueue: 100 })
    ${program}`
  const [command, ...args] = [...under, process.execPath, '--import', 'tsx', '--input-type=module', '-e', source]
  return spawnSync(command!, args, { encoding: 'utf8' })
}

test.each([
  ['at the end', ''],
  ['by process.exit', 'process.exit()'],
  ['by an exception', "throw new Error('wrong')"],
])('a process that ends %s writes what waits', (_, end) => {
  const folder = newFolder()
  run(folder, `for (let i = 0; i < 5; i++) writer.addScalar('x', i, i)\n${end}`)
  expect(count(folder)).toBe(5)
})

test('a process that is killed leaves whole records', () => {
  const folder = newFolder()
  const { signal } = run(
    folder,
    `setTimeout(() => {}, 1000)
     for (let i = 0; ; i++) {
       writer.addText('x', 'y'.repeat(100 * (i % 50)), i)
       if (i === 1234) process.kill(process.pid, 'SIGKILL')
     }`,
  )
  expect(signal).toBe('SIGKILL')
  expect(count(folder)).toBe(1200)
})

test('of a write that fails, nothing stays in the file, and events wait on', () => {
  const folder = newFolder()
  const program = `
    writer.addText('x', 'y'.repeat(20_000))
    writer.flush()
    writer.addText('x', 'y'.repeat(20_000))
    try { writer.flush() } catch (error) { console.log(error.code) }`
  const { stdout, status } = run(folder, program, ['bash', '-c', 'trap "" XFSZ; ulimit -f 32; exec "$0" "$@"'])
  expect(stdout).toBe('EFBIG\n')
  expect(status).toBe(1) // the end of the process fails to write them again, and says so
  expect(count(folder)).toBe(1)
})

test('each rank of a job writes a run of its own', async () => {
  const folder = newFolder()
  const { code, stdout, leftovers } = await runDtrain(['--nproc', '2', 'test/tensorboard/fixtures/ranks.ts', folder])
  expect([code, leftovers]).toEqual([0, { processes: [], files: [] }])
  expect(stdout).toContain(join(folder, 'rank_1'))
  expect([count(folder), count(join(folder, 'rank_1'))]).toEqual([3, 4])
})
