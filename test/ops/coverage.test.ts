// The addon's list of functions, the case tables and the golden files must name the same things.
import { expect, test } from 'vitest'
import { native } from '../../src/native/load.ts'
import { type Answer, golden } from '../support/golden.ts'
import { families } from './families.ts'

// Not ops: nothing here computes elements from elements. Random numbers have their own golden file (test/random).
const others = new Set(
  [
    'signatures setErrorFactory setCollector dispose isFirst memoryStats resetPeakMemoryStats setMemoryBudget emptyCache',
    'numThreads setNumThreads libraries',
    'fromData toData sizes strides storageOffset dtype device item isContiguous sharesStorage version',
    'gradEnabled setGradEnabled requiresGrad setRequiresGrad isLeaf retainGrad grad setGrad gradFn nodeName nodeNext',
    'detach backward gradients',
    'generator manualSeed initialSeed generatorState setGeneratorState',
    'rand randn randint randperm uniform_ normal_ random64',
    'sgd',
    'to pinMemory isPinned recordStream ncclUniqueId finish exitAtOnce enterReplica leaveReplica',
  ].flatMap(line => line.split(' ')),
)

const names = Object.keys(native)
const isOp = (name: string) => !others.has(name) && !/^(comm|reducer|isReduced|cuda|stream|event|trace)/.test(name)
const covered = new Set(Object.values(families).flatMap(cases => cases.map(it => it.op)))

test('every op of the addon has a case', () => {
  expect(names.filter(isOp).filter(name => !covered.has(name))).toEqual([])
})

test('every case covers an op of the addon', () => {
  expect([...covered].filter(op => !names.includes(op))).toEqual([])
})

test('golden files hold the answers to the cases, no others, from one PyTorch', () => {
  for (const [family, cases] of Object.entries(families)) {
    const { torch, entries } = golden<Answer>(`ops-${family}`)
    expect(torch, family).toBe('2.13.0')
    expect(Object.keys(entries), family).toEqual(cases.map(it => it.name))
  }
})
