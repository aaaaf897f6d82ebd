// Node restores the settings of its terminals when it ends, and crashes where one of them has gone away.
import { closeSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Makes this process end with its own exit code though a terminal, such as that of a lost connection, has gone. */
export function surviveLostTerminals(): void {
  const terminals = [0, 1, 2].filter(isatty)
  process.on('exit', () => {
    for (const fd of terminals.filter(fd => !isatty(fd))) {
      closeSync(fd)
      openSync('/dev/null', 'r+') // takes the lowest number that is free: this one
    }
  })
}
