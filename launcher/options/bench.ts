// The command line of `dtrain bench`, of `simulate` here and of others in files of their own. A script of the name
// `bench` is started as ./bench.
import { Command, InvalidArgumentError } from 'commander'
import { parseComm } from './bench-comm.ts'
import { parseOps } from './bench-ops.ts'
import { parseScaling } from './bench-scaling.ts'
import { type CommandLine, parsed } from './options.ts'

interface Link {
  /** Bytes per second. */
  bandwidth: number
  /** Seconds. */
  latency: number
}

/** Times are in seconds. */
export interface BenchOptions {
  step: string
  ranks?: number[] | undefined
  topology: string
  link?: Link | undefined
  comm?: string | undefined
  perHost: number
  intraLink?: Link | undefined
  jitter?: number | undefined
  failures?: { mtbf: number; interval: number; cost: number; restart: number } | undefined
  steps: number
  seed: number
  plot?: string | undefined
  json: boolean
}

interface Given extends Omit<BenchOptions, 'failures' | 'json'> {
  json?: boolean
  mtbf?: number
  checkpointEvery: number
  checkpointCost: number
  restart: number
}

const examples = `
Presets: resnet50-v100, resnet101-v100, resnet101-p100, vgg16-p100, gpt2-124m-a100

Examples:
  $ dtrain bench simulate --step resnet50-v100 --link 100Gb/s,18us --per-host 8 --intra-link 130GB/s,3.4us
  $ dtrain --trace traces train.ts
  $ dtrain bench simulate --step traces --link 400Gb/s,5us --ranks 8-1024 --plot scaling.svg
`

interface BenchCommand {
  summary: string
  parse: (args: readonly string[]) => CommandLine
}

const commands: Record<string, BenchCommand> = {
  comm: { summary: 'how long collectives take, by size and number of ranks: measured', parse: parseComm },
  ops: { summary: 'how long ops and steps of one process take: measured', parse: parseOps },
  scaling: { summary: 'how training scales over ranks of this machine: measured', parse: parseScaling },
  simulate: { summary: 'how it would scale to thousands of ranks: predicted', parse: parseSimulate },
}

/** What stands behind `dtrain bench`. */
export function parseBench([name, ...args]: readonly string[]): CommandLine {
  if (name === '--help' || name === '-h') return { kind: 'print', text: helpOfBench() }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command !== undefined) return command.parse(args)
  const what = name === undefined ? 'nothing to do' : `unknown command '${name}'`
  return { kind: 'usage', message: `bench: ${what}; there are ${Object.keys(commands).join(', ')}` }
}

function helpOfBench(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  return `Usage: dtrain bench <command> [options]\n\n${lines.join('\n')}\n\n\`dtrain bench <command> --help\` says more.\n`
}

function parseSimulate(args: readonly string[]): CommandLine {
  const command = new Command('dtrain bench simulate')
    .description('Predicts how a data-parallel training step scales: what it takes, and where its time goes.')
    .usage(
      '--step <preset|path> --link <bandwidth,latency> [options]\n       dtrain bench simulate --step <preset|path> --comm <path> [options]',
    )
    .requiredOption('--step <preset|path>', 'a preset, a description (JSON), a trace, or a folder of `--trace`')
    .option('--link <bandwidth,latency>', 'between hosts, e.g. 400Gb/s,5us', link)
    .option('--comm <path>', 'instead: ranks on one machine, as `dtrain bench comm --json` has measured it')
    .option('--ranks <list|range>', 'e.g. 8,24 or 2-64: powers of two (default: 2-4096, or as measured)', ranks)
    .option('--topology <name>', 'ring, tree, or rail: a card of its own for each rank of a host', 'ring')
    .option('--per-host <n>', 'ranks on a host', integer(1), 1)
    .option('--intra-link <bandwidth,latency>', 'within a host (default: as between hosts)', link)
    .option('--jitter <percent>', "standard deviation of a rank's time, e.g. 2% (default: the step's)", share)
    .option('--mtbf <time>', 'mean time between failures of a rank, e.g. 5000h (default: no failures)', time)
    .option('--checkpoint-every <time>', 'work between two checkpoints', time, 3600)
    .option('--checkpoint-cost <time>', 'what a checkpoint takes', time, 30)
    .option('--restart <time>', 'from a failure until the job works again', time, 300)
    .option('--steps <n>', 'how many are simulated', integer(1), 200)
    .option('--seed <n>', 'of jitter', integer(0), 0)
    .option('--plot <path>', 'draw efficiency over ranks into an .svg or .png file')
    .option('--json', 'print JSON instead')
    .allowExcessArguments(false)
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', examples)
  const result = (): CommandLine => {
    const { mtbf, checkpointEvery, checkpointCost, restart, json = false, ...given } = command.opts<Given>()
    const failures = mtbf === undefined ? undefined : { mtbf, interval: checkpointEvery, cost: checkpointCost, restart }
    return { kind: 'bench', options: { ...given, json, failures } }
  }
  return parsed(command, args, result, 'bench simulate: ')
}

const mostRanks = 65536
const thousands: Record<string, number> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 }
const times: Record<string, number> = {
  ...{ ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400 },
}

function link(text: string): Link {
  const [bandwidth, latency, ...more] = text.split(',').map(part => part.trim())
  const [, amount, unit, kind] = /^(\d+(?:\.\d+)?) ?([KMGT])(b|B)\/s$/.exec(bandwidth!) ?? []
  const seconds = latency === undefined ? undefined : duration(latency)
  if (!(Number(amount) > 0) || seconds === undefined || more.length > 0)
    throw new InvalidArgumentError('expected bandwidth and latency with units, such as 400Gb/s,5us or 50GB/s,5us')
  return { bandwidth: (Number(amount) * thousands[unit!]!) / (kind === 'b' ? 8 : 1), latency: seconds }
}

function duration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(ns|us|µs|ms|s|min|h|d)$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * times[unit!]!
}

function time(text: string): number {
  const seconds = duration(text)
  if (seconds === undefined) throw new InvalidArgumentError('expected a time with its unit, such as 30s, 20min or 5d')
  return seconds
}

function share(text: string): number {
  const [, amount] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? []
  if (amount === undefined || Number(amount) > 100) throw new InvalidArgumentError('expected percent, such as 2%')
  return Number(amount) / 100
}

function integer(least: number): (text: string) => number {
  return text => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text)
    throw new InvalidArgumentError(`expected an integer from ${least} to 999999999`)
  }
}

/** `8,24`, or `2-64`: both ends, and the powers of two between them. */
function ranks(text: string): number[] {
  const all = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last] = /^(\d+)(?:(?:-|\.\.|…)(\d+))?$/.exec(part.trim()) ?? []
    const from = Number(first)
    const to = Number(last ?? first)
    if (first === undefined || from < 1 || to < from || to > mostRanks)
      throw new InvalidArgumentError(`expected numbers from 1 to ${mostRanks}, such as 8,24 or 2-4096`)
    all.add(from).add(to)
    for (let power = 1; power < to; power *= 2) if (power > from) all.add(power)
  }
  return [...all].sort((a, b) => a - b)
}
