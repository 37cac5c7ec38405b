import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Seeded } from '../../src/core/seeded.ts'
import type { ChaosNode } from './node.ts'
import type { World } from './world.ts'

/** One way in which a machine fails: what happens, and how it is made good. */
export interface Fault {
  readonly kind: string
  /** It strikes the database of both nodes. */
  readonly both?: true
  can(world: World): boolean
  /** Does it to one node; what it gives makes it good. */
  strike(world: World, node: ChaosNode, random: Seeded): Promise<() => Promise<void>> | (() => Promise<void>)
}

const pause = (ms: number) => new Promise<void>((next) => setTimeout(next, ms))
const HOUR = 3_600_000
const [EIO, ENOSPC] = [5, 28]
const one = (world: World) => world.file !== undefined
const two = (world: World) => world.pair !== undefined

const disk = (kind: string, errno: number): Fault => ({
  kind,
  can: (world) => one(world) && world.badDisk,
  strike(_, node) {
    node.disk(errno)
    return async () => node.disk(0)
  },
})

const clock = (kind: string, off: number): Fault => ({
  kind,
  can: () => true,
  strike(_, node) {
    node.clock(off)
    return async () => node.clock(0)
  },
})

export const CHAOS: readonly Fault[] = [
  {
    kind: 'kill',
    can: () => true,
    async strike(_, node) {
      await node.kill()
      return async () => node.start()
    },
  },
  {
    kind: 'stop',
    can: () => true,
    strike(_, node) {
      node.signal('SIGSTOP')
      return async () => node.signal('SIGCONT')
    },
  },
  {
    // Longer than two readings of one transmission lie apart: what waited meanwhile is read at once when it goes on.
    kind: 'freeze',
    can: two,
    async strike(_, node) {
      node.signal('SIGSTOP')
      await pause(7000)
      return async () => node.signal('SIGCONT')
    },
  },
  {
    kind: 'hole',
    can: two,
    strike(world, node) {
      const own = world.ways[world.nodes.indexOf(node)] ?? []
      for (const way of own) way.hole()
      return async () => {
        for (const way of own) way.heal()
      }
    },
  },
  {
    kind: 'fail-over',
    both: true,
    can: two,
    async strike(world) {
      await world.pair?.failOver()
      return async () => world.pair?.renew()
    },
  },
  {
    kind: 'box',
    both: true,
    can: two,
    async strike(world, node) {
      await node.kill()
      await world.pair?.failOver()
      return async () => {
        await world.pair?.renew()
        node.start()
      }
    },
  },
  {
    kind: 'away',
    both: true,
    can: two,
    async strike(world) {
      for (const way of world.ways.flat()) way.hole()
      // Longer than a line waits, so that both nodes page from files of their own.
      await pause(4000)
      return async () => {
        for (const way of world.ways.flat()) way.heal()
      }
    },
  },
  {
    kind: 'frozen',
    both: true,
    can: two,
    strike(world) {
      world.pair?.freeze()
      return async () => world.pair?.thaw()
    },
  },
  disk('disk-full', ENOSPC),
  disk('eio', EIO),
  {
    kind: 'deleted',
    can: one,
    strike(world) {
      for (const file of filesOf(world)) rmSync(file, { force: true })
      return async () => undefined
    },
  },
  {
    kind: 'replaced',
    can: one,
    strike({ file = '' }) {
      const other = `${file}.other`
      rmSync(other, { force: true })
      const db = new DatabaseSync(other)
      db.exec('create table elsewhere (here)')
      db.close()
      renameSync(other, file)
      return async () => undefined
    },
  },
  {
    kind: 'flipped',
    can: one,
    async strike({ file = '' }, node, random) {
      await node.kill()
      flip(file, random)
      return async () => node.start()
    },
  },
  clock('clock +1 h', HOUR),
  clock('clock -1 h', -HOUR),
]

function filesOf({ file = '' }: World): readonly string[] {
  const folder = dirname(file)
  const own = new Set([basename(file), `${basename(file)}-wal`, `${basename(file)}-shm`])
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => own.has(name))
        .map((name) => join(folder, name))
    : []
}

/** A few bits anywhere in the file are another. */
function flip(file: string, random: Seeded): void {
  const fd = openSync(file, 'r+')
  const { size } = fstatSync(fd)
  const byte = Buffer.alloc(1)
  for (let bits = 0; bits < 4; bits += 1) {
    const at = Math.floor(random() * size)
    readSync(fd, byte, 0, 1, at)
    byte[0] = (byte[0] ?? 0) ^ (1 << Math.floor(random() * 8))
    writeSync(fd, byte, 0, 1, at)
  }
  closeSync(fd)
}
