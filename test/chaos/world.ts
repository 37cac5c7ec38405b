import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { createOperator } from '../../hardware/simulators/demo/operator.ts'
import { openPty } from '../../hardware/simulators/pty.ts'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../hardware/simulators/push-service.ts'
import { given } from '../../src/core/given.ts'
import { sqliteBackups } from '../../src/io/store/backups.ts'
import { removeFolder } from '../support/folders.ts'
import { ownPort } from '../support/ports.ts'
import { type Pair, type Servers, startPair } from './database.ts'
import { type ChaosNode, makeNode } from './node.ts'
import { type Journal, startJournal } from './phone.ts'
import { airSender, type Sender, snppSender } from './senders.ts'
import { makeSite, WATCHED } from './site.ts'
import { type Way, wayTo } from './way.ts'

/** One or two nodes, their lines, and one phone that writes down what reaches it. */
export interface World {
  readonly nodes: readonly ChaosNode[]
  /** A sender for each node, and the transmitter that all of them hear. */
  readonly senders: readonly Sender[]
  readonly phone: Journal
  /** The embedded database's file, where there is one node. */
  readonly file: string | undefined
  /** The files that stand in for the database, each node's. */
  readonly own: readonly string[]
  /** Two nodes: the servers, those of them that fail over when told to, and each node's ways to them. */
  readonly servers: Servers | undefined
  readonly pair: Pair | undefined
  readonly ways: readonly (readonly Way[])[]
  /** Whether disks can be made to fail here. */
  readonly badDisk: boolean
  readonly folder: string
  /** @param keep whether its folder stays, with the logs */
  close(how?: { readonly keep?: boolean }): Promise<void>
}

const KEY = 'chaos-operator-key'
const STARTS_WITHIN = 180_000

/**
 * One node on its own file, one that has a second path as well (`store.outlast`, on another disk), or two on PostgreSQL.
 */
export const SIZES = ['one node', 'a second path', 'two nodes'] as const
export type Size = (typeof SIZES)[number]

/**
 * @param outlast whether nodes on PostgreSQL have files of their own as well
 * @param bleepd the daemon's entry; absent: the source tree's
 * @param boxes the servers of two nodes, where they fail over by themselves
 */
export async function makeWorld(
  size: Size,
  {
    outlast = true,
    bleepd,
    boxes,
  }: { readonly outlast?: boolean; readonly bleepd?: string; readonly boxes?: Servers } = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-chaos-'))
  const nodes: ChaosNode[] = []
  const remove = (): void => {
    for (const node of nodes) node.signal('SIGKILL')
    removeFolder(folder)
  }
  process.once('exit', remove)
  const badDisk = compiled(folder)
  const push = await startPushService()
  writeFileSync(join(folder, 'push-ca.pem'), push.ca)
  const vapid = vapidKeys()
  const site = makeSite(folder)
  const file = size === 'two nodes' ? undefined : join(folder, 'data', 'bleeps.sqlite')
  const copies = join(folder, 'copies')
  const pair = file === undefined && boxes === undefined ? await startPair() : undefined
  const servers = boxes ?? pair
  const names = servers ? ['one', 'two'] : ['one']
  const airs = names.map(() => openPty())
  const ways: Way[][] = []
  const doors = await Promise.all(names.map(() => ownPort()))
  const apartOf = (name: string) => join(folder, `${name}-apart`, 'bleeps.sqlite')
  const shared = (name: string) => ({
    kind: 'postgres',
    url: 'env:DATABASE',
    ...(outlast ? { outlast: apartOf(name) } : {}),
    neighbours: names.flatMap((node, at) =>
      node === name ? [] : [{ node, url: `http://127.0.0.1:${doors[at]}` }],
    ),
  })
  for (const [at, name] of names.entries()) {
    const own = servers ? await Promise.all(servers.addresses.map(wayTo)) : []
    ways.push(own)
    const [port = 0, snpp] = [doors[at], await ownPort()]
    const config = join(folder, `${name}.yaml`)
    writeFileSync(
      config,
      stringify({
        version: 1,
        node: name,
        site: { id: 'demo', folder: site },
        store:
          file === undefined
            ? shared(name)
            : {
                kind: 'sqlite',
                path: file,
                ...(size === 'a second path' ? { outlast: apartOf(name) } : {}),
              },
        ...(file === undefined ? {} : { backup: { folder: copies } }),
        feeds: [
          {
            id: `snpp-${name}`,
            profile: 'snpp',
            port: { kind: 'tcp-listen', host: '127.0.0.1', port: snpp },
          },
          {
            id: `air-${name}`,
            profile: 'pocsag-packed',
            port: { kind: 'serial', path: airs[at]?.path },
            options: { baud: 2400 },
          },
        ],
        http: {
          port,
          enrolmentsPerMinute: 1000,
          operators: [{ name: 'op', role: 'switchboard', token: 'env:KEY' }],
        },
        push: {
          webpush: {
            subject: 'mailto:t@example.org',
            publicKey: vapid.publicKey,
            privateKey: 'env:VAPID',
            ca: 'push-ca.pem',
          },
        },
        watch: { freeBytes: 1_000_000 },
      }),
    )
    const hosts = own.map((way) => `127.0.0.1:${way.port}`).join(',')
    const DATABASE = `postgres://${servers?.login}@${hosts}/bleeps?target_session_attrs=read-write`
    const environment = { KEY, VAPID: vapid.privateKey, ...(servers ? { DATABASE } : {}) }
    nodes.push(makeNode({ folder, name, config, port, snpp, environment, badDisk, ...given({ bleepd }) }))
  }
  for (const node of nodes) {
    node.start()
    if (!(await node.ready(STARTS_WITHIN))) throw new Error(`a node did not start; see ${folder}`)
  }
  const [first] = nodes
  if (first === undefined) throw new Error('there is a node')
  const phone = await startJournal({
    bases: nodes.map((node) => node.url),
    code: await createOperator(first.url, KEY).code(WATCHED.person),
    push,
    vapidKey: vapid.publicKey,
  })
  // A node that was cut off before it had copied the phone would ring nobody.
  const own = size === 'a second path' || (servers && outlast) ? names.map(apartOf) : []
  for (const one of own)
    for (let tries = 0; !knowsPhone(one) && tries < 600; tries += 1)
      await new Promise((next) => setTimeout(next, 50))
  if (file !== undefined) await sqliteBackups(file, copies).make(Date.now())
  const senders = [...nodes.map(snppSender), airSender(airs)]
  return {
    ...{ nodes, senders, phone, file, servers, pair, ways, folder },
    own,
    badDisk: badDisk !== undefined,
    async close({ keep = false } = {}) {
      phone.close()
      for (const sender of senders) sender.close()
      for (const node of nodes) await node.kill()
      for (const air of airs) air.close()
      for (const way of ways.flat()) way.close()
      servers?.stop()
      await push.close()
      process.off('exit', remove)
      if (!keep) removeFolder(folder)
    },
  }
}

function knowsPhone(file: string): boolean {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    const row = db.prepare('select count(*) as n from devices').get()
    db.close()
    return Number(row?.n) > 0
  } catch {
    return false
  }
}

function compiled(folder: string): string | undefined {
  const library = join(folder, 'bad-disk.so')
  const source = fileURLToPath(new URL('./bad-disk.c', import.meta.url))
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: 'ignore' })
    return library
  } catch {
    return undefined
  }
}
