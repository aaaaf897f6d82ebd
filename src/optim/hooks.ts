// Functions that run before and after what an optimizer does: a step, saving its state, loading it.
import { atMost, flag, Options, refuse } from '../tensor/index.ts'

/** Takes a hook off again. PyTorch: torch.utils.hooks.RemovableHandle. */
export interface RemovableHandle {
  remove(): void
}

/** Options of hooks of state dicts. */
export interface HookOptions {
  /** Run it before the others, default false. */
  prepend?: boolean
}

const hookOptions = new Options<HookOptions>({ prepend: true })

/** What a step was called with: nothing, or the closure. */
export type StepArgs = [closure?: () => unknown]
type StepPreHook<O> = (optimizer: O, args: StepArgs) => StepArgs | undefined
type StepPostHook<O> = (optimizer: O, args: StepArgs) => void
type Watching<O> = (optimizer: O) => void
type Changing<O, D> = (optimizer: O, state: D) => D | undefined

/** The hooks of one kind, in the order in which they run. */
class List<H> {
  #hooks: readonly { hook: H }[] = []

  add(op: string, hook: H, prepend = false): RemovableHandle {
    if (typeof hook !== 'function') refuse(op, 'a function', hook)
    const entry = { hook }
    this.#hooks = prepend ? [entry, ...this.#hooks] : [...this.#hooks, entry]
    return {
      remove: () => {
        this.#hooks = this.#hooks.filter(other => other !== entry)
      },
    }
  }

  run(call: (hook: H) => void): void {
    for (const { hook } of this.#hooks) call(hook)
  }
}

/** What optimizers inherit; `D` are their state dicts. Only the caller knows of which class a hook's optimizer is. */
export abstract class Hooked<D> {
  readonly #stepPre = new List<StepPreHook<never>>()
  readonly #stepPost = new List<StepPostHook<never>>()
  readonly #savePre = new List<Watching<never>>()
  readonly #savePost = new List<Changing<never, D>>()
  readonly #loadPre = new List<Changing<never, D>>()
  readonly #loadPost = new List<Watching<never>>()

  /** Runs `hook` before every step; what it returns, if anything, are other arguments of `step`. */
  registerStepPreHook(hook: StepPreHook<this>): RemovableHandle {
    atMost('registerStepPreHook', 1, arguments.length)
    return this.#stepPre.add('registerStepPreHook', hook)
  }

  /** Runs `hook` after every step. */
  registerStepPostHook(hook: StepPostHook<this>): RemovableHandle {
    atMost('registerStepPostHook', 1, arguments.length)
    return this.#stepPost.add('registerStepPostHook', hook)
  }

  /** Runs `hook` before `stateDict`. */
  registerStateDictPreHook(hook: Watching<this>, prepend?: boolean | HookOptions): RemovableHandle {
    atMost('registerStateDictPreHook', 2, arguments.length)
    return this.#savePre.add('registerStateDictPreHook', hook, first('registerStateDictPreHook', prepend))
  }

  /** Runs `hook` on what `stateDict` gives; what it returns, if anything, is given instead. */
  registerStateDictPostHook(hook: Changing<this, D>, prepend?: boolean | HookOptions): RemovableHandle {
    atMost('registerStateDictPostHook', 2, arguments.length)
    return this.#savePost.add('registerStateDictPostHook', hook, first('registerStateDictPostHook', prepend))
  }

  /** Runs `hook` on what `loadStateDict` gets; what it returns, if anything, is loaded instead. */
  registerLoadStateDictPreHook(hook: Changing<this, D>, prepend?: boolean | HookOptions): RemovableHandle {
    atMost('registerLoadStateDictPreHook', 2, arguments.length)
    return this.#loadPre.add('registerLoadStateDictPreHook', hook, first('registerLoadStateDictPreHook', prepend))
  }

  /** Runs `hook` after `loadStateDict`. */
  registerLoadStateDictPostHook(hook: Watching<this>, prepend?: boolean | HookOptions): RemovableHandle {
    atMost('registerLoadStateDictPostHook', 2, arguments.length)
    return this.#loadPost.add('registerLoadStateDictPostHook', hook, first('registerLoadStateDictPostHook', prepend))
  }

  /** A step between its hooks. */
  protected hookedStep<T>(given: StepArgs, step: (args: StepArgs) => T): T {
    let args = given
    this.#stepPre.run(hook => {
      const other = hook(this as never, args)
      if (other !== undefined && !Array.isArray(other)) refuse('a hook before a step', 'no value, or arguments', other)
      args = other ?? args
    })
    const result = step(args)
    this.#stepPost.run(hook => hook(this as never, args))
    return result
  }

  protected hookedSave(save: () => D): D {
    this.#savePre.run(hook => hook(this as never))
    let state = save()
    this.#savePost.run(hook => {
      state = hook(this as never, state) ?? state
    })
    return state
  }

  protected hookedLoad(given: D, load: (state: D) => void): void {
    let state = given
    this.#loadPre.run(hook => {
      state = hook(this as never, state) ?? state
    })
    load(state)
    this.#loadPost.run(hook => hook(this as never))
  }
}

function first(op: string, prepend?: boolean | HookOptions): boolean {
  return flag(`${op}: prepend`, hookOptions.readFirst(op, prepend).prepend ?? false)
}
