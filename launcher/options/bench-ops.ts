// The command line of `dtrain bench ops`.
import { Command, InvalidArgumentError } from 'commander'
import { type CommandLine, parsed, UsageError } from './options.ts'

/** What there is, and the script in bench/ that measures it. */
const scripts = { matmul: 'gemm', conv: 'conv', losses: 'losses', overhead: 'overhead', step: 'step' } as const
type Name = keyof typeof scripts
const names = Object.keys(scripts) as Name[]

export interface OpsOptions {
  /** Names of scripts in bench/. */
  scripts: string[]
  python?: string | undefined
  ompThreads?: number | undefined
}

const examples = `
Names: matmul; conv: by number of threads; losses; overhead: of tensors of one element; step: of LeNet and an MLP

Examples:
  $ dtrain bench ops overhead
  $ dtrain bench ops matmul step --python python3 --omp-threads 1
`

/** What stands behind `dtrain bench ops`. */
export function parseOps(args: readonly string[]): CommandLine {
  const command = new Command('dtrain bench ops')
    .description('Measures ops, and steps of training, on the CPU of this machine.')
    .usage('[names...] [options]')
    .argument('[names...]')
    .option('--python <path>', 'an interpreter that has PyTorch, which does the same in turn')
    .option('--omp-threads <n>', 'threads of both (default: OMP_NUM_THREADS or one per core)', threads)
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', examples)
  const result = (): CommandLine => {
    const wanted = command.args.length > 0 ? command.args : names
    const unknown = wanted.find(name => !names.includes(name as Name))
    if (unknown !== undefined) throw new UsageError(`unknown name '${unknown}'; there are ${names.join(', ')}`)
    return { kind: 'ops', options: { ...command.opts(), scripts: wanted.map(name => scripts[name as Name]) } }
  }
  return parsed(command, args, result, 'bench ops: ')
}

function threads(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('expected a positive integer')
}
