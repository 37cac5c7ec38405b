import { readProfile } from '../../src/config/profile.ts'
import type { Page } from '../../src/core/bleep/bleep.ts'
import { asId } from '../../src/core/ids.ts'
import type { CallRecord } from '../../src/core/line/kit/call-record.ts'
import type { Wire } from '../../src/core/line/kit/protocol.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { LinePort } from '../../src/ports/line.ts'
import { createFeed, type Feed } from '../../src/run/line/feed.ts'
import { type SupervisedPort, supervisePort } from '../../src/run/line/port.ts'

/** A whole feed as the daemon builds it, from line to stored page, with a store that always succeeds. */
export interface FeedBed {
  readonly feed: Feed
  readonly pages: Page[]
  readonly calls: CallRecord[]
  /** `raised port-absent`, `cleared port-absent`, in order. */
  readonly faults: string[]
  readonly discarded: string[]
  readonly listensOnly: boolean
  /** How often a wire came up, and how many bytes came in. */
  readonly seen: { opened: number; bytes: number }
  readonly ports: readonly SupervisedPort[]
  until(ready: () => boolean): Promise<void>
  close(): void
}

export function feedBed(
  profileName: string,
  clock: Clock,
  wires: (listenOnly: boolean) => Partial<Record<Wire, LinePort>>,
  options: Record<string, unknown> = {},
): FeedBed {
  const profile = readProfile(profileName)
  if (!profile.ok) throw new Error(profile.fault.detail)
  const opened = PROTOCOLS.get(profile.value.protocol)?.open({ ...profile.value.options, ...options })
  if (!opened?.ok) throw new Error('options do not fit')
  const line = opened.value
  const pages: Page[] = []
  const calls: CallRecord[] = []
  const faults: string[] = []
  const discarded: string[] = []
  const waiting: { ready: () => boolean; go: () => void }[] = []
  const look = () => {
    for (const w of waiting) if (w.ready()) w.go()
  }
  const ports: SupervisedPort[] = []
  const seen = { opened: 0, bytes: 0 }
  const feed = createFeed(
    line,
    {
      async store(page) {
        pages.push(page)
        look()
        return { ok: true, value: asId(`bleep-${pages.length}`) }
      },
      call(record) {
        calls.push(record)
        look()
      },
      discarded(bytes, fault) {
        discarded.push(`${fault} ${Buffer.from(bytes).toString('latin1')}`)
        ports[0]?.discarded(bytes.length)
        look()
      },
      noted: () => undefined,
      checked: () => undefined,
      write: (bytes) => void ports[0]?.write(bytes),
      takes: () => true,
      hangUp: () => ports[0]?.hangUp(),
      failed: (error) => {
        throw error
      },
    },
    clock,
  )
  for (const [wire, port] of Object.entries(wires(line.listensOnly)) as [Wire, LinePort][]) {
    ports.push(
      supervisePort(
        port,
        { wire, silentAfter: 0, reopen: true },
        { clock },
        {
          opened(at) {
            feed.opened(at)
            seen.opened += 1
            look()
          },
          closed: (at) => feed.closed(at),
          bytes(bytes, at, began) {
            feed.bytes(bytes, at, wire, began)
            seen.bytes += bytes.length
            look()
          },
          errors: () => undefined,
          fault(fault) {
            faults.push(`raised ${fault.code}`)
            look()
          },
          cleared(code) {
            faults.push(`cleared ${code}`)
            look()
          },
        },
      ),
    )
  }
  return {
    feed,
    pages,
    calls,
    faults,
    discarded,
    listensOnly: line.listensOnly,
    seen,
    ports,
    until: (ready) =>
      new Promise((go) => {
        waiting.push({ ready, go })
        look()
      }),
    close() {
      void feed.stop()
      for (const port of ports) port.close()
    },
  }
}
