// Ranks that die or hang, and a launcher that is told to stop: what always worked.
import type { Fault } from '../fault.ts'

const killed = (signal: string, code: number, first: RegExp): Fault => ({
  name: `SIG${signal} to a rank in an all-reduce`,
  run: `$D --nproc 2 reduce.ts & seen ready; fault; kill -${signal} $(rank 1); wait $!`,
  ...{ first, code, within: 3 },
})

export const endings: Fault[] = [
  killed('KILL', 137, /^dtrain: rank 1 was killed by SIGKILL/),
  killed('SEGV', 139, /^dtrain: rank 1 was killed by SIGSEGV: a crash in native code$/),
  killed('ABRT', 134, /^dtrain: rank 1 was killed by SIGABRT/),
  {
    name: 'TERM to the launcher',
    run: `$D --nproc 2 wait.ts & seen ready; fault; kill -TERM $!; wait $!`,
    ...{ first: 'dtrain: stopped by SIGTERM', code: 143, within: 2 },
  },
  {
    name: '| head -1',
    run: `$D --nproc 2 loud.ts | head -1; code=\${PIPESTATUS[0]}; fault; exit $code`,
    ...{ first: /^\[[01,]+\] line 0 \.+$/, code: 141, within: 3 },
  },
  {
    name: 'a rank that hangs: who, long before the limit',
    run: `$D --nproc 2 --timeout 60 hang.ts & job=$!; seen 'has waited'; fault; kill $job; wait $job`,
    first:
      /^dtrain: rank 0 has waited 10 s in allReduce #3 sum float32 \[2\]: no sign of rank 1 \(rank 1 was last in barrier #2\); the job fails after 60 s \(--timeout\)$/,
    ...{ code: 143, within: 2 },
  },
]
