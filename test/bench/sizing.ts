import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { stringify } from 'yaml'
import { startDaemon } from '../../hardware/simulators/demo/daemon.ts'
import { asId } from '../../src/core/ids.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { enrolAll, stream } from './idle-phones.ts'
import { largeSite } from './large-site.ts'

/*
 * What a hospital takes: npm run bench:sizing -- [bleeps]
 * A daemon of its own with so many people and numbers, a phone for each of them and a third of these connected, as many as
 * are at work, takes bleeps on a line and rings them; disk is what its database has grown by, closed and compacted, so a
 * year is what is kept of it, before any keep time ends.
 */
const BLEEPS = Number(process.argv[2] ?? 1000)
const ALL = [
  { people: 500, numbers: 300, daily: 300 },
  { people: 3000, numbers: 2000, daily: 2000 },
  { people: 10_000, numbers: 6000, daily: 8000 },
]
const DAYS = 365
/** Phones that connect at once. */
const AT_ONCE = 50

// npm run bench:sizing -- 1000 10000: only the hospital of so many people.
const only = Number(process.argv[3] ?? 0)
for (const size of ALL.filter(({ people }) => only === 0 || people === only)) {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-sizing-'))
  const file = join(folder, 'bleeps.sqlite')
  await enrolAll(
    file,
    Array.from({ length: size.people }, (_, i) => ({ kind: 'person', person: asId(`p${i}`) })),
  )
  const empty = bytes(file)
  // Ports that are free are not for long.
  const [line, port] = [await ownPort(), await ownPort()]
  const site = largeSite(size)
  const config = join(folder, 'bridge.yaml')
  writeFileSync(
    config,
    stringify({
      version: 1,
      site: { id: 'sizing', folder: site.folder },
      store: { kind: 'sqlite', path: 'bleeps.sqlite' },
      feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: line } }],
      http: { port, operators: [{ name: 'bench', role: 'switchboard', token: 'env:KEY' }] },
      log: { level: 'error' },
    }),
  )
  try {
    const environment = { KEY: 'benchmark-operator-key' }
    const url = `http://127.0.0.1:${port}`
    const daemon = await startDaemon({ config, url, log: join(folder, 'log'), environment })
    const alone = memory(daemon.pid)
    let told = 0
    const phones = []
    for (let i = 0; i < size.people / 3; i += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, Math.ceil(size.people / 3) - i) }, (_, k) =>
        stream(port, i + k, (text) => (told += text.split('event: inbox').length - 1)),
      )
      phones.push(...(await Promise.all(some)))
    }
    const [idle, before] = [memory(daemon.pid), spent(daemon.pid)]
    await pages(line, BLEEPS)
    // What is behind the page: attempts, due rows, the index of words.
    await new Promise((next) => setTimeout(next, 5000))
    const [busy, cpu] = [memory(daemon.pid), spent(daemon.pid) - before]
    for (const phone of phones) phone.destroy()
    await daemon.stop()
    const each = (bytes(file) - empty) / BLEEPS
    const year = (each * size.daily * DAYS) / 1e9
    process.stdout.write(
      `${size.people} people, ${size.numbers} numbers: ${alone} MB idle, ${idle} MB with ${phones.length} phones connected, ` +
        `${busy} MB after ${BLEEPS} bleeps of which their streams were told ${told} times, ` +
        `${(cpu / BLEEPS).toFixed(1)} ms of CPU and ${(each / 1000).toFixed(1)} kB of disk a bleep; ` +
        `at ${size.daily} a day ${year.toFixed(1)} GB a year\n`,
    )
  } finally {
    removeFolder(folder)
    removeFolder(site.folder)
  }
}

/** Resident memory, MB. */
function memory(pid: number): number {
  const kB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kB) / 1024)
}

/** Processor time, milliseconds. */
function spent(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
  return (user + system) * 10
}

/** The whole database in one file. */
function bytes(path: string): number {
  const db = new DatabaseSync(path)
  db.exec('vacuum')
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
  return statSync(path).size
}

/** Sends pages to one number after the other on one connection, each once the one before is stored. */
function pages(port: number, many: number): Promise<void> {
  return new Promise((done, failed) => {
    const socket = connect(port, '127.0.0.1')
    let sent = 0
    let steps: string[] = []
    socket.setEncoding('latin1').on('data', () => {
      if (steps.length === 0) {
        if (sent === many) return socket.destroy()
        steps = [`PAGE ${100_001 + (sent % 300)}`, `MESS CALL EXT ${4000 + sent}`, 'SEND']
        sent += 1
      }
      socket.write(`${steps.shift()}\r\n`)
      return undefined
    })
    socket.on('close', () => done())
    socket.on('error', failed)
  })
}
