// A worker thread that seeds the default generator and reports what it then draws.
import { parentPort } from 'node:worker_threads'
import { isGradEnabled, manualSeed, noGrad, randn } from '../../dist/src/index.js'

manualSeed(7)
const drawn = Array.from({ length: 2000 }, () => noGrad(() => randn(5).sum().item()))
if (!isGradEnabled()) throw new Error('grad mode was left off')
parentPort.postMessage(drawn)
