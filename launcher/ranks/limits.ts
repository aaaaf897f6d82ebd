// What a rank may have of the machine, and which of it has run out, as far as the last words of a process show.
import { readFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import { fileLimit } from './files.ts'

/** Such a limit of processes may be why a rank gives up without a word. */
const few = 4096

/** What has run out, with its limit and what to do, for the end of a sentence about a rank. */
export function exhausted(words: string, heap: number): string | undefined {
  if (words.includes('JavaScript heap out of memory')) {
    const more = `dtrain --node-options --max-old-space-size=${2 * heap}`
    return `JavaScript ran out of heap, of which it may have ${heap} MiB; raise it with ${more}`
  }
  if (/Resource temporarily unavailable|pthread_create|Thread creation failed|\bEAGAIN\b/.test(words))
    return `it could not start a thread or process: ${processLimit().text}`
  if (/\bEMFILE\b|Too many open files/.test(words)) return fileLimit().text
  if (/\bENFILE\b/.test(words)) return 'no process of this machine can open one more file (sysctl fs.file-max)'
  return undefined
}

/** Node aborts without a word where it cannot start a thread. */
export function abortCause(): string | undefined {
  const { most, text } = processLimit()
  return most < few ? `perhaps it could not start a thread: ${text}` : undefined
}

/** Of processes and threads, of the user or of the control group. */
export function processLimit(): { most: number; text: string } {
  const user = Number(/^Max processes +(\d+)/m.exec(read('/proc/self/limits'))?.[1] ?? Number.POSITIVE_INFINITY)
  const group = Number(/^\d+/.exec(inGroup('pids', 'pids.max') ?? '')?.[0] ?? Number.POSITIVE_INFINITY)
  const advice = 'lower --nproc or --omp-threads, or raise the limit'
  if (group < user) {
    return {
      most: group,
      text: `the control group may have ${group} (in a container: docker run --pids-limit); ${advice}`,
    }
  }
  return { most: user, text: `the user may have ${user} (ulimit -u); ${advice}` }
}

/** The limit of the heap of a rank that gets these arguments. */
export function heapMiB(nodeOptions: string[] = []): number {
  const given = [process.env.NODE_OPTIONS ?? '', ...nodeOptions].join(' ')
  const [, last] = [...given.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d+)/g)].at(-1) ?? []
  return last === undefined ? Math.round(getHeapStatistics().heap_size_limit / 2 ** 20) : Number(last)
}

/** A file of this process's control group: of version 2, or of the named controller of version 1. */
export function inGroup(controller: string, file: string, older = file): string | undefined {
  const groups = read('/proc/self/cgroup')
  const unified = /^0::(.*)$/m.exec(groups)?.[1]
  const legacy = new RegExp(`^\\d+:[^:]*\\b${controller}\\b[^:]*:(.*)$`, 'm').exec(groups)?.[1]
  return read(`/sys/fs/cgroup${unified}/${file}`) || read(`/sys/fs/cgroup/${controller}${legacy}/${older}`) || undefined
}

/** '' where there is no such file. */
export function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
