// The step trace.
// Written by `npm run addon-types` from native/binding/tables/trace.cc.
import type { DeviceName } from './types.ts'

export interface TraceFunctions {
  traceStart(): void
  /**
   * A span in the order of the device's current stream, from here until it is closed. When there is no trace, or no
   * memory for more, it is negative, and closing it does nothing.
   */
  traceOpen(
    lane: 'compute' | 'communication' | 'hostCommunication' | 'program',
    name: string,
    device: DeviceName,
  ): number
  traceClose(span: number, device: DeviceName): void
  /** A span that is over, in microseconds of CLOCK_MONOTONIC. */
  tracePast(
    lane: 'compute' | 'communication' | 'hostCommunication' | 'program',
    name: string,
    begin: number,
    duration: number,
  ): void
  /** All events so far, as the text of a Chrome trace. */
  traceEvents(rank: number): string
}
