#!/usr/bin/env node
// The `dtrain` command. Parses the command line and hands over to launch.ts, which is imported late: `--help` and a
// mistyped flag answer without loading esbuild or ZeroMQ.
import { parseCommandLine } from './options.ts'

async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2))
  switch (command.kind) {
    case 'print':
      process.stdout.write(command.text)
      return 0
    case 'usage':
      process.stderr.write(`dtrain: ${command.message}\n`)
      return 2
    case 'run': {
      const { launch } = await import('./launch.ts')
      return launch(command.options)
    }
  }
}

const flushed = (stream: NodeJS.WriteStream) => new Promise(resolve => stream.write('', resolve))

const code = await main()
// A pipe takes output asynchronously, and process.exit drops what is still queued.
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit(code)
