// Logs how busy the machine, this process and its GPUs are. A training loop may not return to the event loop for
// minutes, so a thread samples, and its samples wait, with their times, until the loop turns or the monitor stops.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { ArgumentError } from '../errors.ts'
import { atMost, Options, refuse } from '../tensor/index.ts'
import type { SummaryWriter } from '../tensorboard/index.ts'
import { type Sample, Sampler } from './sampler.ts'
import type { Start } from './worker.ts'

/** Options of `monitor`. */
export interface MonitorOptions {
  /** Where to log; by default nothing is logged, and `sample` is there to be called. */
  writer?: Pick<SummaryWriter, 'addScalar' | 'flush'> | null
  /** Seconds between two samples, default 1. */
  interval?: number
  /** The tags begin with it, default 'monitor'. */
  tag?: string
}

const monitorOptions = new Options<MonitorOptions>({ writer: true, interval: true, tag: true })

/** `.js` if this is, and `.ts` if this is; in `dist` this may be part of a larger file (scripts/bundle.ts). */
const entry = new URL(`../monitor/worker${/\.\w+(\?|$)/.exec(import.meta.url)![0]}`, import.meta.url)

/** What `monitor` has started. */
export class Monitor {
  readonly #sampler = new Sampler()
  readonly #writer: NonNullable<MonitorOptions['writer']> | undefined
  readonly #tag: string
  #running: { worker: Worker; port: MessagePort } | undefined
  #step = 0
  readonly #stop = () => this.stop()

  /** Made by `monitor`. */
  constructor(options: MonitorOptions) {
    const { writer, interval = 1, tag = 'monitor' } = options
    if (writer != null && typeof writer.addScalar !== 'function') refuse('monitor: writer', 'a SummaryWriter', writer)
    if (!(interval >= 0.01 && interval <= 1e6))
      throw new ArgumentError(`monitor: interval must be seconds from 0.01 to 1000000, got ${interval}`)
    this.#tag = tag
    if (writer == null) return
    this.#writer = writer
    const { port1: port, port2 } = new MessageChannel()
    const workerData: Start = { interval, port: port2 }
    const worker = new Worker(entry, { workerData, transferList: [port2], execArgv: [], name: 'monitor' })
    worker.on('error', error => process.emitWarning(`monitor: it samples no more: ${error.message}`))
    port.on('message', (sample: Sample) => this.#write(sample))
    worker.unref()
    port.unref()
    this.#running = { worker, port }
    process.prependListener('exit', this.#stop) // before the writer's, which writes what waits
  }

  /** How things stand now; percent are of the time since it was called before, or since the monitor was made. */
  sample(): Sample {
    atMost('sample', 0, arguments.length)
    return this.#sampler.sample()
  }

  /** Logs what has been sampled and ends the thread. Before the writer is closed, or at the end of the process. */
  stop(): void {
    atMost('stop', 0, arguments.length)
    if (this.#running === undefined) return
    const { worker, port } = this.#running
    this.#running = undefined
    process.off('exit', this.#stop)
    for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port))
      this.#write(got.message)
    port.close()
    void worker.terminate()
    this.#writer?.flush()
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #write(sample: Sample): void {
    const options = { globalStep: this.#step++, walltime: sample.time }
    for (const [name, value] of scalars(sample))
      if (value !== undefined) this.#writer?.addScalar(`${this.#tag}/${name}`, value, options)
  }
}

const gibi = 2 ** 30
const gib = (bytes: number | undefined) => bytes && bytes / gibi

/** Names of charts, with their units, and values. */
function* scalars({ machine, process, gpus }: Sample): Generator<[name: string, value: number | undefined]> {
  yield ['CPU (%)', machine.cpu]
  yield ['memory (GiB)', gib(machine.memoryUsed)]
  yield ['process CPU (%)', process.cpu]
  yield ['process memory (GiB)', gib(process.memory)]
  for (const gpu of gpus) {
    yield [`${gpu.device} utilization (%)`, gpu.utilization]
    yield [`${gpu.device} memory (GiB)`, gib(gpu.memoryUsed)]
    yield [`${gpu.device} memory utilization (%)`, gpu.memoryUtilization]
    yield [`${gpu.device} temperature (°C)`, gpu.temperature]
    yield [`${gpu.device} power (W)`, gpu.power]
    yield [`${gpu.device} SM clock (MHz)`, gpu.smClock]
    yield [`${gpu.device} memory clock (MHz)`, gpu.memoryClock]
  }
}

/**
 * Watches the machine, this process and the GPUs that it sees. With a writer, a thread samples every `interval`
 * seconds, also while the program computes, and the samples become charts of TensorBoard, the n-th at step n. It does
 * not keep the process alive.
 * @throws ArgumentError for wrong options
 * @example
 * const watching = monitor({ writer, interval: 1 })
 * train()
 * watching.stop()
 */
export function monitor(options?: MonitorOptions): Monitor {
  atMost('monitor', 1, arguments.length)
  return new Monitor(monitorOptions.read('monitor', options))
}
