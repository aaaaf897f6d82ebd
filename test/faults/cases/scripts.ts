// Where scripts and command lines are not what they seem.
import type { Fault } from '../fault.ts'

const quick = { code: 0, within: 10 }

export const scripts: Fault[] = [
  {
    name: "import('./' + name + '.ts') beside a broken file",
    run: `mkdir models; echo 'export default 4' >models/good.ts; cp broken.txt models/broken.ts
      echo "const name: string = 'good'; console.log((await import('./models/' + name + '.ts')).default)" >a.ts; $D a.ts`,
    ...{ first: '4', ...quick },
  },
  {
    name: 'import(variable) in a file of another folder',
    run: `mkdir -p lib/deep; echo 'export default import.meta.url' >lib/near.ts
      echo 'export const load = async (name: string) => (await import(name)).default' >lib/deep/load.ts
      echo "import { load } from './lib/deep/load.ts'; console.log(await load('../near.ts'))" >a.ts; $D a.ts`,
    ...{ first: /^file:\/\/.*\/work\/lib\/near\.ts$/, ...quick },
  },
  {
    name: 'require(variable) of a broken file: the error of that call',
    run: `cp broken.txt broken.cts; echo "const name: string = './broken.cts'
try { require(name) } catch (error) { console.log(error.name) }" >a.cts; $D a.cts`,
    ...{ first: 'SyntaxError', ...quick },
  },
  ...['--version', '--help', 'monitor --help', 'bench simulate --help', 'tune status nowhere', '--nprc'].map(
    (flag): Fault => ({
      name: `${flag} >/dev/full 2>&1`,
      run: `$D ${flag} >/dev/full 2>&1`,
      ...{ first: '', code: 1, within: 10 },
    }),
  ),
  {
    name: '--version >/dev/full',
    run: '$D --version >/dev/full',
    ...{ first: 'dtrain: cannot write to stdout: ENOSPC: no space left on device, write', code: 1, within: 10 },
  },
  {
    name: 'monitor --once >/dev/full',
    run: '$D monitor --once >/dev/full',
    ...{ first: 'dtrain: cannot write to stdout: ENOSPC: no space left on device, write', code: 1, within: 10 },
  },
  {
    name: '--help >&- 2>&-',
    run: '$D --help >&- 2>&-',
    ...{ first: '', code: 0, within: 10 },
  },
  {
    name: 'one.ts >&-',
    run: '$D --nproc 2 steps.ts >&- </dev/null',
    ...{ first: '', code: 0, within: 10 },
  },
  ...['steps.ts', '$OLDPWD/steps.ts', '--trace x $OLDPWD/steps.ts'].map(
    (args): Fault => ({
      name: `${args} in a folder that was deleted`,
      run: `mkdir gone; cd gone; rmdir ../gone; $D ${args}`,
      ...{ first: 'dtrain: the current directory has been deleted; cd to one that exists', code: 2, within: 10 },
    }),
  ),
  ...['--version', '--help', 'monitor --once'].map(
    (args): Fault => ({
      name: `${args} in a folder that was deleted`,
      run: `mkdir gone; cd gone; rmdir ../gone; $D ${args}`,
      ...{ first: /^(\d|Usage: dtrain)/, ...quick },
    }),
  ),
  {
    name: 'a script by its URL',
    run: '$D file://$PWD/steps.ts --x',
    ...{ first: 'trained', ...quick },
  },
  {
    name: 'a script by the URL of nothing',
    run: '$D file://$PWD/nothing.ts',
    ...{ first: /^dtrain: script not found: file:\/\/.*nothing\.ts$/, code: 2, within: 10 },
  },
  {
    name: 'flags behind the script',
    run: '$D steps.ts --nproc 2 --log-dir=logs',
    ...{
      first:
        'dtrain: --nproc and --log-dir stand after the script, so they belong to the script; flags of dtrain stand before it',
      ...quick,
    },
  },
]
