#!/usr/bin/env node
// What `dtrain` starts. The command itself (command.ts) is loaded once it is known that its files can be opened.
import { tooFewFiles } from './ranks/files.ts'

const problem = tooFewFiles()
if (problem !== undefined) {
  process.stderr.write(`dtrain: ${problem}\n`)
  process.exit(1)
}
await import('./command.ts')
