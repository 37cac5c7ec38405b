import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import type { Device } from '../../src/core/deliver/device.ts'
import { type AlertId, asId, type DeviceId, type PersonId, type RoleId } from '../../src/core/ids.ts'
import { type SocketChannel, socketChannel } from '../../src/io/channels/socket.ts'
import { systemClock } from '../../src/io/clock.ts'
import type { Caller } from '../../src/ports/desk.ts'
import { createRinger } from '../../src/run/deliver/self-test.ts'
import { openChromiumPhone } from './browsers.ts'
import { type Bed, openBed } from './desk-bed.ts'
import { removeFolder } from './folders.ts'

export const SWITCHBOARD: Caller = { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' }

/** A phone in Chromium with the real app, against a real desk that rings it over the LAN. */
export interface PhoneBed {
  readonly bed: Bed
  readonly socket: SocketChannel
  readonly context: BrowserContext
  readonly page: Page
  readonly base: string
  /** Complaints of the browser: refused by the content security policy, broken scripts. */
  readonly complaints: string[]
  code(owner: { person: PersonId } | { role: RoleId }): Promise<string>
  /** Enrols this phone through its own screen, at another address of the same server where one is given. */
  enrol(owner: { person: PersonId } | { role: RoleId }, at?: string): Promise<Device>
  /** Every row of every database, every cached address, every string of web storage: what a thief would find. */
  stored(): Promise<readonly string[]>
  notifications(): Promise<readonly Shown[]>
  /** Whether the last notice of a name was put up without a sound. */
  isSilent(tag: string): Promise<boolean>
  /** Hands pushes to the worker as the browser's push service would. */
  pusher(): Promise<{ push(data: object): Promise<void>; close(): Promise<void> }>
  responder(alert: AlertId, person: PersonId): Promise<string | undefined>
  /** Ends it as the switchboard does, whatever has happened to it since. */
  end(alert: AlertId): Promise<void>
  close(): Promise<void>
}

interface Shown {
  readonly title: string
  readonly body: string
  readonly tag: string
  readonly actions: readonly string[]
}

export async function openPhone(options: Parameters<typeof openBed>[0] = {}): Promise<PhoneBed> {
  const clock = systemClock(() => {})
  const socket = socketChannel()
  const bed = await openBed({
    clock,
    config: { heartbeat: 500 },
    parts: { sockets: socket },
    ring: createRinger(new Map([[socket.id, socket]]), clock),
    ...options,
    desk: { newPhone: createRinger(new Map([[socket.id, socket]]), clock, 'new-phone'), ...options.desk },
  })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  const base = listening.value.url
  const folder = await mkdtemp(join(tmpdir(), 'bleep-phone-'))
  const context = await openChromiumPhone(folder)
  await context.grantPermissions(['notifications'], { origin: base })
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (said) => {
    if (said.type() === 'error' && !said.text().startsWith('Failed to load resource'))
      complaints.push(said.text())
  })

  const code: PhoneBed['code'] = async (owner) => {
    const made = await bed.desk.code(
      SWITCHBOARD,
      'person' in owner ? { kind: 'person', ...owner } : { kind: 'role', ...owner },
    )
    if (!made.ok) throw new Error(made.fault.code)
    return made.value.code
  }
  const alertOf = (id: AlertId) => bed.store.transact((tx) => tx.alerts.get(id))

  return {
    bed,
    socket,
    context,
    page,
    base,
    complaints,
    code,
    async enrol(owner, at = base) {
      await page.goto(`${at}/app/#enrol=${await code(owner)}`)
      await page.getByRole('button', { name: 'Set up this phone' }).tap()
      await page.getByRole('heading', { name: 'Does this phone ring?' }).waitFor()
      await page.evaluate('navigator.serviceWorker.ready')
      const device = (await bed.store.transact((tx) => tx.devices.list())).toSorted(
        (a, b) => b.enrolled - a.enrolled,
      )[0]
      if (device === undefined) throw new Error('not enrolled')
      return device
    },
    stored: () => page.evaluate<readonly string[]>(STORED),
    notifications: () =>
      page.evaluate<readonly Shown[]>(`navigator.serviceWorker.getRegistration('/app/')
        .then((registration) => registration.getNotifications())
        .then((all) => all.map(({ title, body, tag, actions }) =>
          ({ title, body, tag, actions: actions.map((a) => a.action) })))`),
    isSilent: (tag) =>
      page.evaluate<boolean>(`navigator.serviceWorker.getRegistration('/app/')
        .then((registration) => registration.getNotifications({ tag: ${JSON.stringify(tag)} }))
        .then(([shown]) => shown?.silent === true && !shown.renotify)`),
    async pusher() {
      const session: CDPSession = await context.newCDPSession(page)
      const registered = new Promise<string>((done) => {
        session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
          const [first] = registrations
          if (first !== undefined) done(first.registrationId)
        })
      })
      await session.send('ServiceWorker.enable')
      const registrationId = await registered
      return {
        async push(data) {
          await session.send('ServiceWorker.deliverPushMessage', {
            origin: base,
            registrationId,
            data: JSON.stringify(data),
          })
        },
        close: () => session.detach(),
      }
    },
    responder: async (id, person) => (await alertOf(id))?.responders[person]?.state,
    async end(id) {
      const now = await alertOf(id)
      const said = await bed.desk.manage(SWITCHBOARD, id, { action: 'close', version: now?.version ?? 0 })
      if (!said.ok) throw new Error(said.fault.code)
    },
    async close() {
      await context.close()
      await bed.close()
      removeFolder(folder)
    },
  }
}

export const asDevice = (id: string): Caller => ({
  kind: 'device',
  access: 'holder',
  device: asId<DeviceId>(id),
})

const STORED = `(async () => {
  const result = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
  const found = []
  for (const { name } of await indexedDB.databases()) {
    const db = await result(indexedDB.open(name))
    for (const store of db.objectStoreNames)
      for (const row of await result(db.transaction(store).objectStore(store).getAll())) found.push(JSON.stringify(row))
    db.close()
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(request.url)
  return [...found, ...Object.values(localStorage), ...Object.values(sessionStorage)]
})()`
