// Makes the type declarations of dist/ stand alone: who uses dtrain needs no @types/node, no `lib` beyond ES2022, and
// any TypeScript from 5.6 on. It runs with scripts/bundle.ts; test/repository/packages.test.ts compiles what comes out.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const dist = join(import.meta.dirname, '../dist')

/** What stands in declarations, and what shall. */
const rules: [RegExp, string][] = [
  // How console.log prints an object is no part of its type.
  [/^import \{ inspect \} from 'node:util';\n/m, ''],
  [/^ +(?:override )?\[inspect\.custom\]\(\): string;\n/gm, ''],
  // TypeScript 5.6 has arrays of bytes without a parameter.
  [
    /\b((?:Ui|I)nt(?:8|16|32)Array|Uint8ClampedArray|Big(?:Ui|I)nt64Array|Float(?:32|64)Array)<ArrayBuffer(?:Like)?>/g,
    '$1',
  ],
  [/(?<=[:=] )Buffer(?=[;),])/g, 'Uint8Array'],
]
const disposable = '/// <reference lib="esnext.disposable" />\n'

for (const name of readdirSync(dist, { recursive: true }) as string[]) {
  if (!name.endsWith('.d.ts')) continue
  const path = join(dist, name)
  const text = readFileSync(path, 'utf8')
  let result = text
  for (const [wrong, right] of rules) result = result.replace(wrong, right)
  if (result.includes('Symbol.dispose') && !result.startsWith(disposable)) result = disposable + result
  if (result !== text) writeFileSync(path, result)
}
