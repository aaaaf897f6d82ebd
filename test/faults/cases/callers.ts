// Whoever starts or wraps the launcher (npm, nohup, a shell, a terminal that goes away, a reader that does not read):
// the job ends when it is told to, and lives when it is told to.
import type { Fault } from '../fault.ts'

const npx = (signal: string): Fault => ({
  name: `npx dtrain … & kill -${signal} $!`,
  run: `npx dtrain --nproc 2 wait.ts & npx=$!; seen ready; at=$(launcher); fault; kill -${signal} $npx
    wait $npx; exit $?`,
  first: 'dtrain: npm, which started the job, has ended, so the job is stopped',
  code: 128 + { TERM: 15, HUP: 1, QUIT: 3, KILL: 9 }[signal]!,
  within: 3,
})

/** A terminal with a shell in it, which goes away like a lost connection. */
const terminal = (lines: string) => `mkfifo keys; sleep 60 >keys & keys=$!
  script -qefac 'bash --norc -i' $home/out <keys >/dev/null & terminal=$!
  cat >keys <<'END'
${lines}
END
`

export const callers: Fault[] = [
  ...['TERM', 'HUP', 'QUIT', 'KILL'].map(npx),
  {
    name: 'npm run, TERM to it',
    run: `echo '{ "type": "module", "scripts": { "train": "dtrain --nproc 2 wait.ts" } }' >package.json
      npm run train & npm=$!; seen ready; fault; kill $npm; wait $npm`,
    ...{ first: 'dtrain: npm, which started the job, has ended, so the job is stopped', code: 143, within: 3 },
  },
  {
    name: 'a job in the background, whose shell ends, lives',
    run: `bash -c "$D --nproc 2 wait.ts & sleep 0.1"; seen ready; sleep 1.5; at=$(launcher)
      [ -n "$at" ] && fault && kill $at`,
    ...{ first: 'dtrain: stopped by SIGTERM', code: 0, within: 2 },
  },
  {
    name: 'nohup npx dtrain … &, and the connection is lost: the job lives',
    run: `${terminal('nohup npx dtrain --nproc 2 wait.ts >>$home/out 2>>$home/err &')}
      seen ready; at=$(launcher); kill -9 $terminal; sleep 2; kill $keys; echo lives >&2; [ -d /proc/$at ] || exit 1
      fault; kill $at`,
    ...{ first: 'nohup: ignoring input', also: [/^lives\ndtrain: stopped by SIGTERM$/m], code: 0, within: 2 },
  },
  {
    name: 'nohup dtrain …, and HUP to launcher and ranks: the job lives',
    run: `nohup $D --nproc 2 wait.ts & job=$!; seen ready; kill -HUP $job $(rank 0) $(rank 1); sleep 1
      fault; kill $job; wait $job`,
    ...{ first: 'dtrain: stopped by SIGTERM', code: 143, within: 2 },
  },
  {
    name: 'a shell that ignores INT: the job lives',
    run: `trap '' INT; $D --nproc 2 wait.ts & job=$!; seen ready; kill -INT $job; sleep 1; fault; kill $job; wait $job`,
    ...{ first: 'dtrain: stopped by SIGTERM', code: 143, within: 2 },
  },
  {
    name: 'the terminal goes away: the script saves first',
    run: `${terminal('bash -c "trap : HUP; $D --nproc 2 save.ts; echo \\$? >code"')}
      seen ready; at=$(launcher); fault; kill -9 $terminal; while [ -d /proc/$at ]; do sleep 0.05; done; kill $keys
      cat saved-0 saved-1 >&2; sleep 0.2; exit $(cat code)`,
    ...{ first: 'SIGHUPSIGHUP', code: 129, within: 4 },
  },
  {
    name: 'the terminal of a job that ignores HUP goes away: it trains to its end',
    run: `${terminal(`bash -c "trap '' HUP; $D later.ts; echo \\$? >code"`)}
      seen ready; at=$(launcher); kill -9 $terminal; sleep 0.5; [ -d /proc/$at ] || exit 99; fault; touch go
      while [ -d /proc/$at ]; do sleep 0.05; done; kill $keys; sleep 0.2; echo "ended with $(cat code)" >&2`,
    ...{ first: 'ended with 0', code: 0, within: 2 },
  },
  {
    name: 'timeout, which sends TERM twice: the script saves first',
    run: `timeout 3 $D --nproc 2 save.ts; code=$?; cat saved-0 saved-1 >&2; exit $code`,
    ...{ first: 'dtrain: stopped by SIGTERM', also: [/SIGTERMSIGTERM/], code: 124, within: 7 },
  },
  {
    name: 'Ctrl-C once: the script saves first',
    run: `$D --nproc 2 save.ts & seen ready; fault; kill -INT $!; wait $!; code=$?; cat saved-*; exit $code`,
    ...{ first: 'dtrain: stopped by SIGINT', also: [/SIGINTSIGINT/], code: 130, within: 3 },
  },
  {
    name: 'Ctrl-C twice: at once',
    run: `$D --nproc 2 save.ts & seen ready; fault; kill -INT $!; sleep 0.5; kill -INT $!; wait $!`,
    ...{ first: 'dtrain: stopped by SIGINT', code: 130, within: 1.4 },
  },
  {
    name: 'a reader that does not read, TERM',
    run: `mkfifo pipe; sleep 60 <pipe & reader=$!; $D --nproc 2 --grace 1 loud.ts >pipe & job=$!
      while [ -z "$(rank 1)" ]; do sleep 0.1; done; sleep 1.5; fault; kill $job; wait $job; code=$?
      kill $reader; exit $code`,
    ...{ first: 'dtrain: stopped by SIGTERM', code: 143, within: 2.5 },
  },
  {
    name: 'a reader that does not read, and a script that prints and saves',
    run: `mkfifo pipe; sleep 60 <pipe & reader=$!; $D --nproc 2 save.ts chatty >pipe & job=$!
      while [ -z "$(rank 1)" ]; do sleep 0.1; done; sleep 1.5; fault; kill $job; wait $job; code=$?
      kill $reader; cat saved-0 saved-1 >&2; exit $code`,
    ...{ first: 'dtrain: stopped by SIGTERM', also: [/SIGTERMSIGTERM/], code: 143, within: 6.5 },
  },
  {
    name: 'a reader that does not read either stream, Ctrl-C twice',
    run: `mkfifo pipe; sleep 60 <pipe & reader=$!; $D --nproc 2 loud.ts >pipe 2>&1 & job=$!
      while [ -z "$(rank 1)" ]; do sleep 0.1; done; sleep 1.5; fault; kill -INT $job; sleep 0.5; kill -INT $job; wait $job
      code=$?; kill $reader; exit $code`,
    ...{ first: '', code: 130, within: 1.5 },
  },
  {
    name: 'a terminal stopped by Ctrl-S, TERM',
    run: `mkfifo keys; sleep 60 >keys & keys=$!
      script -qefc "$D --nproc 2 --grace 1 loud.ts" /dev/null <keys >/dev/null & terminal=$!
      while [ -z "$(rank 1)" ]; do sleep 0.1; done; sleep 1; at=$(launcher); printf '\\x13' >keys; sleep 1
      fault; kill $at; while [ -d /proc/$at ]; do sleep 0.05; done; kill $terminal $keys; exit 0`,
    ...{ first: '', code: 0, within: 2.5 },
  },
  {
    name: 'dtrain monitor, and a reader that does not read',
    run: `mkfifo pipe; sleep 60 <pipe & reader=$!; $D monitor --json --interval 0.1 >pipe & job=$!; sleep 1
      for i in 1 2 3 4; do $D monitor --once >/dev/null; done; fault; kill $job; wait $job; code=$?; kill $reader; exit $code`,
    ...{ first: '', code: 143, within: 2 },
  },
]
