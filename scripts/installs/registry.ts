// An npm registry on loopback that has the packages of `npm run package`, as if they had been published, and hands on
// what npm's own has. Its address is always the same, since package managers keep what they fetch by its address.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const port = 41_873

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
    if (own === undefined) return handOn(request.url!, request.headers.accept, response)
    if (file !== undefined) return response.end(own.bytes)
    const { name: id, version } = own.manifest
    const integrity = `sha512-${createHash('sha512').update(own.bytes).digest('base64')}`
    const dist = { tarball: `http://${request.headers.host}/${id}/-/${own.file}`, integrity }
    const versions = { [version]: { ...own.manifest, dist } }
    const time = { [version]: '2020-01-01T00:00:00.000Z' } // some managers refuse what is new
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ name: id, 'dist-tags': { latest: version }, versions, time }))
  })
  // A port that is taken means a second run, and the two would share folders.
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  server.unref()
  return `http://127.0.0.1:${port}/`
}

async function handOn(path: string, accept: string | undefined, response: ServerResponse): Promise<void> {
  try {
    const found = await fetch(`https://registry.npmjs.org${path}`, { headers: { ...(accept && { accept }) } })
    for (const name of ['content-type', 'cache-control', 'etag']) {
      const value = found.headers.get(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.writeHead(found.status).end(Buffer.from(await found.arrayBuffer()))
  } catch {
    response.writeHead(502).end()
  }
}
