// Quantities as text.

/** Seconds as milliseconds. */
export const ms = (seconds: number): string => (seconds === 0 ? '0' : (1000 * seconds).toFixed(seconds < 0.01 ? 2 : 1))
export const mebi = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
/** Without the minus of a share that rounds to 0. */
export const percent = (share: number): string => `${(100 * share).toFixed(1).replace(/^-0\.0$/, '0.0')} %`
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
