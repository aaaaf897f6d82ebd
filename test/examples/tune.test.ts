// The searches of examples/tune.ts, with two trials of the network, and what `dtrain tune status` says of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'

const outputs = mkdtempSync(join(tmpdir(), 'dtrain-outputs-'))
afterAll(() => rmSync(outputs, { recursive: true }))

test('examples/tune.ts finds the place of the least value, and trains a network twice at the same time', async () => {
  const env = { OUTPUTS: outputs, PICTURES: 'none' }
  const search = await runDtrain(['--omp-threads', '1', 'examples/tune.ts', '--trials', '2'], { env, limitMs: 50_000 })
  expect({ ...search, stdout: '', ms: 0 }).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
    ms: 0,
    leftovers: { processes: [], files: [] },
  })
  const [, x1, x2] = /^\{ x1: (\S+), x2: (\S+) \}/.exec(search.stdout)!
  expect(Math.hypot(Number(x1) - 1, Number(x2) - 3)).toBeLessThan(1)
  const accuracies = [...search.stdout.matchAll(/^trial [01]: (?:completed|stopped), accuracy (\S+) %/gm)]
  expect(accuracies.map(([, accuracy]) => Number(accuracy)).sort()).toEqual([expect.any(Number), expect.any(Number)])

  const status = await runDtrain(['tune', 'status', join(outputs, 'tune')])
  expect(status).toMatchObject({ code: 0, stderr: '' })
  expect(status.stdout).toMatch(/^digits: most accuracy; (1|2) completed/)
  expect(status.stdout).toMatch(/^pictures: .*history.svg, .*parallel.svg$/m)
  expect(await runDtrain(['tune'])).toMatchObject({ code: 2, stderr: 'dtrain: usage: dtrain tune status <folder>\n' })
})
