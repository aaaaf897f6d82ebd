// Which cases run: DTRAIN_FAMILIES=conv,pool takes whole tables, DTRAIN_CASE='add: float32' the cases with that text in
// their name. vitest.config.ts asks first, so a name that does not exist is one error, before any suite starts.

import type { Case } from './case.ts'

type Families = Record<string, Case[]>

/** The tables without the cases that were not asked for. @throws Error for an unknown family, or if no case is left */
export function selected(
  families: Families,
  { DTRAIN_FAMILIES: names, DTRAIN_CASE: text = '' }: NodeJS.ProcessEnv = process.env,
): Families {
  const chosen = names ? names.split(',') : Object.keys(families)
  const unknown = chosen.filter(name => !families[name])
  if (unknown.length > 0) {
    const known = Object.keys(families).join(', ')
    throw new Error(`DTRAIN_FAMILIES: there is no family '${unknown.join("', '")}'; there are ${known}`)
  }
  const left = chosen.map((name): [string, Case[]] => [name, families[name]!.filter(it => it.name.includes(text))])
  if (text && left.every(([, cases]) => cases.length === 0)) {
    throw new Error(`DTRAIN_CASE: no case of ${names ?? 'any family'} has '${text}' in its name`)
  }
  return Object.fromEntries(left)
}
