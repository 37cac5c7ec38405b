import { expect, test } from 'vitest'
import { openApp, windowsOf } from '../../src/web/app/open.js'

/** A browser with these pages open, and what became of them. */
function browser(...urls: string[]) {
  const did: string[] = []
  const windows = urls.map((url) => ({
    url: `https://bleeps.hospital.test${url}`,
    postMessage: ({ target }: { target: string }) => void did.push(`${url} goes to ${target}`),
    focus: async () => void did.push(`${url} in front`),
  }))
  const clients = {
    matchAll: async () => windows,
    openWindow: async (target: string) => void did.push(`new ${target}`),
  }
  return { did, clients: clients as object as Parameters<typeof openApp>[0] }
}

test('a tap with only the board open opens the app, and leaves the board alone', async () => {
  const { did, clients } = browser('/console/', '/console/#/alert/a1')
  await openApp(clients, '/app/#/alert/a1')
  expect(did).toEqual(['new /app/#/alert/a1'])
})

test('a tap with the app open brings it to the front at the call, whatever else is open before it', async () => {
  const { did, clients } = browser('/console/', '/app/#/duty')
  await openApp(clients, '/app/#/alert/a1')
  expect(did).toEqual(['/app/#/duty goes to /app/#/alert/a1', '/app/#/duty in front'])
  expect((await windowsOf(clients)).map(({ url }) => new URL(url).pathname)).toEqual(['/app/'])
})
