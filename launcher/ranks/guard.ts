// A watcher that outlives the launcher. It reads a pipe whose other end only the launcher holds: end of file means that
// the launcher is dead, even by kill -9, and then the watcher kills every rank.
// It sits in a session of its own, so Ctrl-C in the terminal does not reach it. A rank that has ended is struck from
// its list, because the system may give that number to somebody else.
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

// $1 job. Descendants that left their process group still carry the job in their environment.
const script = `
trap '' HUP INT QUIT TERM
groups=' '
while read -r word group; do
  case $word in
    add) groups="$groups$group " ;;
    gone) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
    end) exit 0 ;;
  esac
done
for group in $groups; do kill -9 "-$group"; done
for file in $(grep -lzxF "DTRAIN_JOB=$1" /proc/[0-9]*/environ); do
  process=\${file#/proc/}
  kill -9 "\${process%/environ}"
done
`

export class Guard {
  private readonly pipe: Writable

  constructor(job: string) {
    const child = spawn('/bin/sh', ['-c', script, 'dtrain-guard', job], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      // Not the caller's environment: a launcher that runs inside a rank of another job must not pass that job on.
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    })
    this.pipe = child.stdin
    child.on('error', () => {})
    this.pipe.on('error', () => {})
    child.unref()
  }

  /** A process group to kill when the launcher dies. */
  add(group: number): void {
    this.pipe.write(`add ${group}\n`)
  }

  gone(group: number): void {
    this.pipe.write(`gone ${group}\n`)
  }

  /** Everything is cleaned up: the guard leaves quietly. */
  end(): void {
    this.pipe.end('end\n')
  }
}
