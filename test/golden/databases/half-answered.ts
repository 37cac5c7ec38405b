import { asId, type RoleId } from '../../../src/core/ids.ts'
import { type Bed, type Call, KEYS } from '../../support/desk-bed.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'

const CALL: Call = { text: '', kind: 'text-request', class: 'routine', roles: [] }

/**
 * A bad quarter of an hour, stopped in the middle: calls of every class, each open in a way of its own. Only what is a
 * contract is used, HTTP above all, so that any revision can play it.
 */
export async function playHalf(bed: Bed, clock: VirtualClock): Promise<void> {
  const phones = new Map<string, { token: string; person: string }>()
  for (const role of ['med-reg', 'ccu-nurse', 'surg-reg', 'med-f1', 'anaes-reg', 'ortho-reg']) {
    const person = bed.holder(role)
    phones.set(role, { person, token: (await bed.enrol({ person })).token })
  }
  const post = async (url: string, token: string, payload: object) => {
    const said = await bed.http.app.inject({
      method: 'POST',
      url: `/api/v1/${url}`,
      headers: { authorization: `Bearer ${token}` },
      payload,
    })
    if (said.statusCode >= 300) throw new Error(`${url}: ${said.statusCode} ${said.body}`)
  }
  const phone = (role: string) => phones.get(role)!
  const card = async (alert: string) => {
    const said = await bed.http.app.inject({
      url: `/api/v1/alerts/${alert}`,
      headers: { authorization: `Bearer ${KEYS.switchboard}` },
    })
    return said.json<{ version: number }>()
  }
  const answer = async (alert: string, role: string, given: string, note?: string) =>
    post(`alerts/${alert}/answers`, phone(role).token, {
      answer: given,
      version: (await card(alert)).version,
      ...(note === undefined ? {} : { note }),
    })
  const act = async (alert: string, action: object) =>
    post(`alerts/${alert}/actions`, KEYS.switchboard, { ...action, version: (await card(alert)).version })
  const confirm = async (alert: string, role: string, stages: readonly string[]) => {
    const { token } = phone(role)
    const inbox = await bed.http.app.inject({
      url: '/api/v1/inbox',
      headers: { authorization: `Bearer ${token}` },
    })
    const { items } = inbox.json<{ items: { attempt?: string; alert: { id: string } }[] }>()
    const attempt = items.find((item) => item.alert.id === alert)?.attempt
    for (const stage of stages) await post('receipts', token, { attempt, stage })
  }
  const closed = await bed.call({ ...CALL, text: 'PLS REVIEW FLUIDS WARD 4 BED 2', roles: ['med-f1'] })
  await answer(closed.id, 'med-f1', 'arrived')
  await act(closed.id, { action: 'close', note: 'Seen to' })
  await pass(bed, clock, 2)

  const covered = await bed.call({
    ...CALL,
    text: 'X 4421',
    kind: 'call-back',
    callBack: '4421',
    roles: ['med-f1'],
  })
  await confirm(covered.id, 'med-f1', ['on-device', 'presented', 'opened'])
  await answer(covered.id, 'med-f1', 'call-back')

  const declined = await bed.call({
    ...CALL,
    text: 'SEPSIS WARD 9 BED 4',
    kind: 'sepsis',
    class: 'urgent',
    place: 'WARD 9 BED 4',
    roles: ['surg-reg', 'ortho-reg'],
  })
  await confirm(declined.id, 'surg-reg', ['on-device'])
  await answer(declined.id, 'surg-reg', 'declined', 'In theatre')
  await pass(bed, clock, 45)
  await act(declined.id, { action: 'take-over' })
  await act(declined.id, { action: 'also-ask', role: 'med-reg' })

  const unheard = await bed.call({
    ...CALL,
    text: 'TRAUMA ED RESUS 1',
    kind: 'trauma',
    class: 'emergency',
    roles: ['anaes-reg', 'ed-lead'],
  })
  await pass(bed, clock, 40)

  const arrest = await bed.call({
    ...CALL,
    text: 'ADULT CARDIAC ARREST WARD 7B BED 3',
    kind: 'adult-arrest',
    class: 'emergency',
    place: 'WARD 7B BED 3',
    roles: ['med-reg', 'ccu-nurse'],
    optional: ['anaes-reg'],
  })
  await confirm(arrest.id, 'med-reg', ['on-device', 'presented', 'opened'])
  await confirm(arrest.id, 'ccu-nurse', ['on-device', 'presented'])
  await answer(arrest.id, 'med-reg', 'accepted')
  await post(`alerts/${arrest.id}/thread`, phone('med-reg').token, { kind: 'eta', text: '2 min' })
  await bed.alerts.apply(arrest.id, {
    kind: 'repeated',
    at: clock.now(),
    bleep: covered.bleep,
    reason: 'second-request',
  })
  await answer(arrest.id, 'ccu-nurse', 'call-back')

  const trial = await bed.call({
    ...CALL,
    text: 'TEST CALL',
    kind: 'test',
    class: 'test',
    roles: ['med-reg'],
  })
  await confirm(trial.id, 'med-reg', ['on-device', 'presented'])

  await bed.alerts.apply(unheard.id, {
    kind: 'handed-over',
    at: clock.now(),
    role: asId<RoleId>('anaes-reg'),
    from: bed.holder('anaes-reg'),
    to: bed.holder('ortho-reg'),
  })
  // Killed with attempts in its hands.
  const now = clock.now()
  await bed.store.transact((tx) => tx.attempts.claim({ owner: 'golden', now, until: now + 30_000, limit: 5 }))
}

/** Lets seconds pass and what is due in them happen. */
export async function pass(bed: Bed, clock: VirtualClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await clock.elapse(1000)
    const now = clock.now()
    const claim = { owner: 'golden', now, until: now + 5000, limit: 100 }
    for (const { alert, name } of await bed.store.transact((tx) => tx.due.claim(claim)))
      await bed.alerts.apply(alert, { kind: 'due', name, at: now })
  }
}
