// Every command-line flag, declared once: the mapped type makes a field of `RunOptions` without a flag a compile error,
// and the parser and the help text are built from the table. Everything after the script belongs to the script.
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { coreText, packageVersion } from '../../src/native/find.ts'
import type { BenchOptions } from './bench.ts'
import type { CommOptions } from './bench-comm.ts'
import type { OpsOptions } from './bench-ops.ts'
import type { ScalingOptions } from './bench-scaling.ts'
import type { BuildOptions } from './build.ts'
import { chooseGpus, type GpuChoice, type Machine, thisMachine } from './gpus.ts'
import type { InitOptions } from './init.ts'
import type { MonitorOptions } from './monitor.ts'

interface Flags {
  nproc: number
  gpus: GpuChoice | undefined
  emulate: boolean | undefined
  ranks: number[] | undefined
  fold: boolean
  logDir: string | undefined
  stdin: number | undefined
  trace: string | undefined
  ompThreads: number | undefined
  timeout: number
  grace: number
  nodeOptions: string[] | undefined
}

/** What one run needs; `script` and `trace` are absolute, times are in seconds. */
export interface RunOptions extends Omit<Flags, 'gpus' | 'emulate'> {
  /** CUDA_VISIBLE_DEVICES of each rank; empty: ranks on CPUs; undefined: they see what the caller sees. */
  gpus: string[] | undefined
  emulate: boolean
  script: string
  args: string[]
  /** Flags of dtrain among `args`, where they do nothing. */
  misplaced: string[]
}

export type CommandLine =
  | { kind: 'run'; options: RunOptions }
  | { kind: 'init'; options: InitOptions }
  | { kind: 'monitor'; options: MonitorOptions }
  | { kind: 'bench'; options: BenchOptions }
  | { kind: 'scaling'; options: ScalingOptions }
  | { kind: 'comm'; options: CommOptions }
  | { kind: 'ops'; options: OpsOptions }
  | { kind: 'build'; options: BuildOptions }
  | { kind: 'print'; text: string }
  | { kind: 'usage'; message: string }

interface Flag<T> {
  flags: string
  help: string
  /** Other spellings, accepted and not listed. */
  aliases?: string[]
  default?: T
  parse?: (text: string) => T
}

