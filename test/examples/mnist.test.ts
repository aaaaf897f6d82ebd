// The example of the README: two ranks learn to read digits.
import { expect, test, vi } from 'vitest'
import { runDtrain } from '../support/run-dtrain.ts'

vi.setConfig({ testTimeout: 120_000 })

test('examples/mnist.ts reaches 97 % on two ranks within a minute, and its loss falls', async () => {
  const { code, stdout, stderr, ms, leftovers } = await runDtrain(['--nproc', '2', 'examples/mnist.ts'], {
    limitMs: 110_000,
  })
  expect({ code, stderr, leftovers }).toEqual({ code: 0, stderr: '', leftovers: { processes: [], files: [] } })
  const epochs = [...stdout.matchAll(/^\[0\] epoch \d+: loss (\S+), test accuracy (\S+) %$/gm)]
  const losses = epochs.map(match => Number(match[1]))
  expect(losses.length).toBeGreaterThan(2)
  losses.slice(1).forEach((loss, i) => {
    expect(loss).toBeLessThan(losses[i]!)
  })
  expect(Number(epochs.at(-1)![2])).toBeGreaterThanOrEqual(97)
  expect(ms).toBeLessThan(60_000)
})

test('one, two and three ranks print the same loss and accuracy for the first epoch of 20 steps', async () => {
  const first = async (nproc: number) => {
    const { code, stdout } = await runDtrain(['--nproc', String(nproc), 'examples/mnist.ts', '--steps', '20'])
    expect(code).toBe(0)
    return stdout.replace(/^\[0\] /, '')
  }
  const one = await first(1)
  expect(one).toMatch(/^epoch 1: loss \d\.\d{4}, test accuracy \d+\.\d\d %\n$/)
  expect(await first(2)).toBe(one)
  expect(await first(3)).toBe(one)
})
