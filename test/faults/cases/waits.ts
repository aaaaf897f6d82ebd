// Ranks that wait for one that does not come, calls that do not fit each other, and calls that nobody can answer.
import type { Fault } from '../fault.ts'

const shapes = (call: string, first: RegExp): Fault => ({
  name: `as many elements in another shape: ${call}`,
  run: `$D --nproc 2 shapes.ts ${call}`,
  first,
  also: [/^ {4}at .*shapes\.ts:\d+:\d+/m],
  ...{ code: 1, within: 5 },
})

const differ = (call: string) =>
  new RegExp(
    `^dtrain: rank [01] failed: (DistributedError: |PeerError: rank [01]: )distributed: the ranks do not call the same collective: rank 0 calls ${call} float32 \\[2, 4\\], rank 1 calls ${call} float32 \\[4, 2\\]$`,
  )

const wrong = (call: string, message: string): Fault => ({
  name: `a mistake: ${call}`,
  run: `$D wrong.ts '${call}'`,
  first: `dtrain: rank 0 failed: ArgumentError: ${message}`,
  also: [/^ {4}at .*wrong\.ts:\d+:\d+/m],
  ...{ code: 1, within: 5 },
})

export const waits: Fault[] = [
  {
    name: 'without a loopback interface',
    run: `unshare -n bash -c "exec $D --nproc 2 --timeout 3 reduce-once.ts"`,
    needs: ['unshare -n true', 'a network of its own wants root'],
    ...{ first: '[0,1] sum 2000', code: 0, within: 8 },
  },
  {
    name: 'a rank stops before it has joined',
    run: `$D --nproc 3 --timeout 2 --node-options '--import ./stopped.mjs' reduce-once.ts`,
    first:
      'dtrain: rank 1 failed: did not come to the start of the script in 2 s; ranks 0, 2 waited for it; raise the limit with dtrain --timeout SECONDS',
    ...{ code: 1, within: 8 },
  },
  {
    name: 'a rank ends before it has joined',
    run: `$D --nproc 2 --node-options '--import ./gone.mjs' reduce-once.ts`,
    first: 'dtrain: rank 1 failed: ended before the script, where the other ranks wait for it',
    ...{ code: 1, within: 5 },
  },
  {
    name: 'a rank computes while the other waits in an all-reduce',
    run: '$D --nproc 2 --timeout 2 late.ts collective',
    first:
      /^dtrain: rank 1 made rank 0 fail: DistributedError: distributed: allReduce #2 sum float32 \[3\] timed out after 2 s: no sign of rank 1 \(rank 1 was last in barrier #1\)/,
    also: [/^ {4}at .*late\.ts:\d+:\d+/m],
    ...{ code: 1, within: 8 },
  },
  {
    name: 'a rank computes while the other waits in a barrier of the store',
    run: '$D --nproc 2 --timeout 2 late.ts store',
    first: "dtrain: rank 1 made rank 0 fail: DistributedError: barrier 'here': rank 1 did not come in 2 s",
    also: [/^ {4}at .*late\.ts:\d+:\d+/m],
    ...{ code: 1, within: 8 },
  },
  {
    name: 'a get of the store when all other ranks have ended',
    run: '$D --nproc 2 late.ts alone',
    first: "dtrain: rank 0 failed: PeerError: store: no rank set 'never', and all other ranks have ended",
    also: [/^ {4}at .*late\.ts:\d+:\d+/m],
    ...{ code: 1, within: 5 },
  },
  shapes('allReduce', differ('allReduce #1 sum')),
  shapes('later', differ('allReduce #1 sum')),
  shapes('allGather', differ('allGather #1')),
  shapes('reduceScatter', differ('reduceScatter #1 sum')),
  shapes('broadcast', differ('broadcast #1 from rank 0')),
  shapes('parameters', differ('broadcast #\\d+ from rank 0')),
  wrong('allReduce([1, 2])', 'allReduce: expected a tensor, got an array'),
  wrong('allReduce(undefined)', 'allReduce: expected a tensor, got undefined'),
  wrong('broadcast(zeros(2), 7)', 'broadcast: src must be a rank, 0 to 0, got 7'),
  wrong('new DataParallel([])', 'DataParallel: expected a module, got an array'),
  wrong('getStore().add("n", 0.5)', "store.add: expected an integer to add to 'n', got 0.5"),
]
