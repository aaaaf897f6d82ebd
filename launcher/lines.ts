// Cuts a byte stream into lines and live segments. Bytes are carried as latin1 text: one character per byte, so a UTF-8
// character split over two chunks is put together again by itself, and whatever a rank writes comes out unchanged.

/** A line longer than this is passed on in pieces. */
export const maxLine = 1 << 16

export interface LineEvents {
  /** A whole line, without its end. */
  line: (text: string) => void
  /** A segment that ended in '\r': a status line about to be overwritten. */
  live: (text: string) => void
}

export class Lines {
  private rest = ''
  /** A segment ended in '\r' just now; if '\n' follows, it was a line. */
  private returned: string | undefined

  constructor(private readonly events: LineEvents) {}

  push(chunk: Buffer): void {
    const text = this.rest + chunk.toString('latin1')
    let start = 0
    // Only the new part can hold an end of line.
    const ends = /[\r\n]/g
    ends.lastIndex = this.rest.length
    for (let match = ends.exec(text); match; match = ends.exec(text)) {
      this.segment(text.slice(start, match.index), match[0] === '\n')
      start = ends.lastIndex
    }
    this.rest = text.slice(start)
    while (this.rest.length > maxLine) this.split()
  }

  /** A last line without an end. */
  flush(): void {
    if (this.rest !== '') this.segment(this.rest, true)
    this.rest = ''
  }

  private segment(text: string, ended: boolean): void {
    const line = text === '' ? (this.returned ?? '') : text
    this.returned = ended ? undefined : line
    if (ended) this.events.line(line)
    else this.events.live(line)
  }

  private split(): void {
    let end = maxLine
    // Not inside a UTF-8 character: its second and later bytes are 10xxxxxx.
    while (end > maxLine - 4 && (this.rest.charCodeAt(end) & 0xc0) === 0x80) end--
    this.segment(this.rest.slice(0, end), true)
    this.rest = this.rest.slice(end)
  }
}
