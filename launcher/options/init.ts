// The command line of `dtrain init`. A script of that name is started as ./init.
import { Command } from 'commander'
import { type CommandLine, parsed } from './options.ts'

export interface InitOptions {
  folder: string
  name?: string
  yes: boolean
  force: boolean
}

const examples = `
Examples:
  $ dtrain init spiral        a new folder, with a training that runs as it is
  $ dtrain init --yes         in this folder, where dtrain has just been installed
`

/** What stands behind `dtrain init`. */
export function parseInit(argv: readonly string[]): CommandLine {
  const command = new Command('dtrain init')
    .description('Makes a project: package.json, tsconfig.json, README.md, and a small training that runs at once.')
    .usage('[folder] [options]')
    .argument('[folder]')
    .option('--name <name>', 'name of the package (default: that of the folder)')
    .option('--yes', 'ask nothing')
    .option('--force', 'also into a folder with other files; those of the same names are replaced')
    .allowExcessArguments(false)
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', examples)
  const result = (): CommandLine => {
    const given = command.opts<Partial<InitOptions>>()
    return { kind: 'init', options: { yes: false, force: false, ...given, folder: command.args[0] ?? '.' } }
  }
  return parsed(command, argv, result, 'init: ')
}
