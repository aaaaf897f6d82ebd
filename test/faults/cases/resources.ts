// What runs out: descriptors, temporary folders. A training that does not need it goes on; else one sentence says what ran
// out, how much of it there is, and what to type.
import type { Fault } from '../fault.ts'

const descriptors = (limit: number, ranks: number): Fault => ({
  name: `ulimit -n ${limit}, ${ranks} ranks`,
  run: `ulimit -n ${limit}; $D --nproc ${ranks} steps.ts`,
  first: /^dtrain: .*ulimit -n \d+/,
  ...{ code: 1, within: 20 },
})

export const resources: Fault[] = [
  descriptors(16, 2),
  descriptors(32, 2),
  descriptors(40, 2),
  descriptors(48, 2),
  descriptors(64, 16),
  descriptors(96, 16),
  {
    name: 'ulimit -S -n 64, 16 ranks: the limit can be raised',
    run: `ulimit -S -n 64; $D --nproc 16 steps.ts`,
    ...{ first: '[0-15] trained', code: 0, within: 40, alone: true },
  },
  {
    name: '320 connections of strangers under ulimit -n 256: the training goes on',
    run: `(ulimit -n 256; exec $D --nproc 2 later.ts) >/dev/null & job=$!; while [ -z "$(rank 1)" ]; do sleep 0.1; done
      port=$(tr '\\0' '\\n' <"/proc/$(rank 0)/environ" | sed -n 's/^MASTER_PORT=//p')
      bash -c "ulimit -n 1024; exec node strangers.mjs $port 320" & strangers=$!; seen connected; fault; touch go; wait $job
      code=$?; kill $strangers; exit $code`,
    ...{ first: 'connected', code: 0, within: 3 },
  },
  {
    name: 'a temporary folder that cannot be written to, and no /dev/shm',
    needs: ['unshare -rm true', 'no namespaces for users here'],
    run: `unshare -rm bash -c "mount -t tmpfs -o size=1k,ro tmpfs /dev/shm; mount -t tmpfs -o ro tmpfs $TMPDIR; $D --nproc 2 steps.ts"`,
    ...{ first: /^dtrain: /, code: 1, within: 10 },
  },
]
