import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../src/core/alert/alert.ts'
import { type AttemptId, asId, type PersonId } from '../../src/core/ids.ts'
import { hasChromium } from '../support/browsers.ts'
import type { Bed, Call } from '../support/desk-bed.ts'
import { openPhone, type PhoneBed, SWITCHBOARD } from '../support/phone-bed.ts'

const NEEDS = 'needs Chromium'
const TRAUMA: Call = {
  text: 'TRAUMA CALL ED RESUS',
  kind: 'trauma',
  class: 'emergency',
  place: 'ED resus',
  roles: ['med-reg'],
}

let phone: PhoneBed
let bed: Bed
let page: Page
let me: PersonId
let pusher: Awaited<ReturnType<PhoneBed['pusher']>>

beforeAll(async () => {
  if (!hasChromium()) return
  phone = await openPhone()
  bed = phone.bed
  page = phone.page
  me = bed.holder('med-reg')
  await phone.enrol({ person: me })
  pusher = await phone.pusher()
  // Nobody looks at the app: only the worker may show anything.
  await page.goto(`${phone.base}/healthz`)
})

afterAll(async () => {
  if (!hasChromium()) return
  await pusher.close()
  await phone.close()
})

const attemptOf = async (alert: Alert) => {
  const all = await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id))
  const own = all.find((a) => a.person === me)
  if (own === undefined) throw new Error('no attempt')
  return own
}
const bellOf = async (alert: Alert) => ({
  id: (await attemptOf(alert)).id,
  class: alert.plan.class,
  purpose: 'ask',
  tag: alert.id.replaceAll('-', ''),
})

test('a push wakes the worker: it reports, pulls, shows once without a word of the page, and offers answers', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call(TRAUMA)
  const bell = await bellOf(alert)
  await pusher.push(bell)
  await expect.poll(async () => (await attemptOf(alert)).state).toBe('presented')
  const ringing = [
    { title: 'EMERGENCY', body: 'Unlock to read', tag: bell.tag, actions: ['accepted', 'declined'] },
  ]
  expect(await phone.notifications()).toEqual(ringing)
  expect(await phone.isSilent(bell.tag)).toBe(false)
  // The same bleep by another way, and by the same way again: it stands there, and rings no second time.
  await pusher.push(bell)
  await pusher.push({ ...bell, id: 'another-way' })
  await expect.poll(() => phone.isSilent(bell.tag)).toBe(true)
  expect(await phone.notifications()).toEqual(ringing)
})

const states = async (alert: Alert) =>
  (await bed.store.transact((tx) => tx.attempts.ofAlert(alert.id)))
    .filter(({ person }) => person === me)
    .map(({ state }) => state)

/** Rings again for the same alert, as a step does while nobody answers. */
async function ringsAgain(alert: Alert): Promise<string> {
  const first = await attemptOf(alert)
  const id = asId<AttemptId>(`${first.id}-again`)
  await bed.store.transact(async (tx) => {
    const at = bed.clock.now() + 1
    await tx.attempts.add([{ ...first, id, key: `${first.key}/again`, state: 'queued', created: at }])
    const { device, alert: of, person, purpose, expires } = { ...first }
    await tx.inbox.add([{ device, alert: of, person, purpose, expires, attempt: id, at }])
  })
  return id
}

