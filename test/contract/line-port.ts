import { describe, expect, test } from 'vitest'
import type { LinePort } from '../../src/ports/line.ts'
import { Heard } from '../support/heard.ts'

/** The far end of a line that a test holds in its hand. */
export interface FarEnd {
  readonly port: LinePort
  /** Makes the far end ready for one more link; called before each opening. */
  join(): Promise<void> | void
  sends(bytes: Uint8Array): void
  /** Resolves when this many bytes have come from us. */
  heard(count: number): Promise<number[]>
  /** The plug is pulled, the peer hangs up. */
  leaves(): void
  done(): Promise<void> | void
}

export interface LineKind {
  readonly name: string
  make(listenOnly: boolean): Promise<FarEnd>
  /** Fault of a link whose far end went away. */
  readonly leftAs: string
}

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, i) => i)

/** What every adapter of the line port owes its callers (src/ports/line.ts). */
export function linePortContract(kind: LineKind): void {
  describe(`line port: ${kind.name}`, () => {
    test('opens, and passes every byte both ways unchanged', async () => {
      const far = await kind.make(false)
      const heard = new Heard()
      const link = far.port.open(heard.on)
      expect(heard.events).toEqual([])
      await far.join()
      await heard.untilKind('opened')
      far.sends(EVERY_BYTE)
      await heard.until(() => heard.bytes.length >= 256)
      expect(heard.bytes).toEqual([...EVERY_BYTE])
      expect(await link.write(EVERY_BYTE)).toEqual({ ok: true, value: undefined })
      expect(await far.heard(256)).toEqual([...EVERY_BYTE])
      link.close()
      await heard.untilKind('closed')
      await far.done()
    })

    test('closes without a fault when we close it, once, however often it is told', async () => {
      const far = await kind.make(false)
      const heard = new Heard()
      const link = far.port.open(heard.on)
      await far.join()
      await heard.untilKind('opened')
      link.close()
      link.close()
      await heard.untilKind('closed')
      link.close()
      expect(heard.kinds()).toEqual(['opened', 'closed'])
      expect(heard.ending()).toBe('closed')
      expect(await link.write(Uint8Array.of(6))).toMatchObject({ fault: { code: 'line-closed' } })
      await far.done()
    })

    test('may be closed before it has opened', async () => {
      const far = await kind.make(false)
      const heard = new Heard()
      far.port.open(heard.on).close()
      await heard.untilKind('closed')
      expect(heard.ending()).toBe('closed')
      await far.done()
    })

    test('tells once that the far end went away, also with a write pending, and nothing after it', async () => {
      const far = await kind.make(false)
      const heard = new Heard()
      const link = far.port.open(heard.on)
      await far.join()
      await heard.untilKind('opened')
      const write = link.write(EVERY_BYTE)
      far.leaves()
      await heard.untilKind('closed')
      await write
      expect(heard.kinds().filter((k) => k === 'closed')).toHaveLength(1)
      expect(heard.ending()).toBe(kind.leftAs)
      expect(await link.write(Uint8Array.of(6))).toMatchObject({ ok: false })
      await far.done()
    })

    test('opened to listen only, not one byte leaves', async () => {
      const far = await kind.make(true)
      const heard = new Heard()
      const link = far.port.open(heard.on)
      await far.join()
      await heard.untilKind('opened')
      expect(await link.write(EVERY_BYTE)).toMatchObject({ fault: { code: 'line-listen-only' } })
      far.sends(Uint8Array.of(1, 2, 3))
      await heard.until(() => heard.bytes.length === 3)
      // What had left before would have come back by now: the far end answers bytes with nothing.
      expect(await Promise.race([far.heard(1), Promise.resolve('nothing')])).toBe('nothing')
      link.close()
      await heard.untilKind('closed')
      await far.done()
    })
  })
}
