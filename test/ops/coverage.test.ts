// The addon's list of functions, the case tables and the golden files must name the same things; and an op has a case
// in each dtype that PyTorch has for it (docs/coverage.md).
import { expect, test } from 'vitest'
import { cells, coverage, written } from '../../scripts/op-matrix.ts'
import * as dt from '../../src/index.ts'
import { ones } from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { isFloat } from '../support/case.ts'
import { type Answer, golden } from '../support/golden.ts'
import { runCase } from '../support/run-case.ts'
import { inDtype, typical } from '../support/typical.ts'
import { families } from './families.ts'
import { lacking } from './lacking.ts'

// Not ops: nothing here computes elements from elements. Random numbers have their own golden file (test/random). The
// cases of `convolution` are those of conv1d, convTranspose1d and so on.
const others = new Set(
  [
    'signatures setErrorFactory setCollector dispose isFirst memoryStats resetPeakMemoryStats setMemoryBudget emptyCache',
    'numThreads setNumThreads libraries convolution',
    'fromData fromShared toData sizes strides storageOffset dtype device item isContiguous sharesStorage version',
    'gradEnabled setGradEnabled requiresGrad setRequiresGrad isLeaf retainGrad grad setGrad gradFn nodeName nodeNext',
    'withSavedHooks checkpointed checkpointComplete registerHook registerPostAccumulateGradHook addNodeHook removeHook',
    'moveHooks setAnomaly takeFailedTrace retainsGrad isInference inferenceEnabled setInference recordFunction',
    'savedOfFunction another',
    'detach backward gradients nodeId nodeVariable gradientNode savedBy',
    'generator manualSeed initialSeed generatorState setGeneratorState defaultOf replicaCount setReplicaCount',
    'rand randn randint randperm uniform_ normal_ bernoulli bernoulli_ multinomial random64',
    'normal random_ exponential_ geometric_ cauchy_ logNormal_ poisson',
    'optimStep haveGradients adafactorStep muonStep',
    'give takeGiven takeBack mapFile storage viewStorage bytesOf writeTensor',
    'to pinMemory isPinned recordStream ncclUniqueId finish exitAtOnce enterReplica leaveReplica',
    'scatterRows gatherRows gatherIdle gatherNothing gatherFailure',
  ].flatMap(line => line.split(' ')),
)

const names = Object.keys(native)
const isOp = (name: string) => !others.has(name) && !/^(comm|reducer|isReduced|cuda|stream|event|trace|nvml)/.test(name)
const covered = new Set(Object.values(families).flatMap(cases => cases.map(it => it.op)))

test('every op of the addon has a case', () => {
  expect(names.filter(isOp).filter(name => !covered.has(name))).toEqual([])
})

/** Where the public functions are that are made of several of the addon's. */
const spaces = [dt, dt.nn.functional, dt.linalg, dt.Tensor.prototype] as unknown as Record<string, unknown>[]

test('every case covers an op of the addon, or a public function', () => {
  const isPublic = (op: string) => spaces.some(space => typeof space[op] === 'function')
  expect([...covered].filter(op => !names.includes(op) && !isPublic(op))).toEqual([])
})

test('golden files hold the answers to the cases, no others, from one PyTorch', () => {
  for (const [family, cases] of Object.entries(families)) {
    const { torch, entries } = golden<Answer>(`ops-${family}`)
    expect(torch, family).toBe('2.13.0')
    expect(Object.keys(entries), family).toEqual(cases.map(it => it.name))
  }
})

const all = Object.keys(families).flatMap(cells)
const named = (chosen: typeof all) => chosen.map(({ op, dtype }) => `${op} ${dtype}`)
const lacks = (cell: (typeof all)[number]) => lacking[cell.op]?.includes(cell.dtype) ?? false

test('every op has a case in each dtype that PyTorch has for it and dtrain does not lack', () => {
  expect(named(all.filter(cell => cell.values.length === 0 && !cell.refused && !lacks(cell)))).toEqual([])
})

test('what dtrain lacks is refused by dtrain and not by PyTorch', () => {
  for (const [op, dtypes] of Object.entries(lacking)) {
    const cases = Object.values(families).find(cases => cases.some(it => it.op === op))!
    for (const dtype of dtypes) {
      const it = inDtype(typical(cases, op), dtype)
      const inputs = it.inputs.map(({ shape, dtype }) => ones(shape, { dtype }))
      expect(() => runCase(it, inputs), `${op} ${dtype}`).toThrow(`not implemented for ${dtype}`)
    }
  }
  expect(named(all.filter(cell => lacks(cell) && cell.refused))).toEqual([])
})

test('an op with gradients in one float has them in each', () => {
  const differentiable = new Set(all.filter(cell => cell.gradients.length > 0).map(cell => cell.op))
  const bare = all.filter(cell => isFloat(cell.dtype) && cell.values.length > 0 && cell.gradients.length === 0)
  expect(named(bare.filter(cell => differentiable.has(cell.op)))).toEqual([])
})

test('docs/coverage.md is what npm run op-matrix writes', () => {
  expect(written()).toBe(coverage())
})
