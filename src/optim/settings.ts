// What the constructors of optimizers share: defaults, and the checks of options, with PyTorch's words.
import { ArgumentError } from '../errors.ts'
import { flag, refuse } from '../tensor/index.ts'

/**
 * The defaults with what is given instead of them, of the same kinds.
 * @throws ArgumentError for another kind
 */
export function settings<O extends object>(op: string, defaults: O, given: Partial<O>): O {
  const all = { ...defaults, ...given }
  for (const name in defaults) {
    const [standard, value]: [unknown, unknown] = [defaults[name], all[name]]
    if (typeof standard === 'boolean') flag(`${op}: ${name}`, value as boolean)
    else if (Array.isArray(standard)) {
      const { length } = standard
      const fits = Array.isArray(value) && value.length === length && value.every(each => typeof each === 'number')
      if (!fits) refuse(`${op}: ${name}`, length === 2 ? 'two numbers' : 'three numbers', value)
    } else if (typeof value !== 'number') refuse(`${op}: ${name}`, 'a number', value)
  }
  return all
}

/** PyTorch's words for options that it does not call by their names. */
const words: Record<string, string> = { lr: 'learning rate', eps: 'epsilon value' }

/** @throws ArgumentError when one of the named options is negative or NaN */
export function notNegative<K extends string>(options: Record<K, number>, ...names: K[]): void {
  for (const name of names) {
    if (!(options[name] >= 0)) throw new ArgumentError(`Invalid ${words[name] ?? `${name} value`}: ${options[name]}`)
  }
}

/** @throws ArgumentError when one of them is outside [0, 1) */
export function checkBetas(betas: readonly number[]): void {
  for (const [i, beta] of betas.entries()) {
    if (!(beta >= 0 && beta < 1)) throw new ArgumentError(`Invalid beta parameter at index ${i}: ${beta}`)
  }
}
