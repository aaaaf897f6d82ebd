// The generator draws PyTorch's numbers, bit for bit. test/golden/random.json holds programs (a seed and steps) with
// what PyTorch drew; the programs are run again here. A long result is compared by both ends and by
// sum((i + 1) * x[i]).

import { describe, expect, test } from 'vitest'
import {
  type DType,
  defaultGenerator,
  Generator,
  linspace,
  manualSeed,
  nn,
  normal,
  ones,
  poisson,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts'
import { native } from '../../src/native/load.ts'
import { wrap } from '../../src/tensor/index.ts'
import { exact } from '../support/case.ts'
import { type Element, expectElements, golden } from '../support/golden.ts'

interface Step {
  op: string
  generator?: string
  dtype?: DType
  shape?: number[]
  seed?: string
  low?: number
  high?: number
  of?: DType
  n?: number
  parameters?: number[]
  tensor?: number[]
  pair?: (number | number[] | number[][])[]
  weights?: number[] | number[][]
  replacement?: boolean
  p?: number
  target?: 'whole' | 'transposed' | 'even'
}

interface Result {
  dtype: DType
  shape: number[]
  data?: Element[]
  head?: Element[]
  tail?: Element[]
  moment?: number
}

interface Program {
  seed: string
  steps: Step[]
  results: (Result | null)[]
}

/** Runs the steps of one program. */
class Machine {
  readonly generators = new Map([['default', defaultGenerator]])
  readonly saved = new Map<string, Uint8Array>()

  step(step: Step): Tensor | Uint8Array | null {
    const { op, generator: name = 'default', dtype = 'float32', shape = [] } = step
    const generator = this.generators.get(name) ?? new Generator()
    this.generators.set(name, generator)
    switch (op) {
      case 'seed':
        generator.manualSeed(BigInt(step.seed!))
        return null
      case 'save':
        this.saved.set(name, generator.getState())
        return null
      case 'restore':
        generator.setState(this.saved.get(name)!)
        return null
      case 'state':
        return generator.getState()
      case 'rand':
        return rand(shape, { dtype, generator })
      case 'randn':
        return randn(shape, { dtype, generator })
      case 'randint':
        return randint(step.low!, step.high!, shape, { dtype: step.of ?? 'int64', generator })
      case 'randperm':
        return randperm(step.n!, { dtype: step.of ?? 'int64', generator })
      case 'random64':
        return wrap(native.random64(generator.handle))
      case 'bernoulli':
        return linspace(0, 1, step.n!, { dtype }).bernoulli({ generator })
      case 'poisson':
        return poisson(tensor(step.tensor!, { dtype }), { generator })
      case 'normal': {
        const [mean, std] = step.pair!.map(it => (typeof it === 'number' ? it : tensor(it, { dtype })))
        return normal(mean!, std!, { generator })
      }
      case 'multinomial':
        return tensor(step.weights!, { dtype }).multinomial(step.n!, { replacement: step.replacement!, generator })
      case 'dropout': {
        const x = ones(shape, { dtype })
        return nn.functional.dropout(step.target === 'transposed' ? x.transpose(0, -1) : x, step.p!)
      }
      default:
        return this.fill(step, generator)
    }
  }

  private fill(step: Step, generator: Generator): Tensor {
    const { op, dtype = 'float32', shape, parameters = [], target } = step
    const x = zeros(shape!, { dtype })
    const part = target === 'transposed' ? x.transpose(0, -1) : target === 'even' ? x.index('...', '::2') : x
    const [a = 0, b = 0] = parameters
    if (op === 'uniform_') part.uniform_({ from: a, to: b, generator })
    else if (op === 'random_') part.random_(...(parameters as [number, number]), { generator })
    else if (op === 'exponential_') part.exponential_(a, { generator })
    else if (op === 'geometric_') part.geometric_(a, { generator })
    else if (op === 'cauchy_') part.cauchy_({ median: a, sigma: b, generator })
    else if (op === 'log_normal_') part.logNormal_(a, b, { generator })
    else if (op === 'normal_') part.normal_({ mean: a, std: b, generator })
    else if (op === 'bernoulli_') {
      const p = step.tensor === undefined ? a : tensor(step.tensor, { dtype: step.of ?? dtype })
      part.bernoulli_({ p, generator })
    } else throw new Error(`unknown step ${op}`)
    return x
  }
}

/** Their arrays hold bits. */
const halves: readonly string[] = ['float16', 'bfloat16']

function compare(what: string, got: Tensor | Uint8Array, want: Result): void {
  const elements =
    got instanceof Uint8Array ? got : (halves.includes(got.dtype) ? got.to('float32') : got).toTypedArray()
  if (!(got instanceof Uint8Array)) {
    expect(got.dtype, what).toBe(want.dtype)
    expect(got.shape, what).toEqual(want.shape)
  }
  if (want.data) {
    expectElements(what, elements, want.data, exact)
    return
  }
  expectElements(`${what}, head`, elements.slice(0, 20), want.head!, exact)
  expectElements(`${what}, tail`, elements.slice(-20), want.tail!, exact)
  let moment = 0
  for (let i = 0; i < elements.length; i++) moment += (i + 1) * Number(elements[i])
  expect(moment, `${what}: sum((i + 1) * x[i])`).toBe(want.moment)
}

describe("PyTorch's numbers", () => {
  for (const [name, { seed, steps, results }] of Object.entries(golden<Program>('random').entries)) {
    test(name, () => {
      manualSeed(BigInt(seed))
      const machine = new Machine()
      steps.forEach((step, i) => {
        const got = machine.step(step)
        const want = results[i]
        if (got !== null && want) compare(`step ${i} (${step.op})`, got, want)
      })
    })
  }
})

/**
 * What torch.get_rng_state() gives after manual_seed: seed, left, seeded, next, 624 words of MT19937, cached normals.
 */
function seededState(seed: number): Uint8Array {
  const state = new DataView(new ArrayBuffer(5056))
  state.setBigUint64(0, BigInt(seed), true)
  state.setInt32(8, 1, true) // left
  state.setInt32(12, 1, true) // seeded
  let word = seed
  for (let i = 0; i < 624; i++) {
    if (i > 0) word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0
    state.setBigUint64(24 + 8 * i, BigInt(word), true)
  }
  return new Uint8Array(state.buffer)
}

describe('generators', () => {
  test('the initial seed is the one last set', () => {
    expect(manualSeed(42).initialSeed()).toBe(42)
    expect(new Generator().initialSeed()).toBe(67280421310721)
    expect(new Generator().manualSeed(2 ** 32 + 7).initialSeed()).toBe(2 ** 32 + 7)
    // torch.manual_seed(-1).initial_seed(), and so on
    expect(new Generator().manualSeed(-1).initialSeed()).toBe(18446744073709551615n)
    expect(new Generator().manualSeed(-2).initialSeed()).toBe(18446744073709551614n)
    expect(new Generator().manualSeed(2n ** 63n + 5n).initialSeed()).toBe(9223372036854775813n)
    expect(new Generator().manualSeed(-(2n ** 63n)).initialSeed()).toBe(9223372036854775808n)
    expect(new Generator().manualSeed(Number.MAX_SAFE_INTEGER).initialSeed()).toBe(Number.MAX_SAFE_INTEGER)
  })

  test('only the low 32 bits of a seed count', () => {
    const draw = (seed: number | bigint) => [
      ...rand([4], { generator: new Generator().manualSeed(seed) }).toTypedArray(),
    ]
    expect(draw(2 ** 32 + 7)).toEqual(draw(7))
    expect(draw(-1)).toEqual(draw(2 ** 32 - 1))
    expect(draw(2n ** 63n + 5n)).toEqual(draw(5))
  })

  test("PyTorch's bytes can be set, and are given back", () => {
    const { steps, results } = golden<Program>('random').entries.state!
    const bytes = seededState(9) // torch.manual_seed(9); torch.get_rng_state(), as the golden file confirms
    compare('the bytes', bytes, results[0]!)
    const generator = new Generator().setState(bytes)
    expect(generator.getState()).toEqual(bytes)
    expect(generator.initialSeed()).toBe(9)
    compare('rand', rand(steps[1]!.shape!, { generator }), results[1]!)
    const later = generator.getState()
    compare('the bytes after rand', later, results[2]!)
    compare('randn', randn(steps[3]!.shape!, { generator: new Generator().setState(later) }), results[3]!)
  })

  test('a state of another size is refused', () => {
    expect(() => new Generator().setState(new Uint8Array(3))).toThrow(
      'setState: expected the 5056 bytes of getState(), got 3 bytes',
    )
  })

  test('a state that no generator can be in is refused', () => {
    expect(() => new Generator().setState(new Uint8Array(5056))).toThrow(/^setState: /)
  })
})
