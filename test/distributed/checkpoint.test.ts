// A training that is resumed goes on as if it had not been interrupted, on one rank and on several.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Checkpoint, Generator } from '../../src/index.ts'
import { runDtrain } from '../support/run-dtrain.ts'

const scratch = mkdtempSync(join(tmpdir(), 'dtrain-checkpoint-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const script = fileURLToPath(new URL('fixtures/checkpoint.ts', import.meta.url))

test('model, optimizer, scheduler, loader, dropout and random numbers go on to the last bit', async () => {
  for (const [ranks, path] of [
    ['1', join(scratch, 'one.ckpt')],
    ['2', join(scratch, 'two.pth')],
  ] as const) {
    const { code, stdout, stderr } = await runDtrain(['--nproc', ranks, script, path])
    const lines = new Set(
      stdout
        .trimEnd()
        .replaceAll(/^\[[\d,]+\] /gm, '')
        .split('\n'),
    )
    expect([code, [...lines]], stderr).toEqual([0, ['{}', 'the same']])
  }
  const { stdout, stderr } = await runDtrain([script, join(scratch, 'two.pth'), 'resume'])
  expect(stdout).toBe('{ epoch: 1 }\n')
  expect(stderr).toContain(
    'two.pth was saved by 2 ranks and is resumed by 1: all go on with the random numbers of rank 0, and a ' +
      'DistributedSampler shares out what is left of this epoch otherwise',
  )
})

test('a file of other parts is refused', () => {
  const path = join(scratch, 'parts.ckpt')
  new Checkpoint(path, { a: new Generator() }).save({})
  expect(() => new Checkpoint(path, { a: new Generator(), b: new Generator() }).resume()).toThrow(
    `Checkpoint: ${path} has the parts a; expected a, b`,
  )
})

test('what is no part is refused', () => {
  expect(() => new Checkpoint('x', { epoch: 3 as never })).toThrow(
    'Checkpoint: epoch: expected a part with stateDict and loadStateDict, or getState and setState, got a number',
  )
  expect(() => new Checkpoint('x', { model: new Generator(), a: {} as never })).toThrow(
    'Checkpoint: a: expected a part',
  )
})