const table: { [K in keyof Flags]: Flag<Flags[K]> } = {
  nproc: {
    flags: '--nproc <n|auto>',
    aliases: ['--nproc-per-node <n|auto>', '--nproc_per_node <n|auto>'],
    help: 'ranks on CPUs, one process each; auto: one per core',
    default: 1,
    parse: text =>
      text === 'auto' ? availableParallelism() : integer(text, "a positive integer up to 256 or 'auto'", 1, mostRanks),
  },
  gpus: {
    flags: '--gpus <n|all|list>',
    help: 'ranks on GPUs, one each; a list such as 2,3 names them, 0,0 puts two ranks on one',
    parse: gpuChoice,
  },
  emulate: { flags: '--emulate', help: 'emulate the GPUs on the CPU: for correctness, never for speed' },
  ranks: {
    flags: '--ranks <list>',
    help: 'show the output of these ranks only, e.g. 0,2-3',
    parse: rankList,
  },
  fold: { flags: '--no-fold', help: 'do not merge identical lines of several ranks' },
  logDir: { flags: '--log-dir <dir>', help: 'write the complete output of rank N to <dir>/rank-N.log' },
  stdin: {
    flags: '--stdin <rank>',
    help: 'the rank that reads standard input (default: the only one, or none)',
    parse: text => integer(text, 'a rank', 0),
  },
  trace: {
    flags: '--trace <dir>',
    help: 'write the timeline of rank N to <dir>/rank-N.json (Chrome trace)',
    parse: text => resolve(text),
  },
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
  $ dtrain --gpus all train.ts                    one rank per GPU
  $ dtrain init my-training                       a new project, with a small training that runs at once
  $ dtrain monitor                                the GPUs, the machine and the ranks that run on it, live
  $ dtrain tune status search                     what a search for hyperparameters has found
  $ dtrain bench scaling --help                   how training scales on this machine
  $ dtrain bench simulate --help                  how it would scale to thousands of ranks
  $ dtrain build                                  the native core from source, where there is no package for the system
`

export function parseCommandLine(argv: readonly string[], machine: Machine = thisMachine): CommandLine {
  const command = build()
  return parsed(command, argv, () => {
    const [script, ...args] = command.args
    const { version, ...given } = command.opts()
    if (version) return { kind: 'print', text: `${packageVersion}\n${coreText()}\n` }
    if (script === undefined) throw new UsageError('no script given; usage: dtrain [options] <script> [script args...]')
    const flags = given as Flags
    const isGiven = (name: keyof Flags) => command.getOptionValueSource(name) === 'cli'
    const ranks = chooseRanks(flags, isGiven('nproc'), machine)
    checkRanks('--ranks', flags.ranks ?? [], ranks.nproc)
    const stdin = flags.stdin ?? (ranks.nproc === 1 ? 0 : undefined)
    checkRanks('--stdin', stdin === undefined ? [] : [stdin], ranks.nproc)
    return {
      kind: 'run',
      options: { ...flags, ...ranks, stdin, script: scriptPath(script), args, misplaced: misplaced(args, isGiven) },
    }
  })
}

/** What `command` makes of its arguments: `result`, its help, or what is wrong, behind `prefix`. It prints nothing. */
export function parsed(command: Command, argv: readonly string[], result: () => CommandLine, prefix = ''): CommandLine {
  const printed: string[] = []
  command
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({ writeOut: text => printed.push(text), writeErr: () => {} })
  try {
    command.parse(argv, { from: 'user' })
    return result()
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage', message: `${prefix}${error.message}` }
    if ((error as NodeJS.ErrnoException).syscall === 'uv_cwd')
      return { kind: 'usage', message: `${prefix}the current directory has been deleted; cd to one that exists` }
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: printed.join('') }
    return { kind: 'usage', message: `${prefix}${oneSentence(error.message)}` }
  }
}

/** How many ranks there are, and where. Without a flag the one rank sees every GPU, like a plain `node`. */
function chooseRanks(
  { nproc, gpus, emulate: asked }: Flags,
  onCpus: boolean,
  machine: Machine,
): Pick<RunOptions, 'nproc' | 'gpus' | 'emulate'> {
  const wanted = gpus ?? (asked ? 1 : undefined)
  const emulate = asked === true || machine.env.DTRAIN_EMULATE === '1'
  if (wanted === undefined) return { nproc, gpus: onCpus ? [] : undefined, emulate }
  if (onCpus) {
    if (gpus === undefined)
      throw new UsageError(`--emulate is for GPUs: type --gpus ${nproc} --emulate, without --nproc`)
    throw new UsageError('--gpus and --nproc exclude each other: --gpus N starts N ranks on GPUs, --nproc N on CPUs')
  }
  const chosen = chooseGpus(wanted, emulate, machine)
  if (typeof chosen === 'string') throw new UsageError(chosen)
  return { nproc: chosen.length, gpus: chosen, emulate }
}

/** What a person has typed and cannot be meant; the message says why. */
export class UsageError extends Error {}

function build(): Command {
  const command = new Command('dtrain')
    .description('Runs one training script as several cooperating processes.')
    .usage('[options] <script> [script args...]')
    .argument('[script]')
    .argument('[args...]')
    .enablePositionalOptions()
    .passThroughOptions()
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', examples)
  for (const flag of Object.values(table) as Flag<unknown>[]) {
    const add = (flags: string) => {
      const option = new Option(flags, flag.help)
      if (flag.parse) option.argParser(flag.parse)
      return option
    }
    const option = add(flag.flags).default(flag.default)
    command.addOption(option)
    for (const alias of flag.aliases ?? []) {
      const other = add(alias).hideHelp()
      other.attributeName = () => option.attributeName()
      command.addOption(other)
    }
  }
  return command.option('--version', 'show the version, and which native core programs load')
}

/** "error: unknown option '--nprc'\n(Did you mean --nproc?)" → "unknown option '--nprc'. Did you mean --nproc?" */
function oneSentence(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^option '(\S+)[^']*' argument '(.*)' is invalid\. /s, "$1 '$2': ")
    .replace(/\n\((Did you mean .*)\)$/, '. $1')
}

/** The script may be named by its URL, as for `node --import`. */
function scriptPath(script: string): string {
  process.cwd() // or nothing can be started there
  const path = script.startsWith('file:') ? pathOfUrl(script) : script
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })
  if (path === undefined || !stats) throw new UsageError(`script not found: ${script}`)
  if (stats.isDirectory()) throw new UsageError(`the script is a directory: ${script}`)
  if (!extensions.includes(extname(path))) {
    throw new UsageError(`not a script: ${script}; expected a file ending in ${extensions.filter(Boolean).join(' ')}`)
  }
  return resolve(path)
}

function pathOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}

/**
 * Flags that only dtrain has, behind the script and not before it, so that they do nothing. Behind `--` they are the
 * script's for certain.
 */
function misplaced(args: string[], isGiven: (name: keyof Flags) => boolean): string[] {
  const end = args.indexOf('--')
  const names = (end < 0 ? args : args.slice(0, end)).map(arg => arg.replace(/=.*/s, ''))
  return (['nproc', 'gpus', 'emulate', 'logDir', 'ompThreads', 'nodeOptions'] as const).flatMap(name => {
    const { flags, aliases = [] } = table[name]
    const spellings = [flags, ...aliases].map(flag => flag.split(' ', 1)[0]!)
    return isGiven(name) ? [] : spellings.filter(flag => names.includes(flag))
  })
}

function checkRanks(flag: string, ranks: number[], nproc: number): void {
  const missing = ranks.find(rank => rank >= nproc)
  if (missing !== undefined) throw new UsageError(`${flag} names rank ${missing}, but ranks are 0 to ${nproc - 1}`)
}

/** A file without an extension is taken for `.js`, as Node does. */
const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.tsx', '.jsx', '']

/** Node's timers overflow above 2^31 milliseconds. */
const mostSeconds = 1_000_000
/** The control segment has a slot for so many (kMaxRanks in native/comm/control.h). */
const mostRanks = 256

function integer(text: string, expected: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most)
    throw new InvalidArgumentError(`expected ${expected}`)
  return Number(text)
}

function gpuChoice(text: string): GpuChoice {
  if (text === 'all') return text
  if (text.includes(',')) return text.split(',').map(gpu => integer(gpu, 'numbers of GPUs such as 0,1', 0))
  return integer(text, "a positive integer up to 256, 'all', or a list such as 0,1", 1, mostRanks)
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
