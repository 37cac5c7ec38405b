import { createServer, get, IncomingMessage, type Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { letGo, STAYS } from '../../../src/io/http/let-go.ts'
import { settle } from '../../support/virtual-clock.ts'

/** A response on a connection whose parser is as Node 24 has it, and what was done to that, in order. */
function onLine(without?: string) {
  const done: string[] = []
  const socket = new Socket()
  const response = new ServerResponse(new IncomingMessage(socket))
  const parts: Record<string, () => void> = {
    unconsume: () => void done.push('unconsume'),
    remove: () => void done.push('remove'),
    close: () => void done.push('close'),
  }
  if (without !== undefined) delete parts[without]
  Object.assign(socket, { parser: parts })
  response.assignSocket(socket)
  response.detachSocket = () => void done.push('detach')
  return { socket, response, done }
}

test('a connection is taken from the parser whole, which is closed behind it', async () => {
  const { socket, response, done } = onLine()
  const heard: string[] = []
  const ours = () => void heard.push('ours')
  STAYS.add(ours)
  socket.on('close', ours)
  for (const event of ['data', 'end', 'close', 'error', 'timeout', 'drain', 'resume', 'pause'])
    socket.on(event, () => void heard.push(event))
  socket.setTimeout(60_000)
  let over = false
  response.once('close', () => {
    over = true
  })
  expect(letGo(response)).toBe(socket)
  expect([done, over, socket.timeout, Reflect.get(socket, 'parser')]).toEqual([
    ...[['detach', 'unconsume', 'remove'], true, 0, null],
  ])
  await settle()
  expect(done).toEqual(['detach', 'unconsume', 'remove', 'close'])
  for (const event of ['timeout', 'drain', 'resume', 'pause', 'data']) socket.emit(event)
  expect(heard).toEqual([])
  socket.emit('close')
  expect(heard).toEqual(['ours'])
})

test.each(['end', 'error'])('a stream whose reader is at its %s is cut', (event) => {
  const { socket, response } = onLine()
  letGo(response)
  expect([socket.destroyed, socket.readableFlowing]).toEqual([false, true])
  socket.emit(event, new Error('gone'))
  expect(socket.destroyed).toBe(true)
})

describe('nothing is touched', () => {
  const untouched = ({ socket, response, done }: ReturnType<typeof onLine>) => {
    const listeners = socket.listenerCount('close')
    expect(letGo(response)).toBeUndefined()
    expect([done, socket.listenerCount('close'), socket.listenerCount('end')]).toEqual([
      ...[[], listeners, new Socket().listenerCount('end')],
    ])
  }
  test.each(['unconsume', 'remove', 'close'])('where the parser has no “%s”', (name) => {
    untouched(onLine(name))
  })
  test('where there is no parser', () => {
    const line = onLine()
    Object.assign(line.socket, { parser: null })
    untouched(line)
  })
  test('where the parser is something else', () => {
    const line = onLine()
    Object.assign(line.socket, { parser: 'text' })
    untouched(line)
  })
  test('where the response cannot be taken off', () => {
    const line = onLine()
    Object.assign(line.response, { detachSocket: undefined })
    untouched(line)
  })
  test('where the answer has begun', () => {
    const line = onLine()
    line.response.writeHead(200)
    untouched(line)
  })
  test('where there is no connection', () => {
    expect(letGo(new ServerResponse(new IncomingMessage(new Socket())))).toBeUndefined()
  })
})

describe('by Node itself', () => {
  let server: Server
  beforeEach(async () => {
    server = createServer((_, response) => {
      const bare = letGo(response)
      bare?.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nbare')
      if (bare === undefined) response.end('not')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  afterEach(() => new Promise((done) => server.close(done)))

  test('the parts are there as they are used', async () => {
    const at = server.address()
    const port = typeof at === 'object' && at !== null ? at.port : 0
    const text = await new Promise<string>((done, failed) => {
      get({ port, host: '127.0.0.1', agent: false }, (answer) => {
        let all = ''
        answer.on('data', (chunk) => (all += chunk)).on('end', () => done(all))
      }).on('error', failed)
    })
    expect(text).toBe('bare')
  })
})
