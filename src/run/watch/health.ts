import type { HealthView } from '../../core/desk/views.ts'
import { FAULTS, type FaultCode } from '../../core/faults.ts'
import type { NodeId } from '../../core/ids.ts'
import type { Millis } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import { StoreFault } from '../../ports/store.ts'
import type { Auditor } from '../alert/auditor.ts'
import type { RunningFeed } from '../line/feeds.ts'
import type { Obligation } from './heartbeat.ts'

export interface Health {
  /** Fit to page, with every reason why not, and every trouble that leaves us fit. */
  ready(): Promise<HealthView>
  /** What must hold for the daemon to deserve to run: a restart would not mend a pulled plug, so ports are not here. */
  readonly obligations: readonly Obligation[]
}

export interface HealthParts {
  readonly store: Store
  readonly clock: Clock
  readonly node: NodeId
  readonly auditor: Auditor
  readonly feeds: readonly RunningFeed[]
  /** False while a configured broker does not answer. */
  readonly broker: () => boolean
  /** Roles without anybody, tests not passed, copies that are too old: told, but no reason to stop paging those who are there. */
  readonly troubles?: () => readonly { readonly code: FaultCode; readonly detail: string }[]
}

/** A database that has not taken a line in this time is not one to page with. */
const WITHIN: Millis = 1500

/** Asks everything that must hold; each answer is a code from the fault table. */
export function createHealth({ store, clock, node, auditor, feeds, broker, troubles }: HealthParts): Health {
  const key = `health/${node}`
  /** Written, not read: a full or broken disk goes on giving what it has. */
  const written = async (): Promise<FaultCode | undefined> => {
    try {
      await store.transact((tx) => tx.notes.set(key, 1, clock.now()))
      return undefined
    } catch (error) {
      return error instanceof StoreFault ? error.code : 'store-lost'
    }
  }
  let asked: Promise<FaultCode | undefined> | undefined
  /** Whoever asks while somebody waits for the answer shares it. */
  const storeFault = (): Promise<FaultCode | undefined> => {
    asked ??= new Promise<FaultCode | undefined>((resolve) => {
      const late = clock.after(WITHIN, () => resolve('store-busy'))
      void written().then((fault) => {
        late.cancel()
        resolve(fault)
      })
    }).finally(() => {
      asked = undefined
    })
    return asked
  }
  return {
    async ready() {
      const reasons: { code: FaultCode; detail?: string; unfit: boolean }[] = []
      const store = await storeFault()
      if (store) reasons.push({ code: store, unfit: true })
      const audit = auditor.state()
      if (audit.withoutFuture > 0) {
        reasons.push({ code: 'alert-without-future', detail: `${audit.withoutFuture}`, unfit: true })
      }
      if (audit.checked !== undefined && !audit.good && audit.withoutFuture === 0) {
        reasons.push({ code: 'due-late', detail: `${Math.round(audit.late)} ms`, unfit: true })
      }
      const deaf = feeds.every((feed) => feed.view().state !== 'open')
      for (const feed of feeds) {
        for (const code of feed.faults()) reasons.push({ code, detail: feed.id, unfit: deaf })
        if (feed.held() > 0)
          reasons.push({ code: 'pages-held', detail: `${feed.id}: ${feed.held()}`, unfit: true })
      }
      if (deaf && !reasons.some((r) => r.unfit)) reasons.push({ code: 'no-feed', unfit: true })
      if (!broker()) reasons.push({ code: 'broker-unreachable', unfit: false })
      for (const trouble of troubles?.() ?? []) reasons.push({ ...trouble, unfit: false })
      return {
        status: reasons.some((r) => r.unfit) ? 'not-ready' : 'ready',
        reasons: reasons.map(({ code, detail, unfit }) => ({
          code,
          sentence: FAULTS[code].sentence,
          remedy: FAULTS[code].remedy,
          ...(detail === undefined ? {} : { detail }),
          ...(unfit ? { unfit } : {}),
        })),
      }
    },
    obligations: [
      { name: 'store', holds: async () => (await storeFault()) === undefined },
      { name: 'obligations', holds: () => auditor.state().withoutFuture === 0 },
      { name: 'due', holds: () => auditor.state().good },
    ],
  }
}
