// A process that is killed while it saves, at 50 moments, leaves the old file or the new one; one whose disk is full
// leaves the old one.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { load, save } from '../../src/io/index.ts'
import { ones, type Tensor } from '../../src/tensor/index.ts'

const scratch = mkdtempSync(join(tmpdir(), 'dtrain-files-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test('a process that is killed while it saves leaves a whole file, and nothing beside it after the next', async () => {
  const path = join(scratch, 'killed.pth')
  const script = new URL('./fixtures/save-forever.js', import.meta.url).pathname
  for (let i = 0; i < 50; i++) {
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    await new Promise(done => setTimeout(done, (i * 7) % 50))
    child.kill('SIGKILL')
    await ended
    const { a, b } = load<{ a: Tensor; b: Tensor }>(path)
    expect(a.index(0).item()).toBe(b.index(99_999).item())
  }
  save(ones(2), path)
  expect(readdirSync(scratch).filter(file => file.includes('killed'))).toEqual(['killed.pth'])
}, 120_000)

test('where the system takes no more, the error says so and the old file stays', () => {
  const path = join(scratch, 'full.ckpt')
  save({ x: ones(2) }, path)
  const script = new URL('./fixtures/save-too-much.js', import.meta.url).pathname
  const limited = `trap '' XFSZ; ulimit -f 1000; exec ${process.execPath} ${script} ${path}`
  const { stdout, stderr } = spawnSync('bash', ['-c', limited], { encoding: 'utf8' })
  expect(stdout, stderr).toBe('EFBIG: file too large, write\n')
  expect(load<{ x: Tensor }>(path).x.toArray()).toEqual([1, 1])
  expect(readdirSync(scratch).filter(file => file.includes('full'))).toEqual(['full.ckpt'])
})
