// The step trace.
// Written by `npm run addon-types` from native/binding/tables/trace.cc.

export interface TraceFunctions {
  traceStart(): void
  /** All events so far, as the text of a Chrome trace. */
  traceEvents(rank: number): string
}
