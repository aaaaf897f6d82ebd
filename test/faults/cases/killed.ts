// The launcher and its guard are killed together, which leaves nobody but the ranks to end the job.
import type { Fault } from '../fault.ts'

const together = (name: string, program: string, before = ''): Fault => ({
  name: `kill -9 of launcher and guard at once: ${name}`,
  run: `$D --nproc 2 ${program} & job=$!; seen ready; guard=$(guard $job); ${before} fault
    kill -9 $guard $job; wait $job`,
  ...{ first: '[0,1] ready', code: 137, within: 2 },
})

export const killed: Fault[] = [
  { ...together('busy ranks without the library, their children', 'plain.ts'), first: '[0] ready' },
  together('ranks in a collective, their children', 'reduce.ts children'),
  together('ranks that idle', 'wait.ts'),
  together('stopped ranks', 'wait.ts', 'kill -STOP $(rank 0) $(rank 1); sleep 0.2;'),
  {
    ...together('stopped children too', 'plain.ts', 'kill -STOP $(pgrep -P $(rank 0)) $(rank 0);'),
    first: '[0] ready',
  },
  {
    name: 'kill -9 of the launcher alone',
    run: `$D --nproc 2 plain.ts & job=$!; seen ready; fault; kill -9 $job; wait $job`,
    ...{ first: '[0] ready', code: 137, within: 2 },
  },
]
