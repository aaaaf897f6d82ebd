// An npm registry on loopback that has the packages of `npm run package`, as if they had been published, and sends
// package managers to npm's own for everything else.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

interface Manifest {
  name: string
  version: string
}

/** The package.json in an archive of `npm pack`, whose entries are blocks of 512 bytes. */
function manifestIn(archive: Buffer): Manifest {
  const blocks = gunzipSync(archive)
  for (let at = 0; blocks[at] !== 0; ) {
    const name = blocks.toString('latin1', at, at + 100).replace(/\0.*/s, '')
    const size = Number.parseInt(blocks.toString('latin1', at + 124, at + 136), 8)
    if (name === 'package/package.json') return JSON.parse(blocks.toString('utf8', at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error('no package.json in the archive')
}

/** Starts it with the archives of a folder; it ends with the process. Returns its address. */
export async function startRegistry(folder: string): Promise<string> {
  const archives = readdirSync(folder).filter(name => name.endsWith('.tgz'))
  const byName = new Map(
    archives.map(file => {
      const bytes = readFileSync(join(folder, file))
      return [manifestIn(bytes).name, { file, bytes, manifest: manifestIn(bytes) }]
    }),
  )
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.slice(1))
    const [name, , file] = path.split('/')
    const own = byName.get(name!)
    if (own === undefined)
      return response.writeHead(302, { location: `https://registry.npmjs.org/${request.url!.slice(1)}` }).end()
    if (file !== undefined) return response.end(own.bytes)
    const { name: id, version } = own.manifest
    const integrity = `sha512-${createHash('sha512').update(own.bytes).digest('base64')}`
    const dist = { tarball: `http://${request.headers.host}/${id}/-/${own.file}`, integrity }
    const versions = { [version]: { ...own.manifest, dist } }
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ name: id, 'dist-tags': { latest: version }, versions }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
