// The thread that samples for `monitor` (monitor.ts), at its own pace, whatever the program's thread does.
import { type MessagePort, workerData } from 'node:worker_threads'
import { Sampler } from './sampler.ts'

/** What it is told when it starts. */
export interface Start {
  /** Seconds. */
  interval: number
  port: MessagePort
}

const { interval, port } = workerData as Start
const sampler = new Sampler()
setInterval(() => port.postMessage(sampler.sample()), interval * 1000)
