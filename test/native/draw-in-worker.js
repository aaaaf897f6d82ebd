// A worker thread that seeds the default generators and reports what it then draws, on the device it is given, and what
// it finds of the state that every thread has to itself.
import { parentPort, workerData } from 'node:worker_threads'
import { cuda, isGradEnabled, manualSeed, noGrad, randn } from '../../dist/src/index.js'

const { device, draws } = workerData
const found = { grad: isGradEnabled(), current: cuda.currentDevice() }
manualSeed(7)
const drawn = Array.from({ length: draws }, () => noGrad(() => randn(5, { device }).sum().item()))
parentPort.postMessage({ drawn, ...found })
