// What keeps the ranks of DataParallel together: equal batches, equal structures, generators in equal states, or one
// clear sentence on all of them.
import { describe, expect, test } from 'vitest'
import { devices, requireDevice, runOn } from './devices.ts'

interface Drawn {
  seen: number[]
  noise: number[][]
  again: boolean
}

describe.each(devices)('on %s', device => {
  /** What all ranks print: the launcher shows equal lines once. */
  async function output(ranks: number, fixture: string, ...args: string[]): Promise<string> {
    const result = await runOn(device, ranks, [`test/distributed/fixtures/${fixture}.ts`, device, ...args], {
      env: { OMP_NUM_THREADS: '1' },
    })
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' })
    const all = ranks === 1 ? '' : ranks === 2 ? '[0,1] ' : `[0-${ranks - 1}] `
    expect(result.stdout.startsWith(all) && result.stdout.trim().split('\n').length === 1, result.stdout).toBe(true)
    return result.stdout.slice(all.length)
  }
  const drawn = async (ranks: number, ...args: string[]): Promise<Drawn> =>
    JSON.parse(await output(ranks, 'draws', ...args))

  test.for([1, 2])('%i ranks: what is refused, is refused by all', async (ranks, context) => {
    requireDevice(device, ranks, context)
    expect(await output(ranks, 'refused')).toBe('ok\n')
  })

  test.for([2, 3])('%i ranks: what a replica draws does not change what the loader gives', async (ranks, context) => {
    requireDevice(device, ranks, context)
    const [one, many] = [await drawn(1, 'quiet'), await drawn(ranks)]
    expect(many.seen).toEqual(one.seen)
    expect(many.again).toBe(true) // the same seed, the same numbers
    const noise = many.noise.flat()
    expect(noise.length).toBe(30)
    expect(new Set(noise).size).toBe(30) // no rank and no call repeats another's
  })

  test('one rank draws what a plain module draws', async () => {
    expect(await drawn(1)).toEqual(await drawn(1, 'plain'))
  })
})
