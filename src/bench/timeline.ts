// Reads what `dtrain --trace` writes; docs/launcher.md says what is in it.

export interface Span {
  name: string
  lane: Lane
  /** Seconds; a moment ends when it begins. */
  begin: number
  end: number
  bytes: number
}

/** TraceLane in native/core/trace.h, where there are two for communication. */
export type Lane = 'compute' | 'communication' | 'program'

const lanes: readonly Lane[] = ['compute', 'communication', 'communication', 'program']

/** What has ended, in the order of beginning. */
export function spansOf(trace: object): Span[] {
  const events: unknown = Array.isArray(trace) ? trace : (trace as { traceEvents: unknown }).traceEvents
  const spans: Span[] = []
  for (const event of Array.isArray(events) ? events : []) {
    const { ph, tid, name, ts, dur = 0, args } = event as Record<string, unknown>
    const { bytes = 0, unfinished } = (args ?? {}) as Record<string, unknown>
    const lane = lanes[Number(tid)]
    if (!['X', 'i'].includes(String(ph)) || lane === undefined || unfinished === true) continue
    if (typeof ts !== 'number' || typeof dur !== 'number') continue
    spans.push({ name: String(name), lane, begin: ts * 1e-6, end: (ts + dur) * 1e-6, bytes: Number(bytes) })
  }
  return spans.sort((a, b) => a.begin - b.begin)
}
