// What is left of a loader's workers: no thread and no memory, however the loop is left; and what goes to workers.
import { expect, test } from 'vitest'
import { run } from './run.ts'

test('no thread and no memory outlives the loop, and persistent workers do not keep the process alive', async () => {
  expect((await run('lifecycle.ts', ['--expose-gc'])).trimEnd().split('\n')).toEqual([
    'break: 0 threads, 0 bytes',
    'exception: 0 threads, 0 bytes',
    'persistent: 0 4 8 0 4 8, true threads',
    'few: 2 threads',
    '{',
    '  value: 12,',
    '  same: true,',
    '  set: true,',
    '  bytes: tensor([5, 6], dtype=torch.uint8),',
    '  threads: 1',
    '}',
    ...['0', '6', '12', '18'],
    '[ 5, 7 ]',
    '[ 0, 5 ] [ 1, 1 ]',
    'pinned: false',
    'null',
    'end',
  ])
})

test('with a device, workers put batches into pinned memory', async () => {
  const env = { DTRAIN_EMULATE: '1', DTRAIN_EMULATION: 'devices=1,memory=1GiB' }
  expect(await run('lifecycle.ts', ['--expose-gc'], env)).toContain('pinned: true')
})
