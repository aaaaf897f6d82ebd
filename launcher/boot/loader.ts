// The first code of every rank, of its worker threads and of what it forks (`node --import`): lets Node run the user's
// TypeScript as the snapshot has it. A rank then waits for the others (boot.ts), and Node runs the script.
import * as nodeModule from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { isRank } from './code.ts'
import { extendRequire } from './commonjs.ts'

type Hooks = typeof import('./hooks.ts')
/** Newer than the types of Node 20. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: Pick<Hooks, 'resolve' | 'load'>) => void }

// Before the hooks are there: what the launcher imports for itself need not pass through them.
const job = isRank && isMainThread ? await import('./boot.ts') : undefined
extendRequire()
if (registerHooks) registerHooks(await import('./hooks.ts'))
else nodeModule.register(new URL('./hooks.js', import.meta.url))
await job?.join()
