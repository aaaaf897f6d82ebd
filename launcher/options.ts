// Every command-line flag, declared once: the mapped type makes a field of `RunOptions` without a flag a compile error,
// and the parser and the help text are built from the table. Everything after the script belongs to the script.
import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'

interface Flags {
  nproc: number
  gpus: never
  ranks: number[] | undefined
  fold: boolean
  logDir: string | undefined
  ompThreads: number | undefined
  timeout: number
  grace: number
  nodeOptions: string[] | undefined
}

/** What one run needs; `script` is absolute, times are in seconds. */
export interface RunOptions extends Omit<Flags, 'gpus'> {
  script: string
  args: string[]
}

export type CommandLine =
  | { kind: 'run'; options: RunOptions }
  | { kind: 'print'; text: string }
  | { kind: 'usage'; message: string }

interface Flag<T> {
  flags: string
  help: string
  /** A second spelling, accepted and not listed. */
  alias?: string
  default?: T
  parse?: (text: string) => T
}

const table: { [K in keyof Flags]: Flag<Flags[K]> } = {
  nproc: {
    flags: '--nproc <n|auto>',
    alias: '--nproc-per-node <n|auto>',
    help: 'ranks to start, one process each; auto: one per core',
    default: 1,
    parse: text =>
      text === 'auto' ? availableParallelism() : integer(text, "a positive integer up to 256 or 'auto'", 1, mostRanks),
  },
  gpus: {
    flags: '--gpus <n>',
    help: 'one rank per GPU (needs a CUDA build)',
    parse: () => {
      throw new InvalidArgumentError('this version has no CUDA backend; use --nproc N to train on N CPU ranks')
    },
  },
  ranks: {
    flags: '--ranks <list>',
    help: 'show the output of these ranks only, e.g. 0,2-3',
    parse: rankList,
  },
  fold: { flags: '--no-fold', help: 'do not merge identical lines of several ranks' },
  logDir: { flags: '--log-dir <dir>', help: 'write the complete output of rank N to <dir>/rank-N.log' },
  ompThreads: {
    flags: '--omp-threads <n>',
    help: 'threads of a rank (default: OMP_NUM_THREADS or cores/ranks)',
    parse: text => integer(text, 'a positive integer', 1),
  },
  timeout: {
    flags: '--timeout <seconds>',
    help: 'how long a collective waits for its peers',
    default: 300,
    parse: text => integer(text, 'a whole number of seconds from 1 to 1000000', 1, mostSeconds),
  },
  grace: {
    flags: '--grace <seconds>',
    help: 'time from a forwarded Ctrl-C or SIGTERM to SIGKILL',
    default: 5,
    parse: seconds,
  },
  nodeOptions: {
    flags: '--node-options <args>',
    help: 'arguments for node in every rank, e.g. "--cpu-prof"',
    parse: text => text.split(/\s+/).filter(Boolean),
  },
}

const examples = `
Examples:
  $ dtrain --nproc 4 train.ts --epochs 10         four ranks; --epochs goes to train.ts
  $ dtrain --nproc auto --log-dir logs train.ts   one rank per core, one log file each
`

export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { command, printed } = build()
  try {
    command.parse(argv, { from: 'user' })
    const [script, ...args] = command.args
    const { nprocPerNode, version, ...flags } = command.opts()
    if (version) return { kind: 'print', text: `${packageVersion()}\n` }
    if (nprocPerNode !== undefined) flags.nproc = nprocPerNode
    if (script === undefined) throw new UsageError('no script given; usage: dtrain [options] <script> [script args...]')
    checkRanks(flags.ranks, flags.nproc)
    return { kind: 'run', options: { ...(flags as Flags), script: scriptPath(script), args } }
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage', message: error.message }
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: printed.join('') }
    return { kind: 'usage', message: oneSentence(error.message) }
  }
}

class UsageError extends Error {}

function build(): { command: Command; printed: string[] } {
  const printed: string[] = []
  const command = new Command('dtrain')
    .description('Runs one training script as several cooperating processes.')
    .usage('[options] <script> [script args...]')
    .argument('[script]')
    .argument('[args...]')
    .helpOption('--help', 'show this help')
    .enablePositionalOptions()
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeOut: text => printed.push(text), writeErr: () => {} })
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', examples)
  for (const flag of Object.values(table) as Flag<unknown>[]) {
    const add = (flags: string) => {
      const option = new Option(flags, flag.help)
      if (flag.parse) option.argParser(flag.parse)
      return option
    }
    command.addOption(add(flag.flags).default(flag.default))
    if (flag.alias) command.addOption(add(flag.alias).hideHelp())
  }
  command.option('--version', 'show the version')
  return { command, printed }
}

/** "error: unknown option '--nprc'\n(Did you mean --nproc?)" → "unknown option '--nprc'. Did you mean --nproc?" */
function oneSentence(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^option '(\S+)[^']*' argument '(.*)' is invalid\. /s, "$1 '$2': ")
    .replace(/\n\((Did you mean .*)\)$/, '. $1')
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function scriptPath(script: string): string {
  const stats = statSync(script, { throwIfNoEntry: false })
  if (!stats) throw new UsageError(`script not found: ${script}`)
  if (stats.isDirectory()) throw new UsageError(`the script is a directory: ${script}`)
  return resolve(script)
}

function checkRanks(ranks: number[] | undefined, nproc: number): void {
  const missing = ranks?.find(rank => rank >= nproc)
  if (missing !== undefined) throw new UsageError(`--ranks names rank ${missing}, but ranks are 0 to ${nproc - 1}`)
}

/** Node's timers overflow above 2^31 milliseconds. */
const mostSeconds = 1_000_000
/** The control segment has a slot for so many (kMaxRanks in native/comm/control.h). */
const mostRanks = 256

function integer(text: string, expected: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most)
    throw new InvalidArgumentError(`expected ${expected}`)
  return Number(text)
}

function seconds(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) > mostSeconds) {
    throw new InvalidArgumentError('expected a number of seconds up to 1000000')
  }
  return Number(text)
}

function rankList(text: string): number[] {
  const ranks = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? []
    const from = Number(first)
    const to = Number(last ?? first)
    // The bound keeps a typing slip like 0-99999999 from filling memory.
    if (first === undefined || to < from || to > 65535) throw new InvalidArgumentError('expected ranks such as 0,2-3')
    for (let rank = from; rank <= to; rank++) ranks.add(rank)
  }
  return [...ranks].sort((a, b) => a - b)
}
