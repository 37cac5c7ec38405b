import { Socket } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Held, inPieces, inTurn } from '../../../src/io/http/mouth.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// How a stranger's bytes reach the parser: in pieces, in turns, and no more of them than are bounded.

let socket: Socket
/** Work that waits for its turn. */
let turns: (() => void)[]
let room: boolean
let known: boolean
let spent: boolean
const gate = {
  stranger(address: string, work: () => void) {
    expect(address).toBe('203.0.113.9')
    if (room) turns.push(work)
    return room
  },
  isKnown: () => known,
  isSpent: () => spent,
}
beforeEach(() => {
  socket = new Socket()
  turns = []
  room = true
  known = false
  spent = false
})
const turn = () => turns.shift()?.()

describe('a new connection', () => {
  let clock: VirtualClock
  let begun = 0
  beforeEach(() => {
    clock = new VirtualClock()
    begun = 0
    inTurn(socket, '203.0.113.9', gate, clock, () => {
      begun += 1
    })
  })

  test('is begun with in its turn, once it has said something, and need not hurry after that', () => {
    expect(turns).toEqual([])
    socket.emit('readable')
    socket.emit('readable')
    expect([begun, turns.length, clock.pending]).toEqual([0, 1, 0])
    turn()
    expect([begun, socket.destroyed, socket.listenerCount('close')]).toEqual([1, false, 0])
  })

  test('that says nothing within ten seconds is ended', () => {
    clock.advance(9999)
    expect(socket.destroyed).toBe(false)
    clock.advance(1)
    expect(socket.destroyed).toBe(true)
  })

  test('that has gone before it said anything leaves no timer', () => {
    socket.emit('close')
    expect(clock.pending).toBe(0)
  })

  test('that has gone before its turn is not begun with', () => {
    socket.emit('readable')
    socket.destroy()
    turn()
    expect(begun).toBe(0)
  })

  test('for which there is no place is ended', () => {
    room = false
    socket.emit('readable')
    expect(socket.destroyed).toBe(true)
  })

  test('that breaks is no trouble of ours', () => {
    expect(() => socket.emit('error', new Error('reset'))).not.toThrow()
  })
})

describe('bytes', () => {
  let held: Held
  let parsed: number[]
  let ended: string[]
  beforeEach(() => {
    held = { bytes: 0 }
    parsed = []
    ended = []
    socket.on('data', (chunk: Buffer) => void parsed.push(chunk.length))
    for (const name of ['one', 'two']) socket.on('end', () => void ended.push(name))
    inPieces(socket, '203.0.113.9', gate, held)
  })
  const send = (bytes: number) => socket.emit('data', Buffer.alloc(bytes, 'x'))

  test('of a stranger are read in pieces, each in its turn, and nothing more is taken meanwhile', () => {
    socket.resume()
    send(1300)
    expect([parsed, turns.length, socket.isPaused(), held.bytes]).toEqual([[], 1, true, 1300])
    turn()
    expect([parsed, turns.length, socket.isPaused(), held.bytes]).toEqual([[512], 1, true, 788])
    turn()
    turn()
    expect([parsed, turns.length, socket.isPaused(), held.bytes]).toEqual([[512, 512, 276], 0, false, 0])
  })

  test('are read in the order in which they came, and asked for once', () => {
    send(512)
    send(100)
    expect(turns).toHaveLength(1)
    turn()
    expect([parsed, turns.length]).toEqual([[512], 1])
    turn()
    expect([parsed, turns.length]).toEqual([[512, 100], 0])
  })

  test('of somebody known are read whole at once; more than a request is not', () => {
    known = true
    send(4096)
    expect([parsed, turns.length, held.bytes]).toEqual([[4096], 0, 0])
    send(4097)
    expect([parsed, turns.length, held.bytes]).toEqual([[4096], 1, 4097])
    // What comes meanwhile stays behind it.
    send(10)
    expect(parsed).toEqual([4096])
  })

  test('of somebody known who has asked too much at once are read no more', () => {
    known = true
    spent = true
    send(10)
    turn()
    expect([parsed, held.bytes, turns.length]).toEqual([[], 0, 0])
  })

  test('that nobody can read any more are dropped', () => {
    for (const over of [
      () => socket.removeAllListeners('data'),
      () => {
        socket.destroy()
      },
    ]) {
      send(1300)
      over()
      turn()
      expect([parsed, turns.length]).toEqual([[], 0])
      socket.on('data', () => undefined)
    }
    expect(held.bytes).toBe(0)
  })

  test('for which there is no place end their connection', () => {
    room = false
    send(10)
    expect(socket.destroyed).toBe(true)
  })

  test('of one connection are bounded', () => {
    send(40 * 1024)
    expect(socket.destroyed).toBe(false)
    send(1)
    expect(socket.destroyed).toBe(true)
  })

  test('of all connections are bounded', () => {
    held.bytes = 16 * 1024 * 1024 - 10
    send(10)
    expect(socket.destroyed).toBe(false)
    send(1)
    expect(socket.destroyed).toBe(true)
  })

  test('of a connection that has gone are held no more', () => {
    held.bytes = 5
    send(1300)
    turn()
    socket.emit('close')
    expect(held.bytes).toBe(5)
    turn()
    expect([parsed, held.bytes, turns.length]).toEqual([[512], 5, 0])
  })

  test('that are the last are read before the end is told', () => {
    send(600)
    socket.emit('end')
    expect(ended).toEqual([])
    turn()
    expect(ended).toEqual([])
    turn()
    expect([parsed, ended]).toEqual([
      [512, 88],
      ['one', 'two'],
    ])
  })

  test('that have all been read leave the end to be told at once', () => {
    send(10)
    turn()
    expect(ended).toEqual([])
    socket.emit('end')
    expect(ended).toEqual(['one', 'two'])
  })

  test('of whom Node itself does not want more are not asked for', () => {
    Object.assign(socket, { _paused: true })
    send(10)
    turn()
    expect([parsed, socket.isPaused()]).toEqual([[10], true])
  })
})