test('back from a dead spot, with the pushes of two rings in any order or at once, a bleep rings once and stands', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const [worker] = phone.context.serviceWorkers()
  if (worker === undefined) throw new Error('no worker')
  await worker.evaluate(`(() => {
    if (self.put !== undefined) return
    const real = ServiceWorkerRegistration.prototype.showNotification
    self.put = []
    ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
      self.put.push([options.tag, options.silent !== true])
      return real.call(this, title, options)
    }
  })()`)
  for (const order of ['newest first', 'oldest first', 'at once'] as const) {
    const alert = await bed.call({ ...TRAUMA, text: `TRAUMA CALL ED RESUS, ${order}` })
    const older = await bellOf(alert)
    const newer = { ...older, id: await ringsAgain(alert) }
    const bells = order === 'oldest first' ? [older, newer] : [newer, older]
    for (const bell of bells) {
      await pusher.push(bell)
      if (order !== 'at once')
        await expect
          .poll(async () => (await phone.notifications()).some((n) => n.tag === bell.tag))
          .toBe(true)
    }
    // Each push puts something up: one with a sound, the other without.
    const put = async () =>
      (await worker.evaluate<[string, boolean][]>('self.put')).filter(([tag]) => tag === older.tag)
    await expect.poll(async () => (await put()).length).toBe(2)
    expect([order, (await put()).filter(([, loud]) => loud).length]).toEqual([order, 1])
    await expect.poll(() => states(alert)).not.toContain('queued')
    // While one takes the place of another the browser may list neither.
    await expect
      .poll(async () => (await phone.notifications()).filter((n) => n.tag === older.tag))
      .toMatchObject([{ title: 'EMERGENCY', actions: ['accepted', 'declined'] }])
  }
})

test('what is over does not ring: its push takes the older ring down', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call({ ...TRAUMA, text: 'TRAUMA CALL ED RESUS 2' })
  const bell = await bellOf(alert)
  await phone.end(alert.id)
  await pusher.push(bell)
  await expect.poll(async () => (await attemptOf(alert)).state).toBe('presented')
  const titles = (await phone.notifications()).filter((n) => n.tag === bell.tag).map((n) => n.title)
  expect(titles).not.toContain('EMERGENCY')
})

test('a role that is offered rings by the worker, and the app that opens from it does not ring again', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const heard = () => phone.stored().then((all) => all.filter((row) => row.includes('surg-f1/')))
  expect(await heard()).toEqual([])
  expect(await bed.desk.offer(SWITCHBOARD, asId('surg-f1'), me)).toMatchObject({ ok: true })
  // What the ringer of hand-overs sends: a doorbell whose name says what it is for, and nothing of the role.
  await pusher.push({ id: 'hand-0198c0de', class: 'test', purpose: 'ask' })
  await expect
    .poll(async () => (await phone.notifications()).filter((n) => n.tag === 'hand-over'))
    .toEqual([
      {
        ...{ title: 'Hand-over', body: 'A role is offered or given to you. Open to see which.' },
        ...{ tag: 'hand-over', actions: [] },
      },
    ])
  expect(await phone.isSilent('hand-over')).toBe(false)
  await expect.poll(heard).toHaveLength(1)
})

test('out of reach the doorbell alone rings, and nothing is lost: the words come when the server is back', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const alert = await bed.call({ ...TRAUMA, text: 'ARREST THEATRE 4', place: 'Theatre 4' })
  const bell = await bellOf(alert)
  await phone.context.setOffline(true)
  await pusher.push(bell)
  await expect
    .poll(async () => (await phone.notifications()).filter((n) => n.tag === bell.tag))
    .toMatchObject([{ title: 'EMERGENCY', body: 'Unlock to read', actions: [] }])
  await phone.context.setOffline(false)
  await page.goto(`${phone.base}/app/`)
  await page.getByText('Theatre 4').first().waitFor()
  await expect.poll(async () => (await attemptOf(alert)).state).toMatch(/presented|opened/)
})

