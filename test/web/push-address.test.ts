import { expect, test, vi } from 'vitest'

const sent: unknown[] = []
vi.mock('../../src/web/app/line.js', () => ({
  api: { send: async (...what: unknown[]) => void sent.push(what) },
}))
vi.mock('../../src/web/app/store.js', () => ({ keep: async () => undefined }))
const { subscribe } = await import('../../src/web/app/push-address.js')

const bytesOf = (key: string) =>
  Uint8Array.from(atob(key.replaceAll('_', '/').replaceAll('-', '+')), (letter) => letter.charCodeAt(0))

/** A browser that holds an address of this key, as bytes; undefined: none. */
function browser(holds: string | undefined) {
  const did: string[] = []
  const of = (key: string) => ({
    endpoint: `https://push.example/${key}`,
    options: { applicationServerKey: bytesOf(key) },
    toJSON: () => ({ endpoint: `https://push.example/${key}` }),
    unsubscribe: async () => void did.push('gives up the old address'),
  })
  const pushManager = {
    getSubscription: async () => (holds === undefined ? null : of(holds)),
    async subscribe({ applicationServerKey }: { applicationServerKey: string }) {
      did.push(`subscribes with ${applicationServerKey}`)
      return of(applicationServerKey)
    },
  }
  return { did, registration: { pushManager } as object as Parameters<typeof subscribe>[0] }
}
const [OLD, NEW] = ['AAAA', '__-8']

test.each([
  ['another key of the server', OLD, false, ['gives up the old address', `subscribes with ${NEW}`]],
  ['the same key', NEW, false, [`subscribes with ${NEW}`]],
  ['the same key, and it is dead', NEW, true, ['gives up the old address', `subscribes with ${NEW}`]],
  ['nothing, because the browser dropped it', undefined, false, [`subscribes with ${NEW}`]],
])(
  'a phone that holds an address of %s makes the one that is needed and tells it',
  async (_, holds, dead, wanted) => {
    const { did, registration } = browser(holds)
    sent.splice(0)
    await subscribe(registration, NEW, dead, false)
    expect(did).toEqual(wanted)
    expect(sent).toEqual([
      [
        'PUT',
        '/devices/me/subscription',
        { channel: 'webpush', address: JSON.stringify({ endpoint: `https://push.example/${NEW}` }) },
      ],
    ])
  },
)
