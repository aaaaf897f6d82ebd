// The `dtrain` command. Parses the command line and hands over to launch.ts, which is imported late: `--help` and a
// mistyped flag answer without loading esbuild.
import { UnsupportedError } from '../src/errors.ts'
import type { MonitorOptions } from './options/monitor.ts'
import { type CommandLine, parseCommandLine } from './options/options.ts'
import { type Channel, Screen } from './output/screen.ts'
import { surviveLostTerminals } from './output/terminals.ts'
import { buildEmulated } from './ranks/emulated-addon.ts'
import { tooFewFiles } from './ranks/files.ts'
import { signalCode } from './ranks/verdict.ts'

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2)
  if (name === 'tune') {
    // It draws, so it loads the library.
    const { tune } = await import('../src/tune/command.ts')
    const { text, code } = await tune(args)
    return print(code === 0 ? 'stdout' : 'stderr', text, code)
  }
  const command = await parse(name, args)
  switch (command.kind) {
    case 'print':
      return print('stdout', command.text, 0)
    case 'usage':
      return print('stderr', `dtrain: ${command.message}\n`, 2)
    case 'run': {
      const { nproc, logDir, emulate } = command.options
      const problem = tooFewFiles(nproc, logDir === undefined ? 0 : nproc) ?? (emulate ? buildEmulated() : undefined)
      if (problem !== undefined) return print('stderr', `dtrain: ${problem}\n`, 1)
      const { launch } = await import('./launch.ts')
      return launch(command.options)
    }
    case 'monitor':
      return watch(command.options)
    case 'ops': {
      const { ops } = await import('../src/bench/ops.ts')
      return ops(command.options)
    }
    case 'comm': {
      const problem = command.options.emulate ? buildEmulated() : undefined
      if (problem !== undefined) return print('stderr', `dtrain: ${problem}\n`, 1)
      const { commCommand } = await import('../src/bench/comm/command.ts')
      const { text, code } = await commCommand(command.options)
      return print(code === 0 ? 'stdout' : 'stderr', text, code)
    }
    case 'bench': {
      const { simulateCommand } = await import('../src/bench/command.ts')
      const { text, code } = await simulateCommand(command.options)
      return print(code === 0 ? 'stdout' : 'stderr', text, code)
    }
    case 'build': {
      const { buildAddon } = await import('./ranks/build-addon.ts')
      const problem = buildAddon(command.options)
      return problem === undefined ? 0 : print('stderr', `dtrain: build: ${problem}\n`, 1)
    }
    case 'init': {
      const { init } = await import('./init/init.ts')
      const { text, code } = await init(command.options)
      return print(code === 0 ? 'stdout' : 'stderr', text, code)
    }
    case 'scaling': {
      const problem = command.options.emulate ? buildEmulated() : undefined
      if (problem !== undefined) return print('stderr', `dtrain: ${problem}\n`, 1)
      const { scalingCommand } = await import('../src/bench/scaling/command.ts')
      const { text, code } = await scalingCommand(command.options, progress)
      return print(code === 0 ? 'stdout' : 'stderr', text, code)
    }
  }
}

/** What takes its time, for a person who waits. */
function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`dtrain: measuring ${what} …\n`)
}

async function parse(name: string | undefined, args: string[]): Promise<CommandLine> {
  if (name === 'init') return (await import('./options/init.ts')).parseInit(args)
  if (name === 'monitor') return (await import('./options/monitor.ts')).parseMonitor(args)
  if (name === 'build') return (await import('./options/build.ts')).parseBuild(args)
  if (name === 'bench') return (await import('./options/bench.ts')).parseBench(args)
  return parseCommandLine(process.argv.slice(2))
}

async function watch(options: MonitorOptions): Promise<number> {
  const problem = options.emulate ? buildEmulated() : undefined
  if (problem !== undefined) return print('stderr', `dtrain: ${problem}\n`, 1)
  if (options.emulate) process.env.DTRAIN_EMULATE = '1'
  try {
    const { monitor } = await import('./monitor/monitor.ts')
    return await monitor(options)
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error
    return print('stderr', `${error.message}\n`, 1)
  }
}

async function print(channel: Channel, text: string, code: number): Promise<number> {
  let lost = false
  const screen = new Screen(process, () => {
    lost = true
  })
  screen.print(channel, Buffer.from(text).toString('latin1'))
  await screen.flushed()
  if (!lost) return code
  if (screen.failure === undefined) return signalCode('SIGPIPE')
  screen.print('stderr', `dtrain: ${screen.failure}\n`)
  return 1
}

surviveLostTerminals()
process.exit(await main())
