// Fetching the files of a dataset: from a server in a process of its own, since fetching blocks this one. A file is
// there when it is whole and right, and otherwise nothing is.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { download, unpack } from '../../src/vision/datasets/download.ts'

const serve = `require('node:http').createServer((request, response) => {
  if (request.url === '/cut/file') {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('half', () => response.destroy())
  } else if (request.url === '/good/file') response.end('the file')
  else response.writeHead(404).end()
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

const folder = join(mkdtempSync(join(tmpdir(), 'dtrain-download-')), 'a/b')
const file = { file: 'file', md5: createHash('md5').update('the file').digest('hex') }
const server = spawn(process.execPath, ['--eval', serve], { stdio: ['ignore', 'pipe', 'inherit'] })
let at: string
beforeAll(async () => {
  const [port] = await once(server.stdout, 'data')
  at = `http://127.0.0.1:${String(port).trim()}`
})
afterAll(() => {
  server.kill()
  rmSync(join(folder, '../..'), { recursive: true })
})

test('takes the first mirror that has the file', () => {
  download('MNIST', [`${at}/none/`, `${at}/good/`, `${at}/cut/`], folder, [file])
  expect(readdirSync(folder)).toEqual(['file'])
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('the file')
})

test.each([
  ['cut', 'terminated|aborted|other side closed'],
  ['none', '404 Not Found'],
])('says why there is no file: %s', (mirror, reason) => {
  rmSync(folder, { recursive: true, force: true })
  const text = new RegExp(
    `^MNIST: file could not be downloaded from ${at}/${mirror}/ \\((${reason})\\); put it into '${folder}' by other means$`,
  )
  expect(() => download('MNIST', [`${at}/${mirror}/`], folder, [file])).toThrow(text)
  expect(readdirSync(folder)).toEqual([])
})

test('refuses a file with another checksum, and leaves an old one alone', () => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'file'), 'old')
  const wrong = { file: 'file', md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' }
  expect(() => download('MNIST', [`${at}/good/`], folder, [wrong])).toThrow(
    `(its MD5 checksum is ${file.md5}, not f68b3c2dcbeaaa9fbdd348bbdeb94873)`,
  )
  expect(readdirSync(folder)).toEqual(['file'])
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old')
})

test('does not fetch what is there and right', () => {
  writeFileSync(join(folder, 'file'), 'the file')
  download('MNIST', ['http://127.0.0.1:1/'], folder, [file])
  expect(() => download('MNIST', ['http://127.0.0.1:1/'], folder, [{ ...file, md5: '0' }])).toThrow(
    'could not be downloaded',
  )
})

test('unpacks a folder, or says why not and leaves nothing behind', () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'batches'), { recursive: true })
  writeFileSync(join(folder, 'batches/one'), '1')
  spawnSync('tar', ['-czf', 'all.tar.gz', 'batches'], { cwd: folder })
  rmSync(join(folder, 'batches'), { recursive: true })
  expect(() => unpack('CIFAR10', folder, 'all.tar.gz', 'others')).toThrow(
    `CIFAR10: '${folder}/all.tar.gz' could not be unpacked: it has no others`,
  )
  unpack('CIFAR10', folder, 'all.tar.gz', 'batches')
  expect(readFileSync(join(folder, 'batches/one'), 'utf8')).toBe('1')
  writeFileSync(join(folder, 'all.tar.gz'), 'no archive')
  expect(() => unpack('CIFAR10', folder, 'all.tar.gz', 'batches')).toThrow(
    `CIFAR10: '${folder}/all.tar.gz' could not be unpacked: `,
  )
  expect(readdirSync(folder).sort()).toEqual(['all.tar.gz', 'batches'])
})
