// What runs out: memory that is shared, disks, threads, heap; and strangers who try to make it run out.
import type { Fault } from '../fault.ts'

const ownMounts: Fault['needs'] = ['unshare -m true', 'mounts of its own want root']

/** In a mount namespace, after these lines; `job` in place of it. */
const mounted = (name: string, lines: string, job: string, rest: Omit<Fault, 'name' | 'run' | 'needs'>): Fault => ({
  name,
  run: `unshare -m bash -c "${lines}; exec ${job}"`,
  needs: ownMounts,
  ...rest,
})

const tiny = (folder: string, size: string) => `mkdir -p ${folder} && mount -t tmpfs -o size=${size} none ${folder}`
const fill = (folder: string) => `head -c 4M /dev/zero >${folder}/full 2>/dev/null`

/** 65533 is nobody's, so no other process counts. */
const asNobody = (limit: number, job: string) =>
  `chmod a+rx "$home"; chmod a+rwx "$TMPDIR"
   setpriv --reuid 65533 --clear-groups prlimit --nproc=${limit} ${job} 2>raw; code=$?
   grep ^dtrain: raw >&2; [ $code -gt 0 ]`

const threads = (limit: number): Fault => ({
  name: `ulimit -u ${limit} for two ranks`,
  run: asNobody(limit, '$D --nproc 2 reduce-once.ts'),
  needs: ['setpriv --reuid 65533 --clear-groups true', 'another user wants root'],
  first: new RegExp(`^dtrain: .*the user may have ${limit} \\(ulimit -u\\); lower --nproc or --omp-threads, or raise`),
  alone: true, // the limit is of all processes of that user
  ...{ code: 0, within: 8 },
})

const strangers = (count: number, seconds: number): Fault => ({
  name: `${count} connections of strangers: idle, garbage, huge, half-open, slow`,
  run: `ulimit -n 12000; $D --nproc 2 wait.ts & seen ready; node crowd.mjs $! ${count}; code=$?
        fault; kill $!; wait $!; exit $code`,
  needs: ['ulimit -n 12000', 'so many connections want a higher limit of descriptors'],
  first: 'dtrain: stopped by SIGTERM',
  also: [/^strangers cost less than 1 MB and 1 % of a core/m],
  alone: true,
  ...{ code: 0, within: seconds },
})

export const limits: Fault[] = [
  ...['64k', '1m', '64m'].map(size =>
    mounted(`/dev/shm of ${size}`, tiny('/dev/shm', size), '$D --nproc 2 reduce-once.ts', {
      ...{ first: '[0,1] sum 2000', code: 0, within: 8 },
    }),
  ),
  mounted('/dev/shm is full', `${tiny('/dev/shm', '64k')}; ${fill('/dev/shm')}`, '$D --nproc 2 reduce-once.ts', {
    ...{ first: '[0,1] sum 2000', code: 0, within: 8 },
  }),
  {
    name: '/dev/shm fills up while the job trains, which then ends well',
    run: `unshare -m bash -c "${tiny('/dev/shm', '1m')}; (until [ -e full ]; do sleep 0.05; done; ${fill('/dev/shm')}; touch go) &
          exec $D --nproc 2 until.ts go" & seen ready; fault; touch full; wait $!`,
    needs: ownMounts,
    ...{ first: '[0,1] ready', code: 0, within: 5 },
  },
  mounted(
    '/dev/shm and the temporary folder are full',
    `${tiny('/dev/shm', '64k')}; ${fill('/dev/shm')}; ${tiny('full', '16k')}; ${fill('full')}; export TMPDIR=$PWD/full`,
    '$D --nproc 2 reduce-once.ts',
    {
      first:
        /^dtrain: no place for the compiled script \(1 KiB\): .*ENOSPC.*; set TMPDIR to a folder with room, or give/,
      ...{ code: 1, within: 8 },
    },
  ),
  mounted('--log-dir on a disk that fills up', tiny('small', '64k'), '$D --nproc 2 --log-dir small lines.ts', {
    first: /^dtrain: the log of rank [01] ends here \(small\/rank-[01]\.log\), the job goes on: ENOSPC: no space left/,
    also: [/^\[[01,]+\] line 1999 /m],
    ...{ code: 0, within: 8 },
  }),
  {
    name: '--log-dir that cannot be made',
    run: '$D --log-dir package.json/logs reduce-once.ts',
    first: /^dtrain: cannot write into the folder of --log-dir: (ENOTDIR|EEXIST)/,
    ...{ code: 1, within: 5 },
  },
  mounted('--trace on a full disk', `${tiny('small', '64k')}; ${fill('small')}`, '$D --trace small reduce-once.ts', {
    first: /^dtrain: the trace cannot be written to .*small\/rank-0\.json: ENOSPC: no space left on device/,
    also: [/^sum 1000$/m],
    ...{ code: 0, within: 5 },
  }),
  {
    name: 'ulimit -f of 20 KiB',
    run: '(ulimit -f 20; exec $D --nproc 2 reduce-once.ts)',
    first: /^dtrain: no place for what the ranks share \(36 KiB\): .*EFBIG.*; raise the limit of the size of files/,
    ...{ code: 1, within: 5 },
  },
  threads(16),
  threads(24),
  threads(32),
  {
    name: 'JavaScript runs out of heap on one rank',
    run: '$D --nproc 2 --node-options --max-old-space-size=60 heap.ts',
    first: /^\[1\] /,
    also: [
      /^dtrain: rank 1 was killed by SIGABRT: JavaScript ran out of heap, of which it may have 60 MiB; raise it with dtrain --node-options --max-old-space-size=120$/m,
    ],
    ...{ code: 134, within: 20 },
  },
  {
    name: 'an error message of 5 MB, with a log',
    run: '$D --log-dir logs long-message.ts 2>raw; [ $(wc -c <raw) -lt 5000 ] && cat raw >&2; [ $(wc -c <logs/rank-0.log) -gt 5000000 ]',
    first: /^dtrain: rank 0 failed: Error: x{1900}/,
    also: [/ 4\d{6} characters are left out here; with --log-dir they are in the rank's log /, /x the end$/m],
    ...{ code: 0, within: 5 },
  },
  strangers(10, 3),
  strangers(1000, 3),
  strangers(10_000, 3),
]
