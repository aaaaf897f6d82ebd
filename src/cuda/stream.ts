// Streams, queues of a device that run side by side, and events, marks in a stream. Ops go to the current stream of
// their device, the compute stream unless `stream(s, fn)` says otherwise. Tensors used on two streams need an event
// between them, see `waitStream`.
import type { EventHandle, StreamHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { type Device, refuse, runNow, type Tensor } from '../tensor/index.ts'

/** Options of `Stream`. */
export interface StreamOptions {
  /** Default: the current CUDA device. */
  device?: Device
  /** -1 is served before 0, the default. */
  priority?: 0 | -1
}

/**
 * A queue of a device. PyTorch: torch.cuda.Stream.
 * @example
 * const side = new cuda.Stream()
 * side.waitStream(cuda.currentStream())
 * const y = cuda.stream(side, () => x.mul(2)) // beside what the compute stream does
 * cuda.currentStream().waitStream(side)
 */
export class Stream {
  /** @internal */
  readonly handle: StreamHandle

  constructor({ device = 'cuda', priority = 0 }: StreamOptions = {}) {
    this.handle = native.cudaStream(device, priority)
  }

  /** @internal */
  static of(handle: StreamHandle): Stream {
    return Object.assign(Object.create(Stream.prototype) as Stream, { handle })
  }

  get device(): Device {
    return native.streamDevice(this.handle) as Device
  }

  /** Whether everything given to the stream has been done. @throws what went wrong on the device, if so */
  query(): boolean {
    return native.streamDone(this.handle)
  }

  /** Waits until everything given to the stream has been done. */
  synchronize(): void {
    native.streamSynchronize(this.handle)
  }

  /** Later work of this stream waits for what the event recorded; the host does not. */
  waitEvent(event: Event): void {
    native.streamWaitEvent(this.handle, event.handle)
  }

  /** Later work of this stream waits for what the other one has been given so far; the host does not. */
  waitStream(other: Stream): void {
    this.waitEvent(other.recordEvent())
  }

  /** Records an event at the end of what the stream has been given; a new one by default. */
  recordEvent(event: Event = new Event({ device: this.device })): Event {
    event.record(this)
    return event
  }
}

/** Streams made current by `stream`, by device: they must live as long as they are. */
const current = new Map<Device, Stream>()

/** The compute stream of a device, where ops go unless told otherwise. PyTorch: torch.cuda.default_stream. */
export function defaultStream(device: Device = 'cuda'): Stream {
  return Stream.of(native.cudaDefaultStream(device))
}

/** The stream ops on a device go to now. PyTorch: torch.cuda.current_stream. */
export function currentStream(device: Device = 'cuda'): Stream {
  const compute = defaultStream(device)
  return current.get(compute.device) ?? compute
}

/**
 * Runs `fn` with its ops on a stream, whose device `'cuda'` means meanwhile, and returns what it returns. PyTorch:
 * torch.cuda.stream.
 * The memory of tensors made in it belongs to that stream: a tensor that another stream goes on using must be told with
 * `recordStream`, or outlive that use.
 */
export function stream<T>(on: Stream, fn: () => T): T {
  if (!(on instanceof Stream)) refuse('stream', 'a stream', on)
  const { device } = on
  const [before, deviceBefore] = [currentStream(device), native.cudaCurrentDevice()]
  native.cudaSetStream(on.handle)
  native.cudaSetDevice(Number(device.slice('cuda:'.length)))
  current.set(device, on)
  try {
    return runNow('stream', fn)
  } finally {
    native.cudaSetStream(before.handle)
    native.cudaSetDevice(deviceBefore)
    current.set(device, before)
  }
}

/** Keeps the memory of x from being reused before the stream is done with it. PyTorch: torch.Tensor.record_stream. */
export function recordStream(x: Tensor, on: Stream): void {
  native.recordStream(x.handle, on.handle)
}

/** Options of `Event`. */
export interface EventOptions {
  /** Default: the current CUDA device. */
  device?: Device
  /** Needed for `elapsedTime`. */
  enableTiming?: boolean
}

/**
 * A mark in a stream. PyTorch: torch.cuda.Event.
 * @example
 * const [start, end] = [new cuda.Event({ enableTiming: true }), new cuda.Event({ enableTiming: true })]
 * start.record()
 * model(x)
 * end.record()
 * end.synchronize()
 * console.log(`${start.elapsedTime(end)} ms`)
 */
export class Event {
  /** @internal */
  readonly handle: EventHandle
  readonly #device: Device

  constructor({ device = 'cuda', enableTiming = false }: EventOptions = {}) {
    this.handle = native.cudaEvent(device, enableTiming)
    this.#device = device
  }

  /** Marks the end of what the stream has been given; by default the current stream. */
  record(stream: Stream = currentStream(this.#device)): void {
    native.eventRecord(this.handle, stream.handle)
  }

  /** Later work of the stream waits for the mark; the host does not. */
  wait(stream: Stream = currentStream(this.#device)): void {
    native.streamWaitEvent(stream.handle, this.handle)
  }

  /** Whether the device has reached the mark. @throws what went wrong on the device, if so */
  query(): boolean {
    return native.eventDone(this.handle)
  }

  /** Waits until the device has reached the mark. */
  synchronize(): void {
    native.eventSynchronize(this.handle)
  }

  /** Milliseconds on the device from this mark to another; both with `enableTiming`, both reached. */
  elapsedTime(end: Event): number {
    return native.eventElapsed(this.handle, end.handle)
  }
}
