// Cuts a byte stream into lines and live segments. Bytes are carried as latin1 text: one character per byte, so a UTF-8
// character split over two chunks is put together again by itself, and whatever a rank writes comes out unchanged.

/** A line longer than this is passed on in pieces. */
export const maxLine = 1 << 16
/** Lines that belong together wait for each other up to this size. */
const maxBlock = 1 << 20

export interface LineEvents {
  /** A whole line, without its end; or several that belong together, with '\n' between them. */
  line: (text: string) => void
  /** A segment that ended in '\r': a status line about to be overwritten. */
  live: (text: string) => void
}

export class Lines {
  private rest = ''
  /** A segment ended in '\r' just now; if '\n' follows, it was a line. */
  private returned: string | undefined
  /** Lines of a block that is not complete yet, and how many it lacks. */
  private block: string[] = []
  private missing = 0

  constructor(private readonly events: LineEvents) {}

  /** What has come of a line that has not ended. */
  get unfinished(): string {
    return this.rest
  }

  push(chunk: string): void {
    const text = this.rest + chunk
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

  /** The next `lines` lines belong together. */
  together(lines: number): void {
    this.release()
    this.missing = lines
  }

  /** A last line without an end, and what waited for more. */
  flush(): void {
    if (this.rest !== '') this.segment(this.rest, true)
    this.rest = ''
    this.release()
  }

  private segment(text: string, ended: boolean): void {
    const line = text === '' ? (this.returned ?? '') : text
    this.returned = ended ? undefined : line
    if (!ended) this.events.live(line)
    else if (this.missing === 0) this.events.line(line)
    else {
      this.block.push(line)
      this.missing--
      if (this.missing === 0 || this.block.reduce((size, { length }) => size + length, 0) > maxBlock) this.release()
    }
  }

  private release(): void {
    const { block } = this
    this.block = []
    this.missing = 0
    if (block.length > 0) this.events.line(block.join('\n'))
  }

  private split(): void {
    let end = maxLine
    // Not inside a UTF-8 character: its second and later bytes are 10xxxxxx.
    while (end > maxLine - 4 && (this.rest.charCodeAt(end) & 0xc0) === 0x80) end--
    this.release()
    this.segment(this.rest.slice(0, end), true)
    this.rest = this.rest.slice(end)
  }
}
