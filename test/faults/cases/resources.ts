// What runs out: descriptors, temporary folders. A training that does not need it goes on; else one sentence says what
// ran out, how much of it there is, and what to type.
import type { Fault } from '../fault.ts'

const descriptors = (limit: number, ranks: number): Fault => ({
  name: `ulimit -n ${limit}, ${ranks} ranks`,
  run: `ulimit -n ${limit}; $D --nproc ${ranks} steps.ts`,
  first: /^dtrain: .*ulimit -n \d+/,
  ...{ code: 1, within: 20 },
})

export const resources: Fault[] = [
  ...[24, 28, 32, 36].map(limit => descriptors(limit, 2)),
  descriptors(64, 16),
  {
    name: 'ulimit -n 40, 2 ranks: enough',
    run: `ulimit -n 40; $D --nproc 2 steps.ts`,
    ...{ first: '[0,1] trained', code: 0, within: 10 },
  },
  {
    name: 'ulimit -n 80, 16 ranks: enough',
    run: `ulimit -n 80; $D --nproc 16 steps.ts`,
    ...{ first: '[0-15] trained', code: 0, within: 40, alone: true },
  },
  {
    name: 'ulimit -S -n 64, 16 ranks: the limit can be raised',
    run: `ulimit -S -n 64; $D --nproc 16 steps.ts`,
    ...{ first: '[0-15] trained', code: 0, within: 40, alone: true },
  },
  {
    name: 'a script that opens too many files',
    run: `ulimit -n 64; echo "import { openSync } from 'node:fs'; for (;;) openSync('/dev/null')" >a.ts; $D --nproc 2 a.ts`,
    first: /^dtrain: rank \d failed: Error: EMFILE: too many open files, open '\/dev\/null'$/,
    also: [/^dtrain: rank \d: at most 64 files may be open at a time; type ulimit -n 4096/m],
    ...{ code: 1, within: 10 },
  },
  {
    name: 'a temporary folder that cannot be written to, and no /dev/shm',
    needs: ['unshare -rm true', 'no namespaces for users here'],
    run: `unshare -rm bash -c "mount -t tmpfs -o size=1k,ro tmpfs /dev/shm; mount -t tmpfs -o ro tmpfs $TMPDIR; $D --nproc 2 steps.ts"`,
    ...{ first: /^dtrain: /, code: 1, within: 10 },
  },
]
