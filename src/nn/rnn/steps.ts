// One step of a recurrent layer for the rows of a batch, and a walk over all steps. What surprises: the product with
// the input is made for all steps at once, so a step adds the product with the state alone.
import { cat, checked, isHalf, mapTensors, Options, refuse, splitWithSizes, type Tensor } from '../../tensor/index.ts'
import { linear } from '../functional/index.ts'

/** What the gates of a kind are: of each a block of hiddenSize rows of the weights. */
export type Kind = 'tanh' | 'relu' | 'lstm' | 'gru'

export const gatesOf: Record<Kind, number> = { tanh: 1, relu: 1, lstm: 4, gru: 3 }

/** h alone, or h and c of an LSTM: (N, hiddenSize) each. */
export type State = readonly Tensor[]

/** Options of a call of a recurrent layer. */
export interface StateOptions<H> {
  /** The state before the first step, default zeros. */
  hx?: H | null
}

const stateOptions = new Options<StateOptions<unknown>>({ hx: true })

/** The parts of the state of a call, which may be given by itself. @throws ArgumentError unless they are tensors */
export function stateOf<H>(name: string, hx: H | null | StateOptions<H> | undefined, count: 1 | 2): Tensor[] | null {
  const given = stateOptions.readFirst(name, hx).hx ?? null
  if (given === null) return null
  const parts = count === 1 ? [given] : Array.isArray(given) && given.length === 2 ? given : undefined
  if (parts === undefined) return refuse(name, 'hx as [h, c]', given)
  return parts.map(part => checked(name, part as Tensor))
}

/** Parameters of one layer in one direction. */
export interface Weights {
  /** (gates * hiddenSize, inputs) */
  input: Tensor
  /** (gates * hiddenSize, outputs) */
  hidden: Tensor
  inputBias: Tensor | null
  hiddenBias: Tensor | null
  /** (projSize, hiddenSize) */
  projection?: Tensor | undefined
}

/** The state after a step; `x` is the input's product (N, gates * hiddenSize). */
export function step(kind: Kind, x: Tensor, state: State, { hidden, hiddenBias, projection }: Weights): State {
  const [h, c] = state as [Tensor, Tensor]
  const product = linear(h, hidden, hiddenBias)
  switch (kind) {
    case 'tanh':
      return [x.add(product).tanh()]
    case 'relu':
      return [x.add(product).relu()]
    case 'gru': {
      const [xr, xz, xn] = x.chunk(3, 1) as [Tensor, Tensor, Tensor]
      const [hr, hz, hn] = product.chunk(3, 1) as [Tensor, Tensor, Tensor]
      const update = xz.add(hz).sigmoid()
      const candidate = xn.add(xr.add(hr).sigmoid().mul(hn)).tanh()
      return [candidate.add(update.mul(h.sub(candidate)))]
    }
    case 'lstm': {
      const [input, forget, cell, output] = x.add(product).chunk(4, 1) as [Tensor, Tensor, Tensor, Tensor]
      const next = forget.sigmoid().mul(c).add(input.sigmoid().mul(cell.tanh()))
      const out = output.sigmoid().mul(next.tanh())
      return [projection === undefined ? out : linear(out, projection), next]
    }
  }
}

const rows = (x: Tensor, from: number, to: number) => x.index(`${from}:${to}`)

/**
 * All steps of (rows, inputs), where `sizes[t]` rows belong to step t and sizes never grow: sequences that are over
 * have none left. Gives the outputs in the same order, and the state of each sequence at its end.
 */
export function walk(
  kind: Kind,
  x: Tensor,
  sizes: readonly number[],
  first: State,
  weights: Weights,
  back: boolean,
): { output: Tensor; last: State } {
  const { dtype } = x
  if (isHalf(dtype)) {
    // Roundings of all steps would add up, so halves are computed in float32.
    const wide = mapTensors(weights, one => one.to('float32'))
    const start = first.map(part => part.to('float32'))
    const { output, last } = walk(kind, x.to('float32'), sizes, start, wide, back)
    return { output: output.to(dtype), last: last.map(part => part.to(dtype)) }
  }
  // Split at once, so that backward writes the gradients of the steps side by side.
  const products = splitWithSizes(linear(x, weights.input, weights.inputBias), sizes)
  const outputs: Tensor[] = Array(sizes.length)
  /** The ends of sequences that are over, longest last. */
  const over: State[] = []
  if (back) {
    let state = first.map(part => rows(part, 0, sizes.at(-1)!))
    for (let t = sizes.length - 1; t >= 0; t--) {
      const [known, size] = [state[0]!.size(0), sizes[t]!]
      if (size > known) state = state.map((part, i) => cat([part, rows(first[i]!, known, size)]))
      state = [...step(kind, products[t]!, state, weights)]
      outputs[t] = state[0]!
    }
    return { output: cat(outputs), last: state as State }
  }
  let state: State = first
  for (const [t, size] of sizes.entries()) {
    const known = state[0]!.size(0)
    if (size < known) {
      over.push(state.map(part => rows(part, size, known)))
      state = state.map(part => rows(part, 0, size))
    }
    state = step(kind, products[t]!, state, weights)
    outputs[t] = state[0]!
  }
  const parts = [state, ...over.reverse()]
  const last = first.map((_, i) => (parts.length === 1 ? state[i]! : cat(parts.map(part => part[i]!))))
  return { output: cat(outputs), last: last as State }
}
