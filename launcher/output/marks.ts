// What one call writes in several lines is to stay together, and a pipe does not show where a call ended. So a rank
// puts a mark in front of such a text, which says how many lines follow, and the launcher takes all marks out again.
const opening = '\x1b_dtrain:'
const longest = opening.length + 8

/** Before this many lines of one text. */
const mark = (lines: number) => Buffer.from(`${opening}${lines};`)

type Write = (chunk: string | Uint8Array, encoding: BufferEncoding, done: (error?: Error | null) => void) => void

/** Makes a stream of this process mark what it writes. */
export function markWrites(stream: NodeJS.WriteStream): void {
  const output = stream as unknown as { _write: Write }
  const write = output._write
  output._write = (chunk, encoding, done) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk
    let lines = 0
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
    if (lines < 2) write.call(stream, chunk, encoding, done)
    else write.call(stream, Buffer.concat([mark(lines), bytes]), 'buffer' as BufferEncoding, done)
  }
}

export interface Piece {
  /** How many lines belong together from here on, if a mark says so. */
  lines?: number
  text: string
}

/** Takes the marks out of the output of one stream of a rank, in latin1. */
export class Marks {
  private rest = ''

  push(chunk: string): Piece[] {
    const text = this.rest + chunk
    const end = cut(text)
    this.rest = text.slice(end)
    const [first, ...marked] = text.slice(0, end).split(opening)
    const pieces: Piece[] = [{ text: first! }]
    for (const part of marked) {
      const [, lines, text] = /^(\d+);(.*)$/s.exec(part) ?? []
      if (lines === undefined) pieces.push({ text: opening + part })
      else pieces.push({ lines: Number(lines), text: text! })
    }
    return pieces
  }

  /** What looked like the beginning of a mark and was none. */
  flush(): Piece[] {
    const text = this.rest
    this.rest = ''
    return [{ text }]
  }
}

/** Where a mark begins whose end has not come yet. */
function cut(text: string): number {
  const start = text.lastIndexOf(opening[0]!)
  const tail = text.slice(start)
  const pending =
    start >= 0 &&
    tail.length < longest &&
    (opening.startsWith(tail) || (tail.startsWith(opening) && !tail.includes(';')))
  return pending ? start : text.length
}
