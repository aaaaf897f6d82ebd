// The command line of `dtrain bench comm`.
import { Command, InvalidArgumentError } from 'commander'
import { type CommandLine, parsed, UsageError } from './options.ts'

export interface CommOptions {
  device: 'cpu' | 'cuda'
  emulate: boolean
  /** In bytes. */
  sizes: number[]
  ranks: number[]
  rounds: number
  python?: string | undefined
  plot?: string | undefined
  json: boolean
}

interface Given {
  nproc?: number[]
  gpus?: number[]
  emulate?: boolean
  sizes: number[]
  rounds: number
  peer?: string
  python?: string
  plot?: string
  json?: boolean
}

const examples = `
Examples:
  $ dtrain bench comm                                            2 and 4 ranks on CPUs, 1 KiB to 64 MiB
  $ dtrain bench comm --peer torch --python python3 --plot comm.svg
  $ dtrain bench comm --json > comm.json
  $ dtrain --trace traces --omp-threads 1 train.ts
  $ dtrain bench simulate --step traces --comm comm.json
`

/** What stands behind `dtrain bench comm`. */
export function parseComm(args: readonly string[]): CommandLine {
  const command = new Command('dtrain bench comm')
    .description('Measures every collective by size and number of ranks, beside the floor of the machine.')
    .usage('[options]')
    .option('--nproc <list>', 'numbers of ranks on CPUs (default: 2,4)', ranks)
    .option('--gpus <list>', 'numbers of ranks on GPUs instead, e.g. 2,4,8', ranks)
    .option('--emulate', 'emulate the GPUs on the CPU: every collective runs, without times')
    .option(
      '--sizes <list|range>',
      'e.g. 4KiB,1MiB or 1KiB-64MiB: every fourth power of two',
      sizes,
      sizes('1KiB-64MiB'),
    )
    .option('--rounds <n>', 'how often everything is measured, in turn', positive, 3)
    .option('--peer <name>', 'measure torch.distributed beside: torch; Gloo on CPUs, NCCL on GPUs')
    .option('--python <path>', 'the interpreter that has PyTorch')
    .option('--plot <path>', 'draw microseconds over bytes into an .svg or .png file')
    .option('--json', 'print JSON instead, which `dtrain bench simulate --comm` reads')
    .allowExcessArguments(false)
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', examples)
  const result = (): CommandLine => {
    const { nproc, gpus, emulate = false, peer, python, json = false, ...given } = command.opts<Given>()
    if (gpus !== undefined && nproc !== undefined) throw new UsageError('--gpus and --nproc exclude each other')
    if (emulate && gpus === undefined) throw new UsageError('--emulate is for GPUs: type --gpus 2 --emulate')
    if (peer !== undefined && peer !== 'torch') throw new UsageError(`--peer '${peer}': unknown; there is torch`)
    if ((peer === undefined) !== (python === undefined))
      throw new UsageError('--peer torch and --python <path> go together: PyTorch runs in that interpreter')
    if (peer !== undefined && emulate) throw new UsageError('--peer torch: PyTorch sees no emulated GPU')
    if (given.plot !== undefined && emulate) throw new UsageError('--plot: emulated GPUs have no times to draw')
    const device = gpus === undefined ? 'cpu' : 'cuda'
    const options = { ...given, device, emulate, ranks: gpus ?? nproc ?? [2, 4], python, json } as const
    return { kind: 'comm', options }
  }
  return parsed(command, args, result, 'bench comm: ')
}

/** As the control segment has slots (launcher/options/options.ts). */
const mostRanks = 256
const most = 2 ** 32

function ranks(text: string): number[] {
  const all = text.split(',').map(part => (/^\s*\d+\s*$/.test(part) ? Number(part) : 0))
  if (all.some(n => n < 2 || n > mostRanks))
    throw new InvalidArgumentError(
      `expected numbers of ranks from 2 to ${mostRanks}, such as 2,4: one rank sends nothing`,
    )
  return [...new Set(all)].sort((a, b) => a - b)
}

function positive(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('expected a number from 1 to 999')
}

const units: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, KB: 1e3, MB: 1e6, GB: 1e9 }

/** `4KiB,1MiB`, or `1KiB-64MiB`: both ends, and between them four times as much each time. */
function sizes(text: string): number[] {
  const all = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last = first, ...more] = part.split(/-|\.\.|…/).map(size)
    if (more.length > 0 || first! > last!) size('')
    for (let bytes = first!; bytes < last!; bytes *= 4) all.add(bytes)
    all.add(last!)
  }
  return [...all].sort((a, b) => a - b)
}

function size(text: string): number {
  const [, amount, unit] = /^(\d+) ?([KMG]i?B|B)$/.exec(text.trim()) ?? []
  const bytes = Number(amount) * units[unit!]!
  if (bytes >= 4 && bytes <= most) return bytes
  throw new InvalidArgumentError('expected sizes from 4B to 4GiB with units, such as 4KiB,1MiB or 1KiB-64MiB')
}
