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
