// When files are written, how they are named, and what wrong calls say.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ones, zeros } from '../../src/index.ts'
import { maskedChecksum } from '../../src/tensorboard/event-file.ts'
import { SummaryWriter } from '../../src/tensorboard/index.ts'
import { count } from './read.ts'

const root = mkdtempSync(join(tmpdir(), 'dtrain-writer-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0
const newFolder = () => join(root, String(folders++))

test('the checksum is CRC-32C, masked', () => {
  const unmasked = (sum: number) => {
    const rotated = (sum - 0xa282ead8) >>> 0
    return ((rotated >>> 17) | (rotated << 15)) >>> 0
  }
  expect(unmasked(maskedChecksum(Buffer.from('123456789')))).toBe(0xe3069283) // the check value of CRC-32C
})

test('a file is named by time, host, process, and its number in the process', () => {
  const folder = newFolder()
  new SummaryWriter(folder, { filenameSuffix: '.mine' }).close()
  const [, time, rest] = /^events\.out\.tfevents\.(\d{10})\.(.*)$/.exec(readdirSync(folder)[0]!)!
  expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(60)
  expect(rest).toMatch(new RegExp(`^${hostname()}\\.${process.pid}\\.\\d+\\.mine$`))
})

test('events are written when maxQueue wait, by flush and by close; an add after it begins a new file', () => {
  const folder = newFolder()
  const writer = new SummaryWriter(folder, { maxQueue: 3 })
  writer.addScalar('x', 1)
  writer.addScalar('x', 2)
  expect(count(folder)).toBe(0)
  writer.addScalar('x', 3)
  expect(count(folder)).toBe(3)
  writer.addScalar('x', 4)
  writer.flush()
  expect(count(folder)).toBe(4)
  writer.addScalar('x', 5)
  writer.close()
  writer.close()
  expect(count(folder)).toBe(5)
  writer.addScalar('x', 6)
  writer.close()
  expect(count(folder)).toBe(6)
  expect(readdirSync(folder)).toHaveLength(2)
})

test('events are written after flushSecs, by the event loop and by an add without it', async () => {
  const folder = newFolder()
  const writer = new SummaryWriter(folder, { flushSecs: 0.1 })
  writer.addScalar('x', 1)
  expect(count(folder)).toBe(0)
  await expect.poll(() => count(folder), { timeout: 5000 }).toBe(1)
  writer.addScalar('x', 2)
  const until = performance.now() + 150
  while (performance.now() < until) {} // no event loop
  writer.addScalar('x', 3)
  expect(count(folder)).toBe(3)
  writer.close()
})

test('a rank but the first writes into a folder of its own', () => {
  const folder = newFolder()
  process.env.RANK = '1'
  try {
    const writer = new SummaryWriter(folder)
    expect(writer.getLogdir()).toBe(join(folder, 'rank_1'))
    writer.close()
  } finally {
    delete process.env.RANK
  }
  expect(readdirSync(folder)).toEqual(['rank_1'])
})

test('the folder of a writer without one is named by the time', () => {
  const before = process.cwd()
  process.chdir(root)
  try {
    const writer = new SummaryWriter({ comment: '_lr1' })
    expect(writer.logDir).toMatch(new RegExp(`^runs/[A-Z][a-z]{2}\\d\\d_\\d\\d-\\d\\d-\\d\\d_${hostname()}_lr1$`))
    writer.close()
  } finally {
    process.chdir(before)
  }
})

const writer = new SummaryWriter(join(root, 'wrong'))
afterAll(() => writer.close())
const wrong: [call: () => void, text: string][] = [
  [() => new SummaryWriter(1 as never), 'SummaryWriter: expected a folder, got a number'],
  [() => new SummaryWriter('x', { maxQueue: -1 }), 'SummaryWriter: maxQueue must be 0 or more, got -1'],
  [() => new SummaryWriter('x', { flushSecs: 0 }), 'SummaryWriter: flushSecs must be more than 0, got 0'],
  [() => writer.addScalar(1 as never, 1), 'addScalar: expected a tag in quotes, got a number'],
  [() => writer.addScalar('x', ones(2)), 'addScalar: expected one element, got a tensor of [2]'],
  [
    () => writer.addScalar('x', '1' as never),
    'addScalar: expected a number or a tensor with one element, got a string',
  ],
  [() => writer.addScalar('x', 1, Number.NaN), 'addScalar: the step must be a number, got NaN'],
  [() => writer.addScalar('x', 1, { step: 1 } as never), "addScalar: unknown option 'step'"],
  [
    () => writer.addScalars('x', 1 as never),
    'addScalars: expected tagScalarDict as an object of values by name, got a number',
  ],
  [() => writer.addHistogram('x', zeros(0)), 'addHistogram: values has no elements'],
  [() => writer.addHistogram('x', [1], { bins: [2, 3] }), 'addHistogram: no value lies inside the bins'],
  [() => writer.addHistogram('x', [1], { bins: 0 }), 'addHistogram: bins must be positive, got 0'],
  [
    () => writer.addHistogram('x', [1], { bins: 'auto' as never }),
    "addHistogram: bins must be 'tensorflow', a number, or edges from small to large",
  ],
  [
    () => writer.addHistogram('x', [Infinity], { bins: 3 }),
    'addHistogram: a number of bins needs finite values, got Infinity',
  ],
  [() => writer.addHistogram('x', 3 as never), 'addHistogram: expected a tensor or an array of numbers, got a number'],
  [() => writer.addImage('x', ones(2, 4, 4)), 'addImage: expected 1, 3 or 4 channels, got 2'],
  [() => writer.addImage('x', ones(4, 4)), "addImage: dataformats 'CHW' has 3 dimensions, the tensor [4, 4]"],
  [
    () => writer.addImage('x', ones(4, 4), { dataformats: 'HH' }),
    "addImage: dataformats must be the letters of NCHW, CHW or HW in any order, got 'HH'",
  ],
  [() => writer.addImages('x', ones(2, 4, 4, 4)), 'addImages: a batch must have 1 or 3 channels, got 4'],
  [() => writer.addImage('x', 1 as never), 'addImage: expected a tensor, got a number'],
  [() => writer.addText('x', 1 as never), 'addText: expected a text, got a number'],
  [
    () => writer.addHparams({ lr: 1 }, {}, { hparamDomainDiscrete: { lr: ['x'] } }),
    'addHparams: hparamDomainDiscrete.lr must be an array of what hparamDict.lr is',
  ],
  [
    () => writer.addHparams({ lr: [] as never }, {}),
    'addHparams: expected a number or a tensor with one element, got an array',
  ],
  [() => writer.addEmbedding(ones(3)), 'addEmbedding: expected a tensor of [points, features], got [3]'],
  [
    () => writer.addEmbedding(ones(3, 2), ['a']),
    'addEmbedding: metadata must have an entry for each of 3 points, got 1',
  ],
  [
    () => writer.addEmbedding(ones(1, 2), [['a']], { metadataHeader: ['a', 'b'] }),
    'addEmbedding: each entry of metadata must be an array of 2 values, as the header is',
  ],
  [
    () => writer.addEmbedding(ones(3, 2), { labelImg: ones(2, 3, 4, 4) }),
    'addEmbedding: labelImg must be [3, channels, height, width], got [2, 3, 4, 4]',
  ],
  [
    () => writer.addEmbedding(ones(2, 2), { labelImg: ones(2, 3, 9, 4) }),
    'addEmbedding: labelImg must not be higher than wide, got [2, 3, 9, 4]',
  ],
]

test.each(wrong)('wrong call %#', (call, text) => {
  expect(call).toThrow(text)
})
