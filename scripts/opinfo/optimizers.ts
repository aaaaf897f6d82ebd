// Runs PyTorch's own optimizer test inputs, which optimizers.py has written, through dtrain (`npm run optimizers --
// NAME…`): twenty steps, with the parameters and the state half-way and at the end; half-way another optimizer takes
// the state dict over. Then what it must refuse. Options are numbers here, so a tensor of one element is given as its
// number.
//
//   --data FOLDER      what optimizers.py has written; default opinfo-optimizers in the folder for temporary files
//   --reasons N        so many different reasons for each class, default 1
//   --failing          only the classes that do not pass
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as dt from '../../src/index.ts'
import { camel, count, countOf, linesOf, noneOf, passes, type Result } from './report.ts'
import { type Data, decode, difference, type Entry, type Tensor } from './values.ts'

type Option = null | boolean | number | string | Option[] | { elements: number[]; shape: number[] }
type Given = null | string | Given[] | { tensor: number } | { params: Given }
type Options = Record<string, Option>

interface Sample {
  dtype: dt.DType
  options: Options
  start: Entry[]
  /** Of each step; without them a closure computes a loss of `x`. */
  gradients?: Entry[][]
  x?: Entry
  halves: { params: Entry[]; state: Record<string, Record<string, Entry>> }[]
  /** The parameters of the halves computed in a wider dtype. */
  precise?: Entry[][]
}

interface Refusal {
  dtype: dt.DType
  desc: string
  refused: string
  options: Options
  params: Given
  shapes: number[][]
  atStep: boolean
}

type Constructor = new (params: unknown, options: object) => dt.optim.Optimizer

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: join(tmpdir(), 'opinfo-optimizers') },
    reasons: { type: 'string', default: '1' },
    failing: { type: 'boolean', default: false },
  },
})

const classes = dt.optim as unknown as Record<string, Constructor | undefined>

const renamed = (options: Options, value: (option: Option) => unknown) =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [camel(name), value(option)]))

/** Options with numbers for tensors of one element. */
const optionsOf = (options: Options) => renamed(options, option => given(option, elements => elements[0]))

/** Options with the tensors that PyTorch was given. */
const asGiven = (options: Options) =>
  renamed(options, option => given(option, (elements, shape) => dt.tensor(elements).view(...shape)))

function given(option: Option, make: (elements: number[], shape: number[]) => unknown): unknown {
  if (Array.isArray(option)) return option.map(one => given(one, make))
  return option === null || typeof option !== 'object' ? option : make(option.elements, option.shape)
}

const tensorOf = (entry: Entry, data: Data) => (decode(dt, entry, data, []) as Tensor).detach().clone()

function lossOf([w, b, factor]: Tensor[], x: Tensor): Tensor {
  return w!.matmul(x).add(b!).pow(2).sum().mul(factor!)
}

function check(Kind: Constructor, sample: Sample, data: Data): string | undefined {
  const options = optionsOf(sample.options)
  const params = sample.start.map(entry => tensorOf(entry, data).requiresGrad_())
  const x = sample.x === undefined ? undefined : tensorOf(sample.x, data)
  let optimizer = new Kind(params, options)
  for (let step = 0; step < 20; step++) {
    if (x === undefined) {
      for (const [i, param] of params.entries()) param.grad = tensorOf(sample.gradients![step]![i]!, data)
      optimizer.step()
    } else {
      optimizer.step(() => {
        optimizer.zeroGrad()
        const loss = lossOf(params, x)
        loss.backward()
        return loss
      })
    }
    if (step !== 9 && step !== 19) continue
    const half = Math.floor(step / 10)
    const problem = compared(sample, half, params, optimizer.stateDict(), data)
    if (problem !== undefined) return `after ${step + 1} steps: ${problem}`
    const saved = optimizer.stateDict()
    optimizer = new Kind(params, {})
    optimizer.loadStateDict(saved)
  }
  return undefined
}

function compared(
  sample: Sample,
  half: number,
  params: Tensor[],
  { state }: dt.optim.OptimizerStateDict,
  data: Data,
): string | undefined {
  const want = sample.halves[half]!
  for (const [i, param] of params.entries()) {
    const problem = difference(dt, param, want.params[i]!, data, true)
    const precise = sample.precise?.[half]?.[i]
    if (problem !== undefined && (!precise || !asNear(param, want.params[i]!, precise, data)))
      return `parameter ${i}: ${problem}`
  }
  for (const [i, values] of Object.entries(want.state)) {
    const got = state[Number(i)] ?? {}
    for (const [key, entry] of Object.entries(values)) {
      const value = got[key]
      if (value === undefined) return `state ${key} is missing, there are ${Object.keys(got).join(', ')}`
      if (sample.precise !== undefined) continue // rounded after each step, which the parameters show
      const tensor = entry !== null && typeof entry === 'object' && 'tensor' in entry
      const wanted = tensor && typeof value === 'number' ? tensorOf(entry, data).item() : entry
      const problem = difference(dt, value, wanted as Entry, data, true)
      if (problem !== undefined) return `state ${key}: ${problem}`
    }
  }
  return undefined
}

/** Whether a parameter of 16 bits is as near to the one computed in float32 as PyTorch's, but for a rounding. */
function asNear(got: Tensor, want: Entry, precise: Entry, data: Data): boolean {
  const exact = tensorOf(precise, data)
  const off = (x: Tensor) => x.detach().float().sub(exact).abs().max().item()
  return off(got) <= off(tensorOf(want, data)) + exact.abs().max().item() * 2 ** -8
}

function refuses(Kind: Constructor, { options, params, shapes, atStep, refused }: Refusal): string | undefined {
  const tensors = shapes.map(shape => dt.ones(...shape, { requiresGrad: true }))
  const decoded = (one: Given): unknown => {
    if (one === null || typeof one === 'string') return one
    if (Array.isArray(one)) return one.map(decoded)
    if ('tensor' in one) return tensors[one.tensor]
    const { params, ...others } = one
    return { ...asGiven(others as Options), params: decoded(params) }
  }
  const listed = params === null ? [dt.ones(1, 1, { requiresGrad: true })] : decoded(params)
  try {
    const optimizer = new Kind(listed, asGiven(options))
    if (atStep) optimizer.step()
  } catch (error) {
    if (error instanceof dt.ArgumentError) return undefined
    throw error
  }
  return `takes what PyTorch refuses: ${refused}`
}

const results: Result[] = []
for (const file of readdirSync(flags.data)
  .filter(file => file.endsWith('.json'))
  .sort()) {
  const name = file.slice(0, -'.json'.length)
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const { samples } = JSON.parse(readFileSync(join(flags.data, file), 'utf8')) as { samples: (Sample | Refusal)[] }
  const data = dt.load<Data>(join(flags.data, `${name}.safetensors`))
  const result = noneOf(name, samples.length)
  const Kind = classes[name]
  if (Kind === undefined) result.reasons.set('absent', samples.length)
  else
    for (const sample of samples) {
      const what = 'refused' in sample ? sample.desc : JSON.stringify(sample.options)
      count(result, `${sample.dtype} ${what}`, () =>
        dt.tidy(() => ('refused' in sample ? refuses(Kind, sample) : check(Kind, sample, data))),
      )
    }
  if (!flags.failing || !passes(result)) console.log(linesOf(result, Number(flags.reasons)))
  results.push(result)
  for (const x of Object.values(data)) x.dispose()
}
console.log(`\n${countOf(results)}`)
