// Merges identical lines of several ranks; a text of several lines that belong together counts as one. A line waits for
// the others for a short time, and goes out at once when every rank has printed it. Every line has a depth, one more
// than the line before it of the same rank, and the queue is sorted by depth: so each rank's lines keep their order,
// and "I am rank 1" of one rank does not part what follows it in all. What goes out at once is then put together by
// ranks, as far as that order allows.

const windowMs = 300
/** A fast printer must not fill memory. */
const maxQueued = 1 << 20

/** An empty line takes memory too. */
const size = (text: string) => text.length + 64

interface Entry {
  text: string
  ranks: Set<number>
  depth: number
  deadline: number
}

export class Fold {
  private queue: Entry[] = []
  private queued = 0
  private readonly byText = new Map<string, Entry[]>()
  /** Depth of each rank's latest line: its next one can only join deeper entries. */
  private readonly depths = new Map<number, number>()
  private readonly open: Set<number>
  private timer: NodeJS.Timeout | undefined

  /** `emit` gets lines in order; each with its ranks, ascending. */
  constructor(
    ranks: Iterable<number>,
    private readonly emit: (lines: { ranks: number[]; text: string }[]) => void,
  ) {
    this.open = new Set(ranks)
  }

  line(rank: number, text: string): void {
    const reached = this.depths.get(rank) ?? 0
    const entry = this.byText.get(text)?.find(({ depth }) => depth > reached) ?? this.insert(text, reached + 1)
    entry.ranks.add(rank)
    this.depths.set(rank, entry.depth)
    // Nothing before a complete entry can gain a rank any more, so all of it may go.
    if (this.isComplete(entry)) this.release(this.queue.indexOf(entry) + 1)
    else if (this.queued > maxQueued) this.release(this.queue.length)
    else this.timer ??= setTimeout(() => this.expire(), windowMs)
  }

  /** This rank prints no more: lines need not wait for it. */
  end(rank: number): void {
    this.open.delete(rank)
    this.release(this.queue.findLastIndex(entry => this.isComplete(entry)) + 1)
  }

  flush(): void {
    this.release(this.queue.length)
  }

  private insert(text: string, depth: number): Entry {
    const entry = { text, ranks: new Set<number>(), depth, deadline: performance.now() + windowMs }
    this.queue.splice(this.queue.findLastIndex(other => other.depth <= depth) + 1, 0, entry)
    this.queued += size(text)
    const twins = this.byText.get(text)
    if (twins) twins.push(entry)
    else this.byText.set(text, [entry])
    return entry
  }

  private isComplete({ ranks }: Entry): boolean {
    for (const rank of this.open) if (!ranks.has(rank)) return false
    return true
  }

  private expire(): void {
    this.timer = undefined
    const now = performance.now()
    this.release(this.queue.findLastIndex(({ deadline }) => deadline <= now) + 1)
    if (this.queue.length === 0) return
    const next = Math.min(...this.queue.map(({ deadline }) => deadline))
    this.timer = setTimeout(() => this.expire(), Math.max(1, next - now))
  }

  private release(count: number): void {
    if (count <= 0) return
    const lines = this.queue.splice(0, count)
    for (const entry of lines) {
      this.queued -= size(entry.text)
      const twins = this.byText.get(entry.text)!
      if (twins.length === 1) this.byText.delete(entry.text)
      else twins.splice(twins.indexOf(entry), 1)
    }
    if (this.queue.length === 0) {
      clearTimeout(this.timer)
      this.timer = undefined
      this.depths.clear()
    }
    this.emit(together(lines).map(({ text, ranks }) => ({ text, ranks: [...ranks].sort((a, b) => a - b) })))
  }
}

/** Lines of the same ranks behind one another, unless another line of one of these ranks stands between them. */
function together(lines: Entry[]): Entry[] {
  const byRank = new Map<number, Entry[]>()
  for (const entry of lines) {
    for (const rank of entry.ranks) {
      const own = byRank.get(rank)
      if (own) own.push(entry)
      else byRank.set(rank, [entry])
    }
  }
  for (const own of byRank.values()) own.reverse() // the next one is the last, cheap to take
  const sorted = new Set<Entry>()
  for (const first of lines) {
    if (sorted.has(first)) continue
    const queues = [...first.ranks].map(rank => byRank.get(rank)!)
    let next: Entry | undefined = first
    while (next && next.ranks.size === queues.length && queues.every(own => own.at(-1) === next)) {
      sorted.add(next)
      for (const own of queues) own.pop()
      next = queues[0]!.at(-1)
    }
  }
  return [...sorted]
}
