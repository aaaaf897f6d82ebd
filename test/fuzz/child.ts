// One process of the fuzz: makes the calls from..to-1 of a seed and judges each. A call is written into a file before
// it is made, so that the parent can say which one ended the process or did not come back.
//   node --import tsx test/fuzz/child.ts <seed> <from> <to> <file for the call>
import { openSync, writeSync } from 'node:fs'
import * as dt from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { Dice } from '../support/dice.ts'
import { Thrown } from './garbage.ts'
import { readSignatures } from './signatures.ts'
import { findTargets, isPublic, type Target } from './targets.ts'
import { Maker } from './values.ts'

/** How many bytes the file has. */
export const callBytes = 1024
const mostResident = 2 ** 31

/** What a call came to; only a finding has a `problem`. */
export interface Finding {
  at: number
  call: string
  problem: string
  /** What all findings of one cause have in common. */
  cause: string
}

export interface Summary {
  calls: number
  /** The targets that were called, and those of them that returned at least once. */
  targets: string[]
  returned: string[]
  outcomes: Record<string, number>
  slowest: [milliseconds: number, call: string]
  resident: number
}

const [seed, from, to] = process.argv.slice(2, 5).map(Number) as [number, number, number]
const own = process.argv.includes('--own')
const file = openSync(process.argv[5]!, 'w')
const known = readSignatures()
const targets = findTargets(known)
const summary: Summary = { calls: 0, targets: [], returned: [], outcomes: {}, slowest: [0, ''], resident: 0 }
const [called, returned] = [new Set<string>(), new Set<string>()]
const bytes = Buffer.alloc(callBytes)

process.on('unhandledRejection', () => {}) // promises among the arguments
process.on('warning', () => {})
for (let at = from; at < to; at++) await one(at)
finish()

function finish(): void {
  summary.targets = [...called]
  summary.returned = [...returned]
  process.send?.({ summary })
  process.disconnect?.()
}

async function one(at: number): Promise<void> {
  const dice = new Dice(seed, at)
  const target = dice.pick(targets)
  const maker = new Maker(dice, known, dice.pick([0, 0.03, 0.15, 0.5]))
  note(`${at} ${target.name}(while its arguments were made`)
  const call = target.bind(maker)
  const made = maker.args(target.signatures)
  const text = `${target.name}(${made.map(([, text]) => text).join(', ')})`
  note(`${at} ${text}`)
  if (call === undefined) return count('no object')
  const args = made.map(([value]) => value)
  const start = performance.now()
  try {
    const result = await call(...args)
    returned.add(target.name)
    count('returned')
    look(result, dice)
  } catch (error) {
    const problem = judge(error, target)
    if (problem !== undefined) report(at, text, problem, error)
  }
  const milliseconds = performance.now() - start
  if (milliseconds > summary.slowest[0]) summary.slowest = [milliseconds, `${at} ${text}`]
  called.add(target.name)
  summary.calls++
  restore()
  if (at % 100 === 0) watchMemory(at, text)
}

function note(text: string): void {
  bytes.fill(0)
  bytes.write(text)
  writeSync(file, bytes, 0, callBytes, 0)
}

/** Reads what came out, and goes back through it, which shows what a device or a gradient has to say. */
function look(result: unknown, dice: Dice): void {
  const results = Array.isArray(result) ? result.slice(0, 3) : [result]
  for (const x of results) {
    if (!(x instanceof dt.Tensor) || x.handle === undefined || typeof x.handle !== 'object') continue
    try {
      if (x.numel() > 1e5) continue
      x.toTypedArray()
      if (x.requiresGrad && x.dtype.startsWith('float') && dice.chance(0.3)) x.sum().backward()
    } catch (error) {
      if (!(error instanceof dt.DtrainError)) throw error
      if (error instanceof dt.InternalError) throw error
    }
  }
}

/** A problem, or undefined for an error that a call may end with. */
function judge(error: unknown, { name, names, isOp }: Target): string | undefined {
  if (error instanceof Thrown || isOfArgument(error)) return count('handed on what an argument threw')
  if (!(error instanceof dt.DtrainError)) return `not a DtrainError: ${String(error)}`
  count(error.name)
  if (error instanceof dt.InternalError && !name.startsWith('native.')) return `InternalError: ${error.message}`
  if (!isOp) return undefined
  const words: string[] = error.message.match(/\w+/g) ?? []
  // Of an op that is made of others in TypeScript, one of those may be named, unless --own asks for its own name.
  const inner = !own && words.length > 0 && isPublic(words[0]!)
  if (!inner && !names.some(each => words.includes(each))) return `does not name the op: ${error.message}`
  return undefined
}

/** A proxy that was revoked throws by itself, whoever looks at it, and so does a class that is called. */
function isOfArgument(error: unknown): boolean {
  const text = error instanceof TypeError ? error.message : ''
  return text.endsWith('on a proxy that has been revoked') || text.startsWith('Class constructor')
}

function report(at: number, call: string, problem: string, error: unknown): void {
  const stack = (error as Error)?.stack ?? ''
  const where = /\/((?:src|test)\/[^:]+:\d+)/.exec(stack.slice(stack.indexOf('\n    at')))?.[1] ?? ''
  count('PROBLEM')
  const cause = `${call.slice(0, call.indexOf('('))} ${problem.slice(0, 20)} ${where}`
  const finding: Finding = { at, call, problem: `${problem.slice(0, 300)} (${where})`, cause }
  process.send?.({ finding })
}

function count(outcome: string): undefined {
  summary.outcomes[outcome] = (summary.outcomes[outcome] ?? 0) + 1
}

/** Each call finds what all of them find. */
function restore(): void {
  native.setGradEnabled(true)
  dt.manualSeed(0)
  native.setNumThreads(2)
}

function watchMemory(at: number, call: string): void {
  summary.resident = Math.max(summary.resident, process.memoryUsage.rss())
  if (summary.resident < mostResident) return
  report(at, call, `the process has ${summary.resident} bytes`, undefined)
  finish()
  process.exit(0)
}
