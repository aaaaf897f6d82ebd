// How much native memory this process may use: DTRAIN_MEMORY_BUDGET, or an equal share of the native core's default
// (80 % of the machine) for each rank on this machine. Without the sharing, N ranks would believe in N machines.
import { ArgumentError } from '../errors.ts'
import { env } from '../job/env.ts'
import { rankInfo } from '../job/rank.ts'

const units = ['b', 'kib', 'mib', 'gib', 'tib']

/** Bytes in a text such as `4GiB`, `512 MiB` or `1e9`. @throws ArgumentError when it is none */
export function parseBytes(text: string): number {
  const match = /^\s*([\d.]+(?:e\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  const power = units.indexOf(match?.[2]?.toLowerCase() || 'b')
  const bytes = Number(match?.[1]) * 1024 ** power
  if (power >= 0 && bytes > 0) return bytes
  throw new ArgumentError(`DTRAIN_MEMORY_BUDGET must be a size such as 512MiB or 4GiB, got '${text}'`)
}

/** The budget of this process, given that of the whole machine. */
export function memoryBudget(machine: number): number {
  const text = env('DTRAIN_MEMORY_BUDGET')
  return text === undefined ? machine / rankInfo().localWorldSize : parseBytes(text)
}
