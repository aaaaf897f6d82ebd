// Cutting, merging and drawing of output, without processes.
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Fold } from '../../launcher/output/fold.ts'
import { Lines, maxLine } from '../../launcher/output/lines.ts'
import { formatRanks } from '../../launcher/output/logs.ts'
import { Marks, markWrites } from '../../launcher/output/marks.ts'
import { type Output, Screen } from '../../launcher/output/screen.ts'

/** `line` or `(live)` for everything the chunks contain. */
function cut(...chunks: (string | Buffer)[]): string[] {
  const seen: string[] = []
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString()
  const lines = new Lines({ line: text => seen.push(utf8(text)), live: text => seen.push(`(${utf8(text)})`) })
  for (const chunk of chunks) lines.push(Buffer.from(chunk as string).toString('latin1'))
  lines.flush()
  return seen
}

test('lines over chunks, with and without an end', () => {
  expect(cut('a\nb', 'c\n\nd')).toEqual(['a', 'bc', '', 'd'])
  const bytes = Buffer.from('grüße €\n')
  expect(cut(...[...bytes].map(byte => Buffer.of(byte)))).toEqual(['grüße €'])
})

test('a carriage return makes a live segment, and a line when a newline follows', () => {
  expect(cut('1 %\r2 %\rdone\n')).toEqual(['(1 %)', '(2 %)', 'done'])
  expect(cut('windows\r\n')).toEqual(['(windows)', 'windows'])
  expect(cut('split\r', '\nnext\n')).toEqual(['(split)', 'split', 'next'])
  // A bar that starts with the carriage return.
  expect(cut('\r1 %', '\r2 %', '\n')).toEqual(['()', '(1 %)', '2 %'])
})

test('a very long line comes in pieces that part no character', () => {
  const text = 'ü'.repeat(maxLine)
  const pieces = cut(`x${text}`, '\n')
  expect(pieces.length).toBeGreaterThan(1)
  expect(pieces.join('')).toBe(`x${text}`)
})

test('lines that belong together come as one, and a line that never comes is not waited for at the end', () => {
  const seen: string[] = []
  const lines = new Lines({ line: text => seen.push(text), live: text => seen.push(`(${text})`) })
  lines.push('a ')
  lines.together(2)
  lines.push('b\nc')
  expect(seen).toEqual([])
  lines.push('\nd\n')
  expect(seen.splice(0)).toEqual(['a b\nc', 'd'])
  lines.together(3)
  lines.push('e\n50 %\rf\n')
  lines.together(2)
  expect(seen.splice(0)).toEqual(['(50 %)', 'e\nf'])
  lines.push('g\n')
  lines.flush()
  expect(seen).toEqual(['g'])
})

test('a long text that belongs together comes in pieces too', () => {
  const seen: string[] = []
  const lines = new Lines({ line: text => seen.push(text), live: () => {} })
  lines.together(1e9)
  for (let i = 0; i < 40; i++) lines.push(`${'x'.repeat(60_000)}\n`)
  expect(seen.join('\n').length).toBeGreaterThan(1 << 20)
})

test('marks are taken out again, wherever the stream is cut', () => {
  const written: string[] = []
  const stream = {
    _write: (chunk: string | Uint8Array) => written.push(Buffer.from(chunk as string).toString('latin1')),
  }
  markWrites(stream as unknown as NodeJS.WriteStream)
  const texts = ['one\n', 'two\nlines\n', '\x1b[31mred\x1b[0m\nand\nüber', '\x1b', '\x1b_dtrain:x;\n', 'a\n\n']
  for (const text of texts) stream._write(text)
  const bytes = written.join('')
  expect(bytes.length).toBeGreaterThan(Buffer.from(texts.join('')).length)
  for (let cut = 0; cut < bytes.length; cut++) {
    const marks = new Marks()
    const pieces = [...marks.push(bytes.slice(0, cut)), ...marks.push(bytes.slice(cut)), ...marks.flush()]
    expect(Buffer.from(pieces.map(({ text }) => text).join(''), 'latin1').toString()).toBe(texts.join(''))
    expect(pieces.flatMap(({ lines }) => lines ?? [])).toEqual([2, 2, 2])
  }
})

function fold(ranks: number) {
  const seen: string[] = []
  const folded = new Fold(Array(ranks).keys(), lines => {
    for (const { ranks, text } of lines) seen.push(`${ranks} ${text}`)
  })
  return { folded, seen }
}

test('a line of all ranks goes out at once, others wait a moment', async () => {
  const { folded, seen } = fold(3)
  for (const rank of [2, 0, 1]) folded.line(rank, 'same')
  expect(seen).toEqual(['0,1,2 same'])
  folded.line(1, 'alone')
  expect(seen).toHaveLength(1)
  await sleep(350)
  expect(seen).toEqual(['0,1,2 same', '1 alone'])
})

