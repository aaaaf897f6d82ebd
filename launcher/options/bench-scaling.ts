// The command line of `dtrain bench scaling`.
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { type CommandLine, parsed, UsageError } from './options.ts'

export interface ScalingOptions {
  script?: string | undefined
  workload?: string | undefined
  args: string[]
  ranks: number[]
  gpus: boolean
  emulate: boolean
  modes: ('weak' | 'strong')[]
  batchSize: number
  threads: number
  warmup: number
  windows: number
  steps?: number | undefined
  seconds: number
  timeout: number
  peer?: string | undefined
  python: string
  trace?: string | undefined
  plot?: string | undefined
  json: boolean
}

interface Given extends Omit<ScalingOptions, 'script' | 'args' | 'ranks' | 'gpus' | 'modes'> {
  nproc?: number[]
  gpus?: number[]
  weak?: boolean
  strong?: boolean
}

const mostRanks = 256

const examples = `
Workloads, by SGD: mlp (784-128-64-10), lenet, wide-mlp (1024-2048-2048-10)

Examples:
  $ dtrain bench scaling --workload lenet --nproc 1,2
  $ dtrain bench scaling --workload wide-mlp --nproc 1,2,4 --peer torch --python venv/bin/python --plot scaling.svg
  $ dtrain bench scaling --nproc 2 train.ts --epochs 3    train.ts marks its step: benchStep(() => …)
`

/** What stands behind `dtrain bench scaling`. */
export function parseScaling(argv: readonly string[]): CommandLine {
  const command = new Command('dtrain bench scaling')
    .description('Measures how a training step scales over ranks of this machine, and where its time goes.')
    .usage('[options] --workload <name> | <script> [script args...]')
    .argument('[script]')
    .argument('[args...]')
    .passThroughOptions()
    .option('--workload <name>', 'mlp, lenet or wide-mlp')
    .option('--nproc <list>', 'numbers of ranks on CPUs (default: powers of two up to the cores)', ranks)
    .option('--gpus <list>', 'numbers of ranks on GPUs, one each', ranks)
    .option('--emulate', 'emulate the GPUs: shows that it works, without times')
    .option('--weak', 'each rank has a batch of its own (default)')
    .option('--strong', 'the ranks share a batch')
    .option('--batch-size <n>', 'samples of a batch, for workloads and step factories', integer, 64)
    .option('--threads <n>', 'of a rank, of a single process, and of PyTorch', integer, 1)
    .option('--warmup <n>', 'steps that are not measured', integer, 10)
    .option('--windows <n>', 'how often a number of steps is timed', integer, 5)
    .option('--steps <n>', 'of a window, instead of --seconds', integer)
    .option('--seconds <s>', 'what a window takes', seconds, 0.5)
    .option('--timeout <s>', 'what a job may take', seconds, 300)
    .option('--peer <name>', 'measure the workload in PyTorch too, by DistributedDataParallel with Gloo: torch')
    .option('--python <path>', 'the Python that has PyTorch', 'python3')
    .option('--trace <dir>', 'keep the traces, a folder for each number of ranks')
    .option('--plot <path>', 'draw efficiency over ranks into an .svg or .png file')
    .option('--json', 'print JSON instead')
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', examples)
  const result = (): CommandLine => {
    const [script, ...args] = command.args
    const { nproc, gpus, weak, strong, emulate = false, json = false, ...given } = command.opts<Given>()
    if ((script === undefined) === (given.workload === undefined))
      throw new UsageError('give one of two: --workload mlp, lenet or wide-mlp, or a script that marks its step')
    if (script !== undefined && !statSync(script, { throwIfNoEntry: false })?.isFile())
      throw new UsageError(`script not found: ${script}`)
    if (nproc !== undefined && gpus !== undefined) throw new UsageError('--gpus and --nproc exclude each other')
    if (emulate && gpus === undefined) throw new UsageError('--emulate is for GPUs: add --gpus 1,2')
    if (given.warmup < 2) throw new UsageError('--warmup: expected at least 2 steps')
    const modes = [...(weak || !strong ? (['weak'] as const) : []), ...(strong ? (['strong'] as const) : [])]
    const onGpus = gpus !== undefined
    const options = { ...given, script, args, ranks: gpus ?? nproc ?? powers(), gpus: onGpus, emulate, modes, json }
    return { kind: 'scaling', options }
  }
  return parsed(command, argv, result, 'bench scaling: ')
}

/** 1, 2, 4, … up to the number of cores. */
function powers(): number[] {
  const all = [1]
  while (2 * all.at(-1)! <= availableParallelism()) all.push(2 * all.at(-1)!)
  return all
}

function ranks(text: string): number[] {
  const numbers = text.split(',').map(part => (/^\d{1,3}$/.test(part.trim()) ? Number(part) : 0))
  if (numbers.some(n => n < 1 || n > mostRanks))
    throw new InvalidArgumentError(`expected numbers of ranks from 1 to ${mostRanks}, such as 1,2,4`)
  return [...new Set(numbers)].sort((a, b) => a - b)
}

function integer(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected an integer from 1 to 9999999')
}

function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0 && Number(text) <= 1e6) return Number(text)
  throw new InvalidArgumentError('expected a number of seconds up to 1000000')
}
