// The command line of `dtrain monitor`. A script of that name is started as ./monitor.
import { Command, InvalidArgumentError } from 'commander'
import { type CommandLine, parsed } from './options.ts'

export interface MonitorOptions {
  /** Seconds between two samples. */
  interval: number
  once: boolean
  json: boolean
  emulate: boolean
}

const examples = `
Examples:
  $ dtrain monitor                        a live table; Ctrl-C ends it
  $ dtrain monitor --json > usage.jsonl   a line of JSON each second
`

/** What stands behind `dtrain monitor`. */
export function parseMonitor(argv: readonly string[]): CommandLine {
  const command = new Command('dtrain monitor')
    .description('Shows the GPUs, the machine, and the ranks of all jobs that run on it.')
    .usage('[options]')
    .option('--interval <seconds>', 'time between two samples', interval, 1)
    .option('--once', 'one table; so it is into a file or a pipe')
    .option('--json', 'a line of JSON for each sample instead')
    .option('--emulate', 'show the emulated GPUs of `dtrain --emulate`')
    .allowExcessArguments(false)
    .addHelpText('after', examples)
  const result = (): CommandLine => {
    const given = command.opts<Partial<MonitorOptions> & { interval: number }>()
    const emulate = process.env.DTRAIN_EMULATE === '1'
    return { kind: 'monitor', options: { once: false, json: false, emulate, ...given } }
  }
  return parsed(command, argv, result, 'monitor: ')
}

function interval(text: string): number {
  const value = Number(text)
  if (!/^[\d.]+$/.test(text) || !(value >= 0.1 && value <= 1e6))
    throw new InvalidArgumentError('expected seconds from 0.1 to 1000000')
  return value
}