test('lines that differ do not part those that are the same', () => {
  const { folded, seen } = fold(2)
  for (const rank of [0, 1]) for (const text of [`I am ${rank}`, 'loss 1', 'loss 2']) folded.line(rank, text)
  expect(seen).toEqual(['0 I am 0', '1 I am 1', '0,1 loss 1', '0,1 loss 2'])
})

test('each rank’s lines keep their order, whatever is merged', async () => {
  let seed = 1
  const random = (n: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % n
  }
  const printed = [0, 1, 2].map(() => [] as string[])
  const heard = [0, 1, 2].map(() => [] as string[])
  const folded = new Fold([0, 1, 2], lines => {
    for (const { ranks, text } of lines) for (const rank of ranks) heard[rank]!.push(text)
  })
  for (let i = 0; i < 3000; i++) {
    const rank = random(3)
    const text = String(random(5))
    printed[rank]!.push(text)
    folded.line(rank, text)
    if (i % 500 === 499) await sleep(180)
  }
  folded.flush()
  expect(heard).toEqual(printed)
})

test('what a rank writes at once stays together, around what is common', async () => {
  const { folded, seen } = fold(2)
  const table = (rank: number) => [`head ${rank}`, `row ${rank}`, `foot ${rank}`]
  for (const rank of [0, 1]) for (const text of [...table(rank), 'loss 1', ...table(rank)]) folded.line(rank, text)
  expect(seen).toEqual([...table(0).map(text => `0 ${text}`), ...table(1).map(text => `1 ${text}`), '0,1 loss 1'])
  await sleep(350)
  expect(seen.slice(7)).toEqual([...table(0).map(text => `0 ${text}`), ...table(1).map(text => `1 ${text}`)])
})

test('what belongs together is merged as a whole or not at all', () => {
  const { folded, seen } = fold(2)
  for (const [rank, other] of ['3', '1'].entries()) folded.line(rank, `tensor([${other}\n  [5., 6.]`)
  for (const rank of [0, 1]) folded.line(rank, 'same\nblock')
  expect(seen).toEqual(['0 tensor([3\n  [5., 6.]', '1 tensor([1\n  [5., 6.]', '0,1 same\nblock'])
})

test('a rank that has ended is not waited for', () => {
  const { folded, seen } = fold(3)
  folded.line(0, 'a')
  folded.line(1, 'a')
  folded.end(2)
  expect(seen).toEqual(['0,1 a'])
})

test('ranks are listed short', () => {
  expect([[0], [0, 1], [0, 1, 2], [0, 2], [0, 1, 2, 5, 7, 8, 9]].map(formatRanks)).toEqual([
    '0',
    '0,1',
    '0-2',
    '0,2',
    '0-2,5,7-9',
  ])
})

test('the live line stays below what is printed, and is the lowest rank’s', () => {
  let written = ''
  const terminal = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns: 10,
    writableNeedDrain: false,
    write: (data: string | Uint8Array) => {
      written += String(data)
      return true
    },
  }) as unknown as Output
  const screen = new Screen({ stdout: terminal, stderr: terminal }, () => {})
  const wipe = '\r\x1b[2K'
  const step = (action: () => void) => {
    written = ''
    action()
    return written
  }
  expect(step(() => screen.show(1, '1: 10 %'))).toBe('1: 10 %')
  expect(step(() => screen.show(0, '0: 20 % and far too long'))).toBe(`${wipe}0: 20 % a`)
  expect(step(() => screen.print('stderr', 'line\n'))).toBe(`${wipe}line\n0: 20 % a`)
  expect(step(() => screen.print('stdout', 'no end'))).toBe(`${wipe}no end`)
  expect(step(() => screen.show(0, '0: 30 %'))).toBe('')
  expect(step(() => screen.print('stdout', '!\n'))).toBe('!\n0: 30 %')
  expect(step(() => screen.show(0, undefined))).toBe(`${wipe}1: 10 %`)
  expect(step(() => screen.show(1, undefined))).toBe(wipe)
})

test('an error of an output ends what can be written there; only EPIPE means that the reader left', () => {
  const written: string[] = []
  const output = (channel: string) =>
    Object.assign(new EventEmitter(), {
      isTTY: false,
      columns: 80,
      writableNeedDrain: false,
      write: (data: string | Uint8Array) => written.push(`${channel} ${data}`) > 0,
    }) as unknown as Output
  const screenWith = (code: string, message: string) => {
    let lost = 0
    const outputs = { stdout: output('stdout'), stderr: output('stderr') }
    const screen = new Screen(outputs, () => lost++)
    for (let i = 0; i < 2; i++) outputs.stdout.emit('error', Object.assign(new Error(message), { code }))
    screen.print('stdout', 'a')
    screen.print('stderr', 'b')
    return { lost, failure: screen.failure, written: written.splice(0) }
  }
  expect(screenWith('EPIPE', 'write EPIPE')).toEqual({ lost: 1, failure: undefined, written: [] })
  expect(screenWith('ENOSPC', 'ENOSPC: no space left on device, write')).toEqual({
    lost: 1,
    failure: 'cannot write to stdout: ENOSPC: no space left on device, write',
    written: ['stderr b'],
  })
})
