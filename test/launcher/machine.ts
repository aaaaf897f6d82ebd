// Machines that do not exist: a folder with what a driver of NVIDIA leaves in /proc and /dev.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Machine } from '../../launcher/options/gpus.ts'

const roots: string[] = []

/** A machine with these PCI addresses under /proc/driver/nvidia/gpus and these files in /dev. */
export function machine(gpus: string[], env: NodeJS.ProcessEnv = {}, devices: string[] = []): Machine {
  const root = mkdtempSync(join(tmpdir(), 'machine-'))
  roots.push(root)
  for (const gpu of gpus) mkdirSync(join(root, 'proc/driver/nvidia/gpus', gpu), { recursive: true })
  mkdirSync(join(root, 'dev'))
  for (const device of devices) writeFileSync(join(root, 'dev', device), '')
  return { root, env }
}

export function removeMachines(): void {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
}
