import { z } from 'zod'
import { type AlertView, alertView } from '../../../src/core/desk/alert-views.ts'
import { codeView, deviceView, rotaView } from '../../../src/core/desk/people-views.ts'
import { boardView, type Card, type StrangersView, strangersView } from '../../../src/core/desk/views.ts'
import { SIMULATED } from '../holder.ts'

/** Somebody on duty. */
export interface OnDuty {
  readonly person: string
  readonly name: string
  readonly roles: readonly string[]
}

/** The switchboard operator's side of the HTTP surface. */
export interface Operator {
  /** Everybody who holds some role now, with the roles they hold. */
  onDuty(): Promise<ReadonlyMap<string, OnDuty>>
  code(person: string): Promise<string>
  /** For the screen of a ward. */
  wardCode(ward: string): Promise<string>
  /** Everybody who has a phone that is none of the simulation. */
  visitors(): Promise<ReadonlySet<string>>
  /** Every alert of the last hour, open or closed. */
  board(): Promise<readonly Card[]>
  alert(id: string): Promise<AlertView>
  /** Radio addresses of the last day that no directory holds. */
  strangers(): Promise<StrangersView['addresses']>
  close(id: string, version: number): Promise<void>
}

export function createOperator(base: string, token: string): Operator {
  const call = async <T>(shape: z.ZodType<T>, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${base}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    })
    const answer: unknown = await response.json()
    const read = shape.safeParse(answer)
    if (!read.success)
      throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer).slice(0, 300)}`)
    return read.data
  }
  return {
    async onDuty() {
      const { roles } = await call(rotaView, '/rota')
      const people = new Map<string, OnDuty>()
      for (const { name: role, holders } of roles)
        for (const { person, name = person } of holders)
          people.set(person, { person, name, roles: [...(people.get(person)?.roles ?? []), role] })
      return people
    },
    wardCode: async (ward) => (await call(codeView, '/enrolments', { kind: 'ward', id: ward })).code,
    code: async (person) => (await call(codeView, '/enrolments', { kind: 'person', id: person })).code,
    async visitors() {
      const { devices } = await call(z.object({ devices: z.array(deviceView) }), '/devices')
      const real = devices.filter((d) => d.state === 'active' && d.label !== SIMULATED)
      return new Set(real.map((d) => d.owner.id))
    },
    async board() {
      const since = new Date(Date.now() - 3_600_000).toISOString()
      const phases = ['open', 'closed'].map((phase) =>
        call(boardView, `/alerts?phase=${phase}&since=${since}`),
      )
      return (await Promise.all(phases)).flatMap((board) => board.alerts)
    },
    alert: (id) => call(alertView, `/alerts/${id}`),
    strangers: async () => (await call(strangersView, '/review/strangers')).addresses,
    async close(id, version) {
      await call(z.unknown(), `/alerts/${id}/actions`, { action: 'close', version })
    },
  }
}
