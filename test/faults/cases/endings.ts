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
  ...Object.entries({ USR2: 140, ALRM: 142, XCPU: 152, SEGV: 139 }).map(
    ([signal, code]): Fault => ({
      name: `SIG${signal} to the launcher`,
      run: `$D --nproc 2 reduce.ts children & seen ready; fault; kill -${signal} $!; wait $!`,
      ...{ first: '[0,1] ready', code, within: 2 },
    }),
  ),
  ...['TERM', 'KILL'].map(
    (signal): Fault => ({
      name: `${signal} to the launcher at twelve moments of its start`,
      run: `for at in 0.0{3,6} 0.{1,2,3,4}{0,5}; do
        $D --nproc 2 reduce.ts children & sleep $at; kill -${signal} $!; wait $! || last=$?; done; fault; exit $last`,
      ...{ first: /^(dtrain: stopped by SIGTERM|\[0,1\] ready|)$/, code: signal === 'KILL' ? 137 : 143, within: 2 },
    }),
  ),
  {
    name: 'kill -9 of the guard alone: the job goes on',
    run: `$D --nproc 2 later.ts & job=$!; seen ready; kill -9 $(guard $job); sleep 0.3; fault; touch go; wait $job`,
    ...{ first: /^\[[01,]+\] ready$/, code: 0, within: 2 },
  },
  {
    name: 'SIGSTOP to a rank, and later SIGCONT',
    run: `$D --nproc 2 later.ts & job=$!; seen ready; kill -STOP $(rank 1); sleep 1; kill -CONT $(rank 1); fault
      touch go; wait $job`,
    ...{ first: /^\[[01,]+\] ready$/, code: 0, within: 2 },
  },
  {
    name: 'SIGSTOP to a rank, until the time limit',
    run: `$D --nproc 2 --timeout 2 reduce.ts & seen ready; fault; kill -STOP $(rank 1); wait $!`,
    first: /^dtrain: rank 1 made rank 0 fail: DistributedError: .*timed out after 2 s: no sign of rank 1/,
    ...{ code: 1, within: 5 },
  },
  {
    name: 'Ctrl-Z, bg, fg, Ctrl-C in a terminal',
    run: `mkfifo keys; sleep 60 >keys & keys=$!
      script -qefac 'bash --norc -i' $home/out <keys >/dev/null & terminal=$!
      echo '$D --nproc 2 wait.ts' >keys; seen '[0,1] ready'; printf '\\x1a' >keys; seen Stopped
      echo bg >keys; sleep 0.3; echo fg >keys; sleep 0.5; fault; printf '\\x03' >keys; seen 'stopped by SIGINT'
      echo 'echo "code $?"; exit' >keys; seen 'code 130'; wait $terminal; kill $keys; exit 0`,
    ...{ first: /^Script started/, code: 0, within: 3 },
  },
  {
    name: 'a job in a rank of a job, and TERM',
    run: `echo "import { execFileSync } from 'node:child_process'
execFileSync(process.execPath, ['$root/dist/launcher/cli.js', '--nproc', '2', 'wait.ts'], { stdio: 'inherit' })" >nest.ts
      $D nest.ts & job=$!; seen ready; fault; kill $job; wait $job`,
    ...{ first: 'dtrain: stopped by SIGTERM', code: 143, within: 3 },
  },
  {
    name: 'a fork and a worker thread that never end, and an end by process.exit',
    run: `echo "import { fork } from 'node:child_process'; import { Worker } from 'node:worker_threads'
if (process.argv[2] === 'child') setInterval(() => {}, 1000)
else { fork(import.meta.filename, ['child']); new Worker('for (;;);', { eval: true }); setTimeout(() => process.exit(3), 500) }
" >a.ts; $D --nproc 2 a.ts`,
    ...{ first: /^dtrain: rank \d exited with code 3$/, code: 3, within: 6 },
  },
  {
    name: '24 ranks',
    run: '$D --nproc 24 steps.ts',
    ...{ first: '[0-23] trained', code: 0, within: 30, alone: true },
  },
  {
    name: 'an odd folder, no HOME, a TMPDIR that does not exist',
    run: `odd=$'a b#c%20?\\n\\'"ü'; mkdir "$odd"; cp steps.ts "$odd/é 1.ts"
      env -u HOME TMPDIR=$TMPDIR/none $D --nproc 2 "$odd/é 1.ts"`,
    ...{ first: '[0,1] trained', code: 0, within: 10 },
  },
]
