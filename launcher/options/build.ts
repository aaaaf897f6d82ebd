// The command line of `dtrain build`. A script of that name is started as ./build.
import { Command } from 'commander'
import { type CommandLine, parsed } from './options.ts'

export interface BuildOptions {
  emulate: boolean
}

const notes = `
Needs a C++20 compiler, CMake 3.20, Ninja or Make, OpenBLAS (its OpenMP build) and oneDNN; with nvcc and the headers
of NVIDIA's libraries (docs/gpus.md) the core has GPUs too. Environment variables: DTRAIN_CUDA, DTRAIN_CUDA_INCLUDE.
`

/** What stands behind `dtrain build`. */
export function parseBuild(argv: readonly string[]): CommandLine {
  const command = new Command('dtrain build')
    .description('Builds the native core from the sources in this package, where there is no package for the system.')
    .usage('[options]')
    .option('--emulate', 'also the core with emulated GPUs')
    .allowExcessArguments(false)
    .addHelpText('after', notes)
  return parsed(
    command,
    argv,
    () => ({ kind: 'build', options: { emulate: command.opts().emulate === true } }),
    'build: ',
  )
}
