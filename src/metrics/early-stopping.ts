// Says when training does not get better any more, and keeps the best weights if it is given the model.
import { ArgumentError } from '../errors.ts'
import { atMost, isOptions, keep, Options, refuse, shown, Tensor } from '../tensor/index.ts'

/** What has weights that can be saved: a module. */
export interface Stateful {
  stateDict(): Record<string, Tensor>
  loadStateDict(state: Record<string, Tensor>): unknown
}

/** Options of `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** Steps without progress after which to stop, default 3. */
  patience?: number
  /** What a value must be better by to be progress, default 0. */
  minDelta?: number
  /** Whether the value should fall (default) or rise. */
  mode?: 'min' | 'max'
  /** Whose weights are to be kept, at the best value. */
  model?: Stateful
}

/** State of an `EarlyStopping`; the tensors of `best_state` are shared. */
export interface EarlyStoppingState {
  /** null before the first step. */
  best: number | null
  num_bad_epochs: number
  best_state: Record<string, Tensor> | null
}

const stoppingOptions = new Options<EarlyStoppingOptions>({ patience: true, minDelta: true, mode: true, model: true })

/**
 * Watches a value, and says when it has not got better for `patience` steps. On several ranks give it a value that all
 * have, such as that of a metric after `allReduce()`, so that all stop at once.
 * @throws ArgumentError for an unknown mode, or a patience that is no positive integer
 * @example
 * const stopping = new EarlyStopping({ patience: 5, model })
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   train()
 *   if (stopping.step(validate())) break
 * }
 * stopping.restoreBest()
 */
export class EarlyStopping {
  readonly patience: number
  readonly minDelta: number
  readonly mode: 'min' | 'max'
  /** The best value so far. */
  best: number | undefined
  /** Steps since it was better by `minDelta`. */
  numBadEpochs = 0
  readonly #model: Stateful | undefined
  #bestState: Record<string, Tensor> | undefined

  constructor(patience?: number | EarlyStoppingOptions, options?: EarlyStoppingOptions) {
    atMost('EarlyStopping', 2, arguments.length)
    const given = stoppingOptions.readFirst('EarlyStopping', patience, options)
    this.patience = given.patience ?? 3
    this.minDelta = given.minDelta ?? 0
    this.mode = given.mode ?? 'min'
    this.#model = given.model
    if (!Number.isSafeInteger(this.patience) || this.patience < 1) {
      throw new ArgumentError(`EarlyStopping: patience: expected a positive integer, got ${shown(this.patience)}`)
    }
    if (typeof this.minDelta !== 'number') refuse('EarlyStopping: minDelta', 'a number', this.minDelta)
    if (this.mode !== 'min' && this.mode !== 'max') {
      throw new ArgumentError(`EarlyStopping: mode must be 'min' or 'max', got '${shown(this.mode)}'`)
    }
  }

  /** Takes the value of an epoch, a number or a tensor with one element. Returns whether to stop. */
  step(value: number | Tensor): boolean {
    const current = value instanceof Tensor ? value.item() : value
    if (typeof current !== 'number') refuse('step: value', 'a number', current)
    if (this.#isBetter(current)) {
      this.best = current
      this.numBadEpochs = 0
      if (this.#model !== undefined) this.#bestState = copies(this.#model.stateDict(), this.#bestState)
    } else this.numBadEpochs += 1
    return this.numBadEpochs >= this.patience
  }

  #isBetter(value: number): boolean {
    if (this.best === undefined) return !Number.isNaN(value)
    return this.mode === 'min' ? value < this.best - this.minDelta : value > this.best + this.minDelta
  }

  /**
   * The weights at the best value, as a state dict; the next best value overwrites them.
   * @throws ArgumentError where there are none
   */
  get bestState(): Record<string, Tensor> {
    if (this.#bestState !== undefined) return this.#bestState
    throw new ArgumentError('EarlyStopping: no weights have been kept; give it { model }, and call step()')
  }

  /** Gives the model the weights that it had at the best value. @throws ArgumentError where there are none */
  restoreBest(): void {
    if (this.#model === undefined) throw new ArgumentError('EarlyStopping: it has no model; give it { model }')
    this.#model.loadStateDict(this.bestState)
  }

  stateDict(): EarlyStoppingState {
    return { best: this.best ?? null, num_bad_epochs: this.numBadEpochs, best_state: this.#bestState ?? null }
  }

  /** Goes on where another was. @throws ArgumentError for anything but its state dict */
  loadStateDict(state: EarlyStoppingState): void {
    if (!isOptions(state) || !('num_bad_epochs' in state)) {
      refuse('loadStateDict', 'the state dict of an EarlyStopping', state)
    }
    this.best = state.best ?? undefined
    this.numBadEpochs = state.num_bad_epochs
    this.#bestState = state.best_state === null ? undefined : copies(state.best_state, undefined)
  }
}

/** Copies of tensors that no `tidy` frees; `into` has those of the last time. */
function copies(state: Record<string, Tensor>, into: Record<string, Tensor> | undefined): Record<string, Tensor> {
  const copy = ([key, x]: [string, Tensor]) => [key, into?.[key]?.copy_(x) ?? keep(x.detach().clone())]
  return Object.fromEntries(Object.entries(state).map(copy))
}