test('a push address that the browser drops while the app is closed is renewed by the worker, later where it must be', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const [worker] = phone.context.serviceWorkers()
  if (worker === undefined) throw new Error('no worker')
  const address = async () =>
    (await bed.store.transact((tx) => tx.devices.list())).map((d) => `${d.channel} ${d.address}`).join()
  // A browser without a push service of its own: what it would say is said for it.
  await worker.evaluate(`(() => {
    const key = 'BBBB'
    const real = self.fetch
    self.reach = false
    self.fetch = (url, ...rest) => {
      if (!self.reach) return Promise.reject(new TypeError('out of reach'))
      return String(url).endsWith('/push-key') ? Promise.resolve(Response.json({ key })) : real(url, ...rest)
    }
    const made = { endpoint: 'https://push.example/new', options: { applicationServerKey: null } }
    PushManager.prototype.getSubscription = async () => null
    PushManager.prototype.subscribe = async () => ({ ...made, toJSON: () => ({ endpoint: made.endpoint, keys: {} }) })
    self.happen = async (kind) => {
      const event = new ExtendableEvent(kind)
      let work
      Object.defineProperty(event, 'waitUntil', { value: (what) => (work = what) })
      self.dispatchEvent(event)
      await work
    }
  })()`)
  await worker.evaluate(`self.happen('pushsubscriptionchange')`)
  expect(await address()).not.toContain('push.example/new')
  await worker.evaluate(`(() => { self.reach = true; return self.happen('sync') })()`)
  await expect.poll(address).toContain('webpush {"endpoint":"https://push.example/new"')
  // Its words are back before the others look.
  await bed.store.transact(async (tx) => {
    for (const device of await tx.devices.list())
      await tx.devices.save({ ...device, channel: 'socket', address: '' })
  })
})

test('opened from its icon, the app goes to the one emergency that waits for an answer', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  for (const alert of await bed.store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 10 })))
    await phone.end(alert.id)
  const alert = await bed.call({ ...TRAUMA, text: 'ARREST WARD 9', place: 'Ward 9' })
  await page.getByRole('heading', { name: 'Ward 9' }).waitFor()
  await page.goto('about:blank')
  await page.goto(`${phone.base}/app/`)
  await page.getByRole('heading', { name: 'Ward 9' }).waitFor()
  await page.getByRole('button', { name: 'I’m coming' }).tap()
  await expect.poll(() => phone.responder(alert.id, me)).toBe('accepted')
})

test('a new version takes over whole, and the phone keeps what it holds', async (ctx) => {
  if (!hasChromium()) return ctx.skip(NEEDS)
  const other = await inFront(phone.base)
  try {
    await phone.enrol({ person: me }, other.url)
    await bed.call({ ...TRAUMA, text: 'ARREST WARD 11', place: 'Ward 11' })
    await page.getByRole('heading', { name: 'Ward 11' }).waitFor()
    const shells = () => page.evaluate<readonly string[]>('caches.keys()')
    const before = await shells()
    expect(before).toHaveLength(1)

    other.release('next')
    await page.evaluate("navigator.serviceWorker.getRegistration('/app/').then((r) => r.update())")
    await expect.poll(shells).toEqual(['shell-next'])
    await page.reload()
    await page.getByText('A new version').waitFor()
    expect((await phone.stored()).join('\n')).toContain('ARREST WARD 11')
    await page.getByRole('heading', { name: 'Ward 11' }).waitFor()
    expect(phone.complaints).toEqual([])
  } finally {
    await page.goto('about:blank')
    await other.close()
  }
})

/** The same server behind another address, whose files can be made those of a later version. */
async function inFront(base: string) {
  let version: string | undefined
  const change = (text: string): string => {
    if (version === undefined) return text
    return text
      .replaceAll('Who is coming', 'A new version')
      .replace(/const VERSION = '\w+'/, `const VERSION = '${version}'`)
  }
  const server: Server = createServer((asked, answer) => {
    const path = asked.url ?? '/'
    const on = request(
      new URL(path, base),
      {
        method: asked.method,
        headers: { ...asked.headers, 'accept-encoding': 'identity', 'if-none-match': '' },
      },
      (said) => {
        if (!/\.js$|^\/app\/$/.test(path)) {
          answer.writeHead(said.statusCode ?? 500, said.headers)
          return said.pipe(answer)
        }
        const chunks: Buffer[] = []
        said.on('data', (chunk: Buffer) => chunks.push(chunk))
        said.on('end', () => {
          const { 'content-length': _, etag: __, 'content-security-policy': ___, ...headers } = said.headers
          answer.writeHead(said.statusCode ?? 500, headers)
          answer.end(change(Buffer.concat(chunks).toString('utf8')))
        })
      },
    )
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    release(next: string) {
      version = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
