import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createGate } from '../../../src/io/http/gate.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** Requests of one known caller, each on a connection of its own, and in which order they are begun. */
function caller() {
  const gate = createGate(new VirtualClock(), { trustedProxies: [] })
  const begun: string[] = []
  const handle = gate.handler((request) => void begun.push(`${request.method} ${request.url}`))
  const ask = (method: string, url: string) => {
    const request = Object.assign(new IncomingMessage(new Socket()), {
      ...{ method, url, headers: { authorization: 'Bearer good' } },
    })
    gate.knows(request, 'operator/sw')
    handle(request, new ServerResponse(request))
  }
  return { begun, ask }
}

test('a call that is started is begun at once, whatever the same board is reading', () => {
  const { begun, ask } = caller()
  ask('GET', '/rota')
  ask('GET', '/alerts')
  ask('HEAD', '/alerts')
  expect(begun).toEqual(['GET /rota'])
  ask('POST', '/calls')
  expect(begun).toEqual(['GET /rota', 'POST /calls'])
})

test('what one caller writes is begun one at a time', () => {
  const { begun, ask } = caller()
  ask('POST', '/calls')
  ask('PUT', '/duty')
  expect(begun).toEqual(['POST /calls'])
})

test('behind a proxy each takes turns by the address that it names, and nobody by one of their own making', async () => {
  const gate = createGate(new VirtualClock(), { trustedProxies: ['192.0.2.1', '192.0.2.2'] })
  const order: string[] = []
  const handle = gate.handler((request) => void order.push(String(request.headers['x-forwarded-for'])))
  const ask = (from: string, forwarded: string) => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: from })
    const request = Object.assign(new IncomingMessage(socket), {
      ...{ method: 'GET', url: '/healthz', headers: { 'x-forwarded-for': forwarded } },
    })
    handle(request, new ServerResponse(request))
  }
  // Each of the flood names another address before the one that the proxy has seen it come from.
  for (let i = 0; i < 5; i++) ask('192.0.2.1', `198.51.100.${i}, 203.0.113.6:${4000 + i}, 192.0.2.2`)
  ask('192.0.2.1', '203.0.113.7')
  // No proxy of ours: what it forwards is only said.
  for (let i = 0; i < 3; i++) ask('203.0.113.6', `198.51.100.${i}`)
  // Who is not answered is waited for briefly, and then the next has their turn.
  await expect.poll(() => order.length).toBe(9)
  expect(order.slice(0, 3)).toEqual([
    '198.51.100.0, 203.0.113.6:4000, 192.0.2.2',
    '198.51.100.1, 203.0.113.6:4001, 192.0.2.2',
    '203.0.113.7',
  ])
})

test('whoever adds cookies of their own to a good one is nobody new, and pushes nobody out', () => {
  const gate = createGate(new VirtualClock(), { trustedProxies: [] })
  const begun: string[] = []
  const handle = gate.handler((request) => void begun.push(String(request.headers.cookie)))
  const asking = (cookie: string) =>
    Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/alerts', headers: { cookie } })
  const ask = (request: IncomingMessage) => handle(request, new ServerResponse(request))
  const other = asking('theme=dark; bleepd=.1.p-other.mac')
  gate.knows(other, 'operator/other')
  for (let i = 0; i < 25_000; i++) gate.knows(asking(`junk=${i}; bleepd=.1.p-x.mac`), 'operator/sw')
  // The strangers' lane is taken: who had become one would wait behind it.
  ask(asking('nothing=good'))
  ask(other)
  expect(begun).toEqual(['nothing=good', 'theme=dark; bleepd=.1.p-other.mac'])
})

test('a route’s refusal of one too many is written later, and the caller’s next request does not wait for it', async () => {
  const clock = new VirtualClock()
  const gate = createGate(clock, { trustedProxies: [] })
  const begun: string[] = []
  const told: string[] = []
  const handle = gate.handler((request) => {
    begun.push(String(request.url))
    if (request.url === '/rota/changes') void gate.held(request).then(() => told.push('refused'))
  })
  const asking = (url: string, more = {}) =>
    Object.assign(new IncomingMessage(new Socket()), { method: 'POST', url, headers: more })
  const ask = (url: string) => {
    const request = asking(url, { authorization: 'Bearer good' })
    gate.knows(request, 'operator/sw')
    handle(request, new ServerResponse(request))
  }
  ask('/rota/changes')
  ask('/calls')
  await clock.elapse(900)
  expect([begun, told]).toEqual([['/rota/changes', '/calls'], []])
  await clock.elapse(1200)
  expect(told).toEqual(['refused'])
  // What did not come by the gate waits for nothing.
  await gate.held(asking('/rota/changes'))
})
