// What one training step (forward, zeroGrad, backward, SGD with momentum) of bench/step.ts asks of a GPU, counted on an
// emulated one: kernels of dtrain, operations of cuBLASLt and cuDNN, copies, waits of the host, all calls of the CUDA
// runtime; and the time the host takes to ask, which is of this machine. A batch comes from memory of the host each
// time. Then steps of optimizers alone, over 200 tensors of three dtypes.
//   npx tsx bench/launches.ts
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machineLine, type Spread, spreadOf, within } from '../dist/src/bench/measure.js'
import { columns } from '../dist/src/columns.js'

const folder = mkdtempSync(join(tmpdir(), 'dtrain-launches-'))
const file = join(folder, 'counts')
process.env.DTRAIN_EMULATE = '1'
process.env.DTRAIN_EMULATION = `devices=1,counts=${file}`
process.on('exit', () => rmSync(folder, { recursive: true }))
const { cuda, nn, optim, randint, randn, randperm } = await import('dtrain')
const { lenet, mlp } = await import('./models.ts')

/** Calls so far, by the name of the function (emulation/cuda/counts.h). */
function counts(): Map<string, number> {
  const table = readFileSync(file)
  const found = new Map<string, number>()
  for (let at = 0; at < table.length && table[at] !== 0; at += 64) {
    found.set(table.toString('latin1', at, table.indexOf(0, at)), Number(table.readBigUInt64LE(at + 56)))
  }
  return found
}

const groups: Record<string, RegExp> = {
  kernels: /^launch$/,
  'library ops': /^enqueue$/,
  copies: /^cudaMem(cpy|set)/,
  waits: /Synchronize$/,
  memory: /^cuda(Malloc|Free|Host)/,
  events: /^cuda(Event|StreamWaitEvent)/,
  attributes: /Attribute|Properties/,
  'CUDA calls': /^(cuda|launch$)/,
}

/**
 * Calls of one run of `step` on an idle device, in the groups above, and the microseconds the host takes to ask.
 */
function count(step: () => void): { calls: number[]; host: Spread } {
  const runs = 20
  const total = new Map<string, number>()
  const host: number[] = []
  for (let i = -5; i < runs; i++) {
    cuda.synchronize()
    const before = counts()
    const start = performance.now()
    step()
    const took = performance.now() - start
    if (i < 0) continue // blocks of memory, plans and algorithms are found in the first runs
    host.push(1000 * took)
    for (const [name, value] of counts()) {
      total.set(name, (total.get(name) ?? 0) + value - (before.get(name) ?? 0))
    }
  }
  const calls = Object.values(groups).map(group => {
    let sum = 0
    for (const [name, value] of total) if (group.test(name)) sum += value
    return sum / runs
  })
  return { calls, host: spreadOf(host) }
}

const lines = [['per call of', ...Object.keys(groups), 'host µs', 'spread']]
const add = (name: string, { calls, host }: ReturnType<typeof count>) =>
  lines.push([name, ...calls.map(String), host.median.toFixed(0), within(host)])
for (const [name, make] of Object.entries({ lenet, mlp })) {
  const model = make().to('cuda')
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 })
  const criterion = new nn.CrossEntropyLoss()
  const [images, labels] = [randn(64, 1, 28, 28), randint(0, 10, [64])]
  const counted = count(() => {
    const loss = criterion(model(images.to('cuda')), labels.to('cuda'))
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
  })
  add(`${name} step`, counted)
}
const params = Array.from({ length: 200 }, (_, i) => {
  const dtype = (['float32', 'float64', 'bfloat16'] as const)[i % 3]!
  const param = randn(i % 7, 3, { dtype, device: 'cuda', requiresGrad: true })
  param.grad = randn(i % 7, 3, { dtype, device: 'cuda' })
  return param
})
for (const Kind of [optim.SGD, optim.Adam, optim.Rprop]) {
  const optimizer = new Kind(params)
  add(
    `${Kind.name} of 3 dtypes`,
    count(() => void optimizer.step()),
  )
}
for (const [name, draw] of [
  ['randn(1000)', () => randn(1000, { device: 'cuda' }).dispose()],
  ['randperm(60000)', () => randperm(60_000, { device: 'cuda' }).dispose()],
] as const) {
  add(name, count(draw))
}
console.log(`${machineLine()}\n${columns(lines)}`)
