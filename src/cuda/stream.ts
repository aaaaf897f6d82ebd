// Streams, queues of a device that run side by side, and events, marks in a stream. Ops go to the current stream of
// their device, the compute stream unless `stream(s, fn)` says otherwise. Tensors used on two streams need an event
// between them, see `waitStream`.
import type { EventHandle, StreamHandle } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { atMost, type Device, handleOf, named, Options, refuse, runNow, type Tensor } from '../tensor/index.ts'

/** Options of `Stream`. */
export interface StreamOptions {
  /** Default: the current CUDA device. */
  device?: Device
  /** -1 is served before 0, the default. */
  priority?: 0 | -1
}

const streamOptions = new Options<StreamOptions>({ device: true, priority: true })

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

  constructor(device?: Device | StreamOptions, options?: StreamOptions) {
    atMost('Stream', 2, arguments.length)
    const given = streamOptions.readFirst('Stream', device, options)
    this.handle = named('Stream', () => native.cudaStream(given.device ?? 'cuda', given.priority ?? 0))
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
    if (!(event instanceof Event)) refuse('waitEvent', 'an event', event)
    named('waitEvent', () => native.streamWaitEvent(this.handle, event.handle))
  }

  /** Later work of this stream waits for what the other one has been given so far; the host does not. */
  waitStream(other: Stream): void {
    if (!(other instanceof Stream)) refuse('waitStream', 'a stream', other)
    this.waitEvent(other.recordEvent())
  }

  /** Records an event at the end of what the stream has been given; a new one by default. */
  recordEvent(event?: Event | RecordEventOptions): Event {
    atMost('recordEvent', 1, arguments.length)
    const first = event instanceof Event ? { event } : event
    const { event: mark = new Event({ device: this.device }) } = recordEventOptions.readFirst('recordEvent', first)
    if (!(mark instanceof Event)) refuse('recordEvent', 'an event', mark)
    mark.record(this)
    return mark
  }
}

/** Options of `Stream.recordEvent`. */
export interface RecordEventOptions {
  /** Default: a new one. */
  event?: Event
}

const recordEventOptions = new Options<RecordEventOptions>({ event: true })

/** Options of the functions about the streams of one device. */
export interface StreamDeviceOptions {
  /** Default: the current CUDA device. */
  device?: Device
}

const streamDeviceOptions = new Options<StreamDeviceOptions>({ device: true })

/** Streams made current by `stream`, by device: they must live as long as they are. */
const current = new Map<Device, Stream>()

/** The compute stream of a device, where ops go unless told otherwise. PyTorch: torch.cuda.default_stream. */
export function defaultStream(device?: Device | StreamDeviceOptions): Stream {
  atMost('defaultStream', 1, arguments.length)
  const given = streamDeviceOptions.readFirst('defaultStream', device)
  return named('defaultStream', () => Stream.of(native.cudaDefaultStream(given.device ?? 'cuda')))
}

/** The stream ops on a device go to now. PyTorch: torch.cuda.current_stream. */
export function currentStream(device?: Device | StreamDeviceOptions): Stream {
  atMost('currentStream', 1, arguments.length)
  const given = streamDeviceOptions.readFirst('currentStream', device)
  const compute = named('currentStream', () => defaultStream(given))
  return current.get(compute.device) ?? compute
}

/**
 * Runs `fn` with its ops on a stream, whose device `'cuda'` means meanwhile, and returns what it returns. PyTorch:
 * torch.cuda.stream.
 * The memory of tensors made in it belongs to that stream: a tensor that another stream goes on using must be told with
 * `recordStream`, or outlive that use.
 */
export function stream<T>(on: Stream, fn: () => T): T {
  atMost('stream', 2, arguments.length)
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
  atMost('recordStream', 2, arguments.length)
  if (!(on instanceof Stream)) refuse('recordStream', 'a stream', on)
  native.recordStream(handleOf('recordStream', x), on.handle)
}

/** Options of `Event`. */
export interface EventOptions {
  /** Needed for `elapsedTime`. */
  enableTiming?: boolean
  /** Default: the current CUDA device. */
  device?: Device
}

const eventOptions = new Options<EventOptions>({ enableTiming: true, device: true })

/** Options of `Event.record` and `Event.wait`. */
export interface EventStreamOptions {
  /** Default: the current stream. */
  stream?: Stream
}

const eventStreamOptions = new Options<EventStreamOptions>({ stream: true })

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

  constructor(enableTiming?: boolean | EventOptions, options?: EventOptions) {
    atMost('Event', 2, arguments.length)
    const given = eventOptions.readFirst('Event', enableTiming, options)
    this.#device = given.device ?? 'cuda'
    this.handle = named('Event', () => native.cudaEvent(this.#device, given.enableTiming ?? false))
  }

  /** Marks the end of what the stream has been given; by default the current stream. */
  record(stream?: Stream | EventStreamOptions): void {
    atMost('record', 1, arguments.length)
    native.eventRecord(this.handle, this.#streamOf('record', stream).handle)
  }

  /** Later work of the stream waits for the mark; the host does not. */
  wait(stream?: Stream | EventStreamOptions): void {
    atMost('wait', 1, arguments.length)
    native.streamWaitEvent(this.#streamOf('wait', stream).handle, this.handle)
  }

  #streamOf(op: string, first: Stream | EventStreamOptions | undefined): Stream {
    const given = eventStreamOptions.readFirst(op, first instanceof Stream ? { stream: first } : first)
    const { stream = currentStream(this.#device) } = given
    return stream instanceof Stream ? stream : refuse(op, 'a stream', stream)
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
    if (!(end instanceof Event)) refuse('elapsedTime', 'an event', end)
    return native.eventElapsed(this.handle, end.handle)
  }
}
