// Which of PyTorch's operators dtrain has, for docs/coverage.md: the names of `op_db`, PyTorch's own list of what it
// tests, found here by the rule of the API (camelCase; at the root, in a namespace, or as a method). A name counts as
// compared if a case asks PyTorch for it, or a test of random numbers does.
import { readFileSync } from 'node:fs'
import * as dt from '../src/index.ts'
import type { Case } from '../test/support/case.ts'
import { camel, groupOf } from './opinfo/report.ts'
import { functionOf } from './opinfo/values.ts'

interface Names {
  names: string[]
  leftOut: Record<string, string[]>
}

const read = <T>(name: string) =>
  JSON.parse(readFileSync(new URL(`../test/golden/${name}.json`, import.meta.url), 'utf8')) as T

/** Why a kind of operators is left out. */
const reasons: Record<string, string> = {
  complex: 'complex numbers are not a dtype of dtrain',
  fft: 'their results are complex',
  masked: 'masked tensors are a prototype of PyTorch',
  signal: 'windows of signal processing',
  sparse: 'sparse tensors are not a layout of dtrain',
  internal: 'not public',
  syntax: 'operators of Python; JavaScript cannot define them, so these are methods',
}

/** Whether dtrain has what PyTorch calls so. */
export function has(name: string): boolean {
  return functionOf(dt, name) !== undefined || (!name.includes('.') && camel(name) in dt.Tensor.prototype)
}

/** The page's section on names, with those that are missing, and those that no case compares. */
export function namesSection(cases: readonly Case[]): string {
  const { names, leftOut } = read<Names>('names')
  const asked = [...cases.map(({ torch }) => torch), JSON.stringify(read('random'))].join('\n')
  const words = new Set(asked.match(/[A-Za-z_]\w*/g))
  const compared = (name: string) => words.has(name.split('.').at(-1)!)
  const groups = [...new Set(names.map(groupOf))].sort()
  const rows = groups.map(group => {
    const all = names.filter(name => groupOf(name) === group)
    const there = all.filter(has)
    return `| ${group} | ${all.length} | ${there.length} | ${there.filter(compared).length} |`
  })
  const there = names.filter(has)
  const list = (chosen: readonly string[]) => chosen.map(name => `\`${name}\``).join(' ') || 'none'
  const left = Object.entries(leftOut).map(([kind, all]) => `| ${kind} | ${all.length} | ${reasons[kind]} |`)
  return `## PyTorch's operators

Of the ${names.length} names that PyTorch tests as operators, dtrain has **${there.length}**; ${there.filter(compared).length} of these are compared with PyTorch by
a case or by a test of random numbers.

| namespace | PyTorch | dtrain | compared |
| --- | --- | --- | --- |
${rows.join('\n')}

Not there yet: ${list(names.filter(name => !has(name)))}

There, and tested otherwise than by asking PyTorch for that name: ${list(there.filter(name => !compared(name)))}

Left out:

| kind | names | why |
| --- | --- | --- |
${left.join('\n')}
`
}
