// What `monitor` samples and logs: here the machine and this process, and in a job, the emulated GPU of its rank.
import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { ArgumentError } from '../../src/errors.ts'
import { monitor } from '../../src/monitor/index.ts'
import { runDtrain, sleep } from '../support/run-dtrain.ts'

type Logged = { tag: string; value: number; step: number; time: number }[]

test('a sample says what the machine and this process do', async () => {
  const watching = monitor()
  const until = Date.now() + 150
  while (Date.now() < until);
  const { time, machine, process: own, gpus } = watching.sample()
  expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(5)
  expect(machine.memoryTotal).toBe(totalmem())
  expect(machine.memoryUsed).toBeLessThan(machine.memoryTotal)
  expect(machine.cpu).toBeGreaterThan(0)
  expect(machine.cpu).toBeLessThanOrEqual(100)
  expect(own.cpu).toBeGreaterThan(10) // it has been computing; how much it got depends on the others
  expect(own.memory).toBeGreaterThan(10_000_000)
  expect(Array.isArray(gpus)).toBe(true)
  await sleep(0)
  watching.stop()
})

test('wrong options are refused', () => {
  expect(() => monitor({ interval: 0 })).toThrow(
    new ArgumentError('monitor: interval must be seconds from 0.01 to 1000000, got 0'),
  )
  expect(() => monitor({ writer: 'runs' as never })).toThrow('monitor: writer: expected a SummaryWriter, got a string')
  expect(() => monitor({ every: 1 } as never)).toThrow("monitor: unknown option 'every'")
})

test('samples come at their times while the program computes, and its GPU is among them', async () => {
  const { code, stdout, leftovers } = await runDtrain(['--emulate', 'test/monitor/fixtures/busy.ts'])
  expect([code, leftovers]).toEqual([0, { processes: [], files: [] }])
  const logged: Logged = JSON.parse(stdout)
  const of = (tag: string) => logged.filter(one => one.tag === `monitor/${tag}`)
  expect(of('CPU (%)').map(({ step }) => step)).toEqual(of('CPU (%)').map((_, i) => i))
  expect(new Set(of('CPU (%)').map(({ time }) => time.toFixed(2))).size).toBe(of('CPU (%)').length)
  expect(of('cuda:0 utilization (%)').at(-1)!.value).toBeGreaterThan(0)
  expect(of('cuda:0 memory (GiB)').at(-1)!.value).toBeGreaterThanOrEqual(2 ** 20 / 2 ** 30)
  expect(new Set(logged.map(({ tag }) => tag)).size).toBe(11)
})

test('it logs when the loop turns, does not keep the process alive, and logs what waits at its end', async () => {
  const { code, stdout } = await runDtrain(['--nproc', '1', 'test/monitor/fixtures/busy.ts', 'end'])
  expect(code).toBe(0)
  const [before, after] = JSON.parse(stdout)
  expect(after).toBeGreaterThan(before)
})
