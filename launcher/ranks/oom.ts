// Counts the kernel's out-of-memory kills, so that a SIGKILL is blamed on memory only when the counter moved.
import { inGroup, read } from './limits.ts'

/** Kills so far in this control group, or on the whole machine; undefined when nothing tells. */
export function oomKills(): number | undefined {
  const counted = inGroup('memory', 'memory.events', 'memory.oom_control') ?? read('/proc/vmstat')
  const count = /^oom_kill (\d+)$/m.exec(counted)?.[1]
  return count === undefined ? undefined : Number(count)
}
