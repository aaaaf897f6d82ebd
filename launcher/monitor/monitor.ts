// `dtrain monitor`. On a terminal the table is redrawn on a screen of its own, which is left again however the command
// ends; else it is printed once. It loads the addon, for the GPUs.
import type { MonitorOptions } from '../options/monitor.ts'
import { neverBlock, Screen } from '../output/screen.ts'
import { signalCode } from '../ranks/verdict.ts'
import { Snapshots } from './snapshot.ts'
import { table } from './table.ts'

/** The other screen of the terminal, without a cursor, where long lines are cut. */
const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l'
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l'
const [home, clearLine, clearBelow] = ['\x1b[H', '\x1b[K', '\x1b[J']

/** Before the first sample: what the processors do is seen in a stretch of time. */
const firstSeconds = 0.5
/** How long somebody who does not read is waited for after a signal. */
const patienceMs = 1000

/** Returns the exit code: 0, or as a shell has it for the signal that has ended it. */
export async function monitor({ interval, once, json, emulate }: MonitorOptions): Promise<number> {
  let ending: NodeJS.Signals | undefined
  let wake = () => {}
  const end = (name: NodeJS.Signals) => {
    ending ??= name
    setTimeout(() => screen.giveUp(), patienceMs)
    wake()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(name, () => end(name))
  neverBlock()
  const screen = new Screen(process, () => end('SIGPIPE'))
  const print = (text: string) => screen.print('stdout', Buffer.from(text).toString('latin1'))

  const live = process.stdout.isTTY && !once && !json
  if (live) {
    print(enter)
    process.on('SIGTSTP', () => {
      process.stdout.write(leave, () => process.kill(process.pid, 'SIGSTOP'))
    })
    process.on('SIGCONT', () => print(enter))
  }
  try {
    const snapshots = new Snapshots(emulate)
    for (let seconds = Math.min(interval, firstSeconds); ; seconds = interval) {
      await new Promise<void>(resolve => {
        wake = resolve
        setTimeout(resolve, seconds * 1000)
        if (ending !== undefined) resolve()
      })
      await screen.blocked()
      if (ending !== undefined) break
      const snapshot = snapshots.take()
      if (live) print(frame(table(snapshot)))
      else print(json ? `${JSON.stringify(snapshot)}\n` : table(snapshot))
      if (once || (!live && !json)) break
    }
  } finally {
    if (live) print(leave)
  }
  await screen.flushed()
  if (screen.failure !== undefined) {
    screen.note(`dtrain: ${screen.failure}\n`)
    await screen.flushed()
    return 1
  }
  return ending === undefined ? 0 : signalCode(ending)
}

/** Over the one before, as many lines as there is room for. */
function frame(text: string): string {
  const lines = text.split('\n').slice(0, process.stdout.rows || 24)
  return home + lines.map(line => line + clearLine).join('\r\n') + clearBelow
}
