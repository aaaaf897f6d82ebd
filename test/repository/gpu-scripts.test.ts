// The scripts for machines with GPUs refuse a wrong command line with one sentence, before they build or run anything.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { root } from '../support/run-dtrain.ts'

const cases: [script: string, args: string[], says: string][] = [
  ['gpu/run.sh', ['--bogus'], 'run.sh: unknown option --bogus; --help lists them'],
  ['gpu/run.sh', ['--only'], 'run.sh: --only wants a value; --help says which'],
  ['gpu/run.sh', ['--only', 'bench', '--only', 'x'], "run.sh: --only wants native, suites, ranks or bench, got 'x'"],
  ['gpu/run.sh', ['--minutes', '0'], "run.sh: --minutes wants a whole number, got '0'"],
  ['gpu/run.sh', ['--python', 'no-python'], "run.sh: --python: there is no program 'no-python'"],
  ['gpu-bundle.sh', ['--bogus'], 'gpu-bundle.sh: unknown option --bogus; --help lists them'],
  ['gpu-bundle.sh', ['--archs'], 'gpu-bundle.sh: --archs wants a value; --help says which'],
  ['gpu-bundle.sh', ['--add-library'], 'gpu-bundle.sh: --add-library wants a value; --help says which'],
  ['gpu-bundle.sh', ['--add-library', '/no/file'], "gpu-bundle.sh: --add-library: there is no file '/no/file'"],
]

test.each(cases)('%s %j', (script, args, says) => {
  // A script that went on would be ended, with another status.
  const run = spawnSync('bash', [`scripts/${script}`, ...args], { cwd: root, encoding: 'utf8', timeout: 5000 })
  expect({ status: run.status, stdout: run.stdout, stderr: run.stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: `${says}\n`,
  })
})
