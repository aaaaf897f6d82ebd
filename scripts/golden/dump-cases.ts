// Prints the case tables as JSON, for ops.py. Needs neither the addon nor Python: case tables load nothing.
//
//   npx tsx scripts/golden/dump-cases.ts > cases.json

import { families } from '../../test/ops/families.ts'
import { exact } from '../../test/support/case.ts'

const dump = Object.fromEntries(
  Object.entries(families).map(([family, cases]) => {
    const names = new Set<string>()
    for (const { name } of cases) {
      if (names.has(name)) throw new Error(`${family}: two cases are named "${name}"`)
      names.add(name)
    }
    return [
      family,
      cases.map(({ name, inputs, torch, tolerance }) => ({ name, inputs, torch, exact: tolerance === exact })),
    ]
  }),
)

// JSON has no NaN and no infinities.
const encode = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : Object.is(value, -0) ? '-0' : value

process.stdout.write(`${JSON.stringify(dump, encode)}\n`)
