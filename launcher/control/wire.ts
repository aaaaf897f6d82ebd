// Messages between ranks and launcher: one MessagePack object per ZeroMQ frame. Tensors never travel here.
// `moreTypes` is not optional: without it msgpackr silently corrupts typed arrays.
import { Packr } from 'msgpackr'
import type { StoreValue } from '../../src/job/store.ts'

/** An exception of a rank, made of plain text so that it survives the process it happened in. */
export interface FailureReport {
  /** `Name: message`, as the head of a stack. */
  head: string
  /** Source-mapped frames, innermost first, without `at`. */
  frames: string[]
  code?: string
  cause?: FailureReport
  /** Members of an AggregateError. */
  errors?: FailureReport[]
}

export type Request =
  | { op: 'join' }
  | { op: 'set'; key: string; value: StoreValue }
  | { op: 'get'; key: string }
  | { op: 'add'; key: string; by: number }
  | { op: 'barrier'; name: string }
  | { op: 'failed'; report: FailureReport }

/** A request on the wire. The reply carries the same `id`. */
export type Envelope = Request & { id: number; rank: number }

export interface Reply {
  id: number
  value?: StoreValue | number
  error?: { code: string; message: string }
}

const packr = new Packr({ useRecords: false, moreTypes: true })

export const pack = (message: Envelope | Reply): Uint8Array => packr.pack(message)

export const unpack = <T extends Envelope | Reply>(frame: Uint8Array): T => packr.unpack(frame) as T
