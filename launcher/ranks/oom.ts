// Counts the kernel's out-of-memory kills, so that a SIGKILL is blamed on memory only when the counter moved.
import { readFileSync } from 'node:fs'

/** Kills so far in this control group, or on the whole machine; undefined when nothing tells. */
export function oomKills(): number | undefined {
  const groups = read('/proc/self/cgroup')
  const unified = /^0::(.*)$/m.exec(groups)?.[1]
  const legacy = /^\d+:[^:]*\bmemory\b[^:]*:(.*)$/m.exec(groups)?.[1]
  return (
    counter(`/sys/fs/cgroup${unified}/memory.events`) ??
    counter(`/sys/fs/cgroup/memory${legacy}/memory.oom_control`) ??
    counter('/proc/vmstat')
  )
}

function counter(file: string): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(read(file))?.[1]
  return count === undefined ? undefined : Number(count)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
