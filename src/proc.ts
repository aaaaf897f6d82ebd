// What Linux tells of a process in /proc.
import { readFileSync } from 'node:fs'

/**
 * The fields of /proc/<pid>/stat from the state on: state, parent, group, …; the name before them may hold anything.
 * @throws what the file system says: there is no such process, or no /proc
 */
export function statOf(pid: number | 'self'): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
}
