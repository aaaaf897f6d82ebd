// On which systems dtrain runs, and a sentence for each other one: what is wrong, and what to do. The functions are
// given what they judge, so that tests can make it up.

/** `process.versions`, as far as it tells what runs the program. */
export type Versions = Readonly<Record<string, string | undefined>>

export interface System {
  platform: string
  arch: string
  /** Undefined with another C library. */
  glibc: string | undefined
}

/** The oldest C library that the packages run with: Debian 11's. `npm run package` checks it. */
export const oldestGlibc = '2.31'

/** What is wrong with the program that runs this one. */
export function wrongRuntime(versions: Versions): string | undefined {
  const other = versions.bun !== undefined ? 'Bun' : versions.deno !== undefined ? 'Deno' : undefined
  if (other !== undefined) {
    return `dtrain runs on Node: its native core asks V8 to free tensors in the way that Node has, and ${other} has not. Start the script with node or npx dtrain`
  }
  const napi = Number(versions.napi)
  if (napi >= 9) return undefined
  return `dtrain needs Node-API 9 (Node 20.17 or newer); this Node has Node-API ${napi}`
}

/** What is wrong with the system, when there is no native core for it. */
export function wrongSystem({ platform, arch, glibc }: System): string | undefined {
  const runs = 'dtrain runs on Linux'
  if (platform === 'darwin') {
    return `${runs}, and this is macOS: use a Linux machine or a container (docker run --platform linux/amd64 -it node:22-bookworm bash)`
  }
  if (platform === 'win32') {
    return `${runs}, and this is Windows: use the Windows Subsystem for Linux (wsl --install -d Debian), and install Node and dtrain inside it`
  }
  if (platform !== 'linux') return `${runs}, and this is ${platform}: use a Linux machine`
  if (arch !== 'x64') {
    return `there is no package of dtrain's native core for Linux on ${arch}, where it is not tested either: use an x64 machine, or try npx dtrain build`
  }
  if (glibc === undefined) {
    return `${runs} with glibc, and this one has another C library (Alpine has musl): use an image such as node:22-bookworm-slim`
  }
  if (Number(glibc.split('.')[1]) < Number(oldestGlibc.split('.')[1])) {
    return `dtrain's packages need glibc ${oldestGlibc} (Debian 11, Ubuntu 20.04) or newer, and this system has ${glibc}: use a newer one, or an image such as node:22-bookworm-slim`
  }
  return undefined
}

export function thisSystem(): System {
  const { report, platform, arch } = process
  Object.assign(report, { excludeNetwork: true }) // looking at it may take seconds
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return { platform, arch, glibc: header.glibcVersionRuntime }
}
