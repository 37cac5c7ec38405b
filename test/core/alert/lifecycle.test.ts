import { expect, test } from 'vitest'
import type { Actor, Alert } from '../../../src/core/alert/alert.ts'
import { blankAlert, recordedWho, replayAlert } from '../../../src/core/alert/lifecycle.ts'
import { futureOf } from '../../../src/core/alert/obligations.ts'
import { type AttemptId, asId, type PersonId, type RoleId } from '../../../src/core/ids.ts'
import { Call, covered, crash } from '../../support/call.ts'

const id = (person: string) => asId<PersonId>(person)

test('raised: everyone at once, a receipt watch and the next step', () => {
  expect(crash().look()).toEqual([
    '0 ask reg: first-ask',
    '0 due receipt at 5',
    '0 ask nurse: first-ask',
    '0 ask gas: first-ask',
    '0 due step-1 at 15',
  ])
})

test('the whole plan without an answer', () => {
  const call = crash().receipt('reg').receipt('nurse').receipt('gas')
  call.look()
  expect(call.until(90).look()).toMatchInlineSnapshot(`
    [
      "5 forget receipt",
      "15 forget step-1",
      "15 radio: cover-late",
      "15 tell switchboard prompt: cover-late med-reg ccu-nurse",
      "15 again reg: cover-late",
      "15 due receipt at 20",
      "15 ask icu: cover-late",
      "15 again nurse: cover-late",
      "15 ask out: cover-late",
      "15 due step-2 at 30",
      "20 forget receipt",
      "20 again icu by path 1: no-receipt",
      "20 again out by path 1: no-receipt",
      "20 due receipt at 25",
      "25 forget receipt",
      "25 again icu by path 2: no-receipt",
      "25 again out by path 2: no-receipt",
      "25 due receipt at 30",
      "30 forget step-2",
      "30 radio: switchboard-must-act",
      "30 tell switchboard act: switchboard-must-act med-reg ccu-nurse",
      "30 again reg: switchboard-must-act",
      "30 again icu: switchboard-must-act",
      "30 again nurse: switchboard-must-act",
      "30 again out: switchboard-must-act",
      "30 due repeat at 60",
      "30 is exhausted",
      "30 forget receipt",
      "30 due receipt at 35",
      "35 forget receipt",
      "35 again icu by path 1: no-receipt",
      "35 again out by path 1: no-receipt",
      "35 due receipt at 40",
      "40 forget receipt",
      "40 again icu by path 2: no-receipt",
      "40 again out by path 2: no-receipt",
      "40 due receipt at 45",
      "45 forget receipt",
      "45 again icu by path 3: no-receipt",
      "45 again out by path 3: no-receipt",
      "45 due receipt at 50",
      "50 forget receipt",
      "50 tell switchboard info: no-further-path icu-reg",
      "50 tell switchboard info: no-further-path outreach",
      "60 forget repeat",
      "60 tell switchboard act: plan-repeats med-reg ccu-nurse",
      "60 radio: plan-repeats",
      "60 again reg: plan-repeats",
      "60 due receipt at 65",
      "60 again icu: plan-repeats",
      "60 again nurse: plan-repeats",
      "60 again out: plan-repeats",
      "60 due repeat at 90",
      "65 forget receipt",
      "65 again icu by path 1: no-receipt",
      "65 again out by path 1: no-receipt",
      "65 due receipt at 70",
      "70 forget receipt",
      "70 again icu by path 2: no-receipt",
      "70 again out by path 2: no-receipt",
      "70 due receipt at 75",
      "75 forget receipt",
      "75 again icu by path 3: no-receipt",
      "75 again out by path 3: no-receipt",
      "75 due receipt at 80",
      "80 forget receipt",
      "80 tell switchboard info: no-further-path icu-reg",
      "80 tell switchboard info: no-further-path outreach",
      "90 forget repeat",
      "90 tell switchboard act: plan-repeats med-reg ccu-nurse",
      "90 radio: plan-repeats",
      "90 again reg: plan-repeats",
      "90 due receipt at 95",
      "90 again icu: plan-repeats",
      "90 again nurse: plan-repeats",
      "90 again out: plan-repeats",
      "90 due repeat at 120",
    ]
  `)
  expect(call.alert.attention).toMatchInlineSnapshot(`
    {
      "level": "act",
      "reason": "plan-repeats",
      "roles": [
        "med-reg",
        "ccu-nurse",
      ],
      "since": 1015000,
    }
  `)
  expect(call.alert.rounds).toBe(19)
})

test('no receipts: path after path, then out of reach', () => {
  const call = crash().receipt('reg').receipt('gas')
  call.look()
  expect(call.until(14).look()).toMatchInlineSnapshot(`
    [
      "5 forget receipt",
      "5 again nurse by path 1: no-receipt",
      "5 due receipt at 10",
      "10 forget receipt",
      "10 again nurse by path 2: no-receipt",
      "10 due receipt at 15",
    ]
  `)
  expect(call.says('reg', 'accepted').until(52).look()).toMatchInlineSnapshot(`
    [
      "14 hop accepted reg",
      "14 applied: answer-recorded reg",
      "14 tell team info: cover-short ccu-nurse",
      "14 tell switchboard info: cover-short ccu-nurse",
      "15 forget step-1",
      "15 radio: cover-late",
      "15 tell switchboard prompt: cover-late ccu-nurse",
      "15 again nurse: cover-late",
      "15 ask out: cover-late",
      "15 due step-2 at 30",
      "15 forget receipt",
      "15 due receipt at 20",
      "20 forget receipt",
      "20 again nurse by path 1: no-receipt",
      "20 again out by path 1: no-receipt",
      "20 due receipt at 25",
      "25 forget receipt",
      "25 again nurse by path 2: no-receipt",
      "25 again out by path 2: no-receipt",
      "25 due receipt at 30",
      "30 forget step-2",
      "30 radio: switchboard-must-act",
      "30 tell switchboard act: switchboard-must-act ccu-nurse",
      "30 again nurse: switchboard-must-act",
      "30 again out: switchboard-must-act",
      "30 due repeat at 60",
      "30 is exhausted",
      "30 forget receipt",
      "30 due receipt at 35",
      "35 forget receipt",
      "35 again nurse by path 1: no-receipt",
      "35 again out by path 1: no-receipt",
      "35 due receipt at 40",
      "40 forget receipt",
      "40 again nurse by path 2: no-receipt",
      "40 again out by path 2: no-receipt",
      "40 due receipt at 45",
      "45 forget receipt",
      "45 again nurse by path 3: no-receipt",
      "45 again out by path 3: no-receipt",
      "45 due receipt at 50",
      "50 forget receipt",
      "50 tell switchboard info: no-further-path ccu-nurse",
      "50 tell switchboard info: no-further-path outreach",
    ]
  `)
  expect(call.alert.responders[asId<PersonId>('nurse')]?.unreachable).toBe(true)
  expect(call.receipt('nurse').alert.responders[asId<PersonId>('nurse')]).not.toHaveProperty('unreachable')
})

test('acceptances: who is coming and what is missing is told, then covered', () => {
  const call = crash()
  call.look()
  expect(call.until(3).says('reg', 'accepted').look()).toMatchInlineSnapshot(`
    [
      "3 hop accepted reg",
      "3 applied: answer-recorded reg",
      "3 tell team info: cover-short ccu-nurse",
      "3 tell switchboard info: cover-short ccu-nurse",
    ]
  `)
  expect(call.until(4).says('nurse', 'accepted').look()).toMatchInlineSnapshot(`
    [
      "4 hop accepted nurse",
      "4 applied: answer-recorded nurse",
      "4 forget receipt",
      "4 forget step-1",
      "4 hop covered",
      "4 due close at 3604",
      "4 tell team info: cover-complete",
      "4 tell switchboard info: cover-complete",
      "4 is covered",
    ]
  `)
  expect(call.state('gas')).toBe('asked')
  expect(futureOf(call.alert)).toEqual({ kind: 'due', name: 'close', at: 1_000_000 + 3_604_000 })
})

test('attending at once counts as accepted too; arriving is stamped', () => {
  const call = crash()
  call.look()
  expect(call.says('reg', 'attending').says('reg', 'arrived').look()).toMatchInlineSnapshot(`
    [
      "0 hop accepted reg",
      "0 hop attending reg",
      "0 applied: answer-recorded reg",
      "0 tell team info: cover-short ccu-nurse",
      "0 tell switchboard info: cover-short ccu-nurse",
      "0 hop arrived reg",
      "0 applied: answer-recorded reg",
    ]
  `)
})

test('a decline frees the place, and everyone declining fires the next step', () => {
  const call = crash()
  call.look()
  expect(call.until(2).says('nurse', 'declined').look()).toMatchInlineSnapshot(`
    [
      "2 applied: answer-recorded nurse",
      "2 tell switchboard prompt: role-without-answer ccu-nurse",
      "2 ask out: substitute-asked",
    ]
  `)
  expect(call.says('out', 'declined').says('gas', 'declined').look()).toMatchInlineSnapshot(`
    [
      "2 applied: answer-recorded out",
      "2 applied: answer-recorded gas",
    ]
  `)
  expect(call.says('reg', 'not-me').says('icu', 'declined').look()).toMatchInlineSnapshot(`
    [
      "2 applied: answer-recorded reg",
      "2 tell switchboard prompt: role-without-answer med-reg",
      "2 ask icu: substitute-asked",
      "2 applied: answer-recorded icu",
      "2 forget step-1",
      "2 radio: all-declined",
      "2 tell switchboard prompt: all-declined med-reg ccu-nurse",
      "2 tell switchboard prompt: nobody-to-ask med-reg ccu-nurse",
      "2 tell switchboard act: nobody-to-ask med-reg ccu-nurse",
      "2 due repeat at 32",
      "2 is exhausted",
    ]
  `)
  expect(call.alert.gaps).toEqual(['ccu-nurse', 'med-reg'])
})

test('cover lost: the first step again for the empty place', () => {
  const call = covered()
  call.look()
  expect(call.until(60).board({ kind: 'released', person: 'nurse' }).look()).toMatchInlineSnapshot(`
    [
      "60 stand-down nurse: released",
      "60 applied: released nurse",
      "60 forget close",
      "60 tell switchboard prompt: cover-lost ccu-nurse",
      "60 ask out: cover-lost",
      "60 due receipt at 65",
      "60 due step-1 at 75",
      "60 tell team info: cover-short ccu-nurse",
      "60 tell switchboard info: cover-short ccu-nurse",
      "60 is ringing",
    ]
  `)
  expect(call.alert.responders[asId<PersonId>('nurse')]).toMatchObject({
    state: 'stood-down',
    released: true,
  })
  expect(call.board({ kind: 'released', person: 'nurse' }).look()).toEqual([
    '60 already: already-released nurse',
  ])
  expect(call.board({ kind: 'released', person: 'boss' }).look()).toEqual(['60 not-asked: not-asked'])
  expect(call.board({ kind: 'released', person: 'reg', version: 1 }).look()).toEqual(['60 stale: look-again'])
  const self: Actor = { kind: 'person', person: asId('reg') }
  expect(call.board({ kind: 'released', person: 'reg', by: self }).state('reg')).toBe('declined')
})

test('human actions that saw something else', () => {
  const call = covered()
  call.look()
  expect(call.says('reg', 'declined', 1).look()).toEqual(['0 stale: look-again'])
  expect(call.says('reg', 'accepted').look()).toEqual(['0 already: already-answered reg'])
  for (const seen of [0, 1, 2, 99])
    expect(call.says('gas', 'accepted', seen).look()).toEqual(['0 stale: look-again, still fits'])
  expect(call.says('boss', 'accepted').look()).toEqual(['0 not-asked: not-asked'])
  expect(call.board({ kind: 'closed', version: 1 }).look()).toEqual(['0 stale: look-again'])
  expect(call.board({ kind: 'cancelled', version: 1 }).look()).toEqual(['0 stale: look-again'])
  expect(call.board({ kind: 'taken-over' }).look()).toEqual(['0 already: already-covered nurse'])
  expect(call.board({ kind: 'taken-over', version: 0 }).look()).toEqual(['0 already: already-covered nurse'])
  expect(call.says('reg', 'attending').says('reg', 'accepted').look().slice(-1)).toEqual([
    '0 already: already-answered reg',
  ])
  expect(call.alert.revision).toBe(4)
})

test('released, then answering on the old screen', () => {
  const call = covered().board({ kind: 'released', person: 'reg' })
  call.look()
  expect(call.says('reg', 'attending', 2).look()).toEqual(['0 stale: already-released'])
  expect(call.says('reg', 'attending').state('reg')).toBe('attending')
  expect(call.alert.responders[asId<PersonId>('reg')]).not.toHaveProperty('released')
})

test('the end, and what comes after it', () => {
  const call = covered().says('gas', 'declined')
  call.look()
  expect(call.until(9).board({ kind: 'closed' }).look()).toMatchInlineSnapshot(`
    [
      "9 forget close",
      "9 stand-down reg: closed-by-person",
      "9 stand-down nurse: closed-by-person",
      "9 applied: closed-by-person",
      "9 is closed",
    ]
  `)
  const { revision } = call.alert
  expect(call.says('reg', 'arrived').receipt('gas').look()).toEqual([
    '9 late: already-closed switchboard',
    '9 hop on-device gas',
  ])
  expect(
    call
      .board({ kind: 'closed' })
      .board({ kind: 'taken-over' })
      .board({ kind: 'released', person: 'reg' })
      .look(),
  ).toEqual([
    '9 late: already-closed switchboard',
    '9 late: already-closed switchboard',
    '9 late: already-closed switchboard',
  ])
  expect(call.alert.revision).toBe(revision + 5)
  call.happen({ kind: 'repeated', at: 0, bleep: asId('b2'), reason: 'same-call-again' })
  call.happen({ kind: 'cancelled', at: 0, by: 'page', reason: 'cancelled-by-page' })
  expect(call.look()).toEqual([])
  expect(call.alert.closed).toEqual({
    at: 1_009_000,
    by: 'switchboard',
    operator: 'op',
    reason: 'closed-by-person',
  })
  expect(call.alert.repeats).toEqual([])
})

test('cancelled by a page', () => {
  const call = crash()
  call.look()
  call.happen({ kind: 'cancelled', at: 1_000_000, by: 'page', reason: 'cancelled-by-page' })
  expect(call.look()).toMatchInlineSnapshot(`
    [
      "0 forget receipt",
      "0 forget step-1",
      "0 cancel reg: cancelled-by-page",
      "0 cancel nurse: cancelled-by-page",
      "0 cancel gas: cancelled-by-page",
      "0 is closed",
    ]
  `)
  expect(call.alert.closed?.by).toBe('system')
})

test('taken over: steps stop, the alarm comes back', () => {
  const call = crash().receipt('reg').receipt('nurse').receipt('gas').until(31)
  call.look()
  expect(call.board({ kind: 'taken-over' }).look()).toMatchInlineSnapshot(`
    [
      "31 forget repeat",
      "31 due hold at 331",
      "31 applied: taken-over switchboard",
    ]
  `)
  expect(call.alert.takenOver).toMatchObject({ by: 'op' })
  expect(call.alert).not.toHaveProperty('attention')
  expect(call.board({ kind: 'taken-over', version: 2 }).look()).toEqual([
    '31 already: already-taken-over switchboard',
  ])
  expect(
    call
      .says('gas', 'declined')
      .look()
      .filter((l) => l.includes('ask')),
  ).toEqual([])
  call.receipt('icu').receipt('out')
  call.look()
  expect(call.until(331).look()).toMatchInlineSnapshot(`
    [
      "35 forget receipt",
      "331 forget hold",
      "331 tell switchboard act: hold-ended med-reg ccu-nurse",
      "331 due repeat at 361",
      "331 again reg: hold-ended",
      "331 due receipt at 336",
      "331 again nurse: hold-ended",
      "331 again icu: hold-ended",
      "331 again out: hold-ended",
    ]
  `)
  expect(call.alert).not.toHaveProperty('takenOver')
})

test('repeated: an emergency rings everyone, whatever they said; urgent those awaited; routine nobody', () => {
  const again = (call: Call) =>
    call
      .happen({ kind: 'repeated', at: 1_000_000, bleep: asId('b2'), reason: 'same-call-again' })
      .look()
      .filter((l) => l.includes('again '))
  const emergency = crash().says('reg', 'accepted').says('gas', 'declined').says('nurse', 'not-me')
  emergency.look()
  expect(again(emergency)).toEqual([
    '0 again reg: same-call-again',
    '0 again gas: same-call-again',
    '0 again out: same-call-again',
  ])
  expect([emergency.state('reg'), emergency.state('gas'), emergency.state('nurse')]).toEqual([
    'accepted',
    'asked',
    'not-me',
  ])
  const urgent = new Call('team:crash', 'urgent').says('reg', 'accepted')
  urgent.look()
  expect(again(urgent)).toEqual(['0 again nurse: same-call-again', '0 again gas: same-call-again'])
  expect(again(new Call('role:surg-f1', 'routine'))).toEqual([])
  expect(emergency.alert.repeats).toEqual(['b2'])
})

test('in turn: first one, then the next, then everyone again', () => {
  const call = new Call('role:surg-f1', 'routine').receipt('f1a')
  call.look()
  expect(call.until(44).look()).toEqual(['15 forget receipt'])
  expect(call.until(45).look()).toMatchInlineSnapshot(`
    [
      "45 forget step-1",
      "45 ask f1b: next-in-turn",
      "45 due receipt at 60",
      "45 due step-2 at 90",
    ]
  `)
  call.receipt('f1b')
  expect(call.until(90).look()).toMatchInlineSnapshot(`
    [
      "45 hop on-device f1b",
      "60 forget receipt",
      "90 forget step-2",
      "90 radio: next-in-turn",
      "90 tell switchboard prompt: next-in-turn surg-f1",
      "90 ask surg: next-in-turn",
      "90 due receipt at 105",
      "90 due step-3 at 300",
    ]
  `)
})

test('outside emergencies cover by another ends it for the rest', () => {
  const call = new Call('role:surg-f1', 'routine').receipt('f1a').until(45).receipt('f1b')
  call.look()
  expect(call.says('f1b', 'call-back').look()).toMatchInlineSnapshot(`
    [
      "45 hop accepted f1b",
      "45 applied: answer-recorded f1b",
      "45 forget receipt",
      "45 forget step-2",
      "45 stand-down f1a: cover-complete",
      "45 hop covered",
      "45 due close at 1845",
      "45 tell team info: cover-complete",
      "45 tell switchboard info: cover-complete",
      "45 is covered",
    ]
  `)
  expect(call.says('f1a', 'accepted').look()).toEqual(['45 already: already-covered f1b'])
  expect(call.says('f1a', 'declined').state('f1a')).toBe('declined')
  expect(call.says('f1b', 'accepted').state('f1b')).toBe('accepted')
})

test('acceptance lapses for who has not arrived, not for a call-back the exchange has seen', () => {
  const call = new Call('role:med-reg', 'urgent').until(10).says('reg', 'accepted')
  call.look()
  expect(call.until(909).look()).toEqual([])
  expect(call.until(910).look()).toMatchInlineSnapshot(`
    [
      "910 forget lapse",
      "910 tell switchboard prompt: acceptance-lapsed med-reg",
      "910 forget close",
      "910 tell switchboard prompt: cover-lost med-reg",
      "910 again reg: cover-lost",
      "910 due receipt at 915",
      "910 ask icu: cover-lost",
      "910 due step-1 at 940",
      "910 tell team info: cover-short med-reg",
      "910 tell switchboard info: cover-short med-reg",
      "910 is ringing",
    ]
  `)
  const seen = new Call('role:med-reg', 'urgent').says('reg', 'call-back', 1, { kind: 'pbx' })
  expect(seen.alert.responders[asId<PersonId>('reg')]?.confirmed).toBe(true)
  expect(seen.alert.due).toEqual({ close: 1_000_000 + 3_600_000 })
  const arrived = new Call('role:med-reg', 'urgent').says('reg', 'accepted').says('reg', 'arrived')
  expect(Object.keys(arrived.alert.due)).toEqual(['close'])
})

test('of several who are coming only those lapse whose time is over', () => {
  const call = new Call('team:crash', 'emergency', { lapse: 900_000 })
    .says('reg', 'accepted')
    .until(5)
    .says('nurse', 'accepted')
  const acceptedAt = call.alert.version
  call.until(6).says('gas', 'declined')
  call.until(100).says('gas', 'accepted').until(200).says('reg', 'arrived')
  call.look()
  call.until(905)
  const states = ['reg', 'nurse', 'gas', 'out'].map((p) => call.state(p))
  expect(states).toEqual(['arrived', 'asked', 'accepted', 'asked'])
  expect(call.look().filter((l) => l.includes('lapsed'))).toEqual([
    '905 tell switchboard prompt: acceptance-lapsed ccu-nurse',
  ])
  expect(call.alert.due.lapse).toBe(1_000_000 + 1_000_000)
  // Whoever is late is still wanted: arriving fits, unless it was tapped before they had accepted at all.
  expect(call.says('nurse', 'arrived', 1).look().at(-1)).toBe('905 stale: look-again')
  expect(call.says('nurse', 'arrived', acceptedAt).look().at(-1)).toBe('905 stale: look-again, still fits')
})

test('covered and quiet, it closes by itself and rings nobody', () => {
  const call = covered()
  call.look()
  expect(call.until(3600).look()).toEqual([
    '3600 forget close',
    '3600 tell switchboard info: covered-and-quiet',
    '3600 is closed',
  ])
  expect(call.alert.closed).toEqual({ at: 4_600_000, by: 'system', reason: 'covered-and-quiet' })
  const test = new Call('team:crash', 'test').until(300)
  expect(test.alert.closed).toMatchObject({ by: 'system', reason: 'test-over' })
})

test('without a time to close, covered waits for a person and says so', () => {
  const call = new Call('team:crash', 'emergency')
  const { closeAfter: _, ...plan } = call.alert.plan
  const open = new Call('team:crash', 'emergency', { ...plan, closeAfter: undefined as never })
  open.says('reg', 'accepted').says('nurse', 'accepted')
  expect(futureOf(open.alert)).toEqual({ kind: 'waiting', reason: 'covered-until-closed' })
  open.says('nurse', 'declined')
  expect(open.alert).not.toHaveProperty('waiting')
})

test('a test call asks, records and ends', () => {
  const call = new Call('team:crash', 'test')
  expect(call.look()).toMatchInlineSnapshot(`
    [
      "0 ask reg: first-ask",
      "0 ask nurse: first-ask",
      "0 ask gas: first-ask",
      "0 due close at 300",
    ]
  `)
  expect(call.says('reg', 'accepted').says('nurse', 'accepted').alert.phase).toBe('ringing')
  call.look()
  expect(call.until(300).look()).toEqual([
    '300 forget close',
    '300 tell switchboard info: test-over',
    '300 is closed',
  ])
  expect(new Call('role:nobody', 'test').look()).toContain(
    '0 tell switchboard info: nobody-holds-role nobody',
  )
})

test('handing over: pending holders are stood down, who is coming is kept', () => {
  const pass = (call: Call, role: string, from: string | undefined, to: string) => {
    call.look()
    const parties = { to: asId<PersonId>(to), ...(from ? { from: asId<PersonId>(from) } : {}) }
    return call.happen({ kind: 'handed-over', at: 1_000_000, role: asId(role), ...parties }).look()
  }
  expect(pass(crash(), 'med-reg', 'reg', 'icu')).toEqual([
    '0 stand-down reg: handed-over',
    '0 ask icu: handed-over',
    '0 tell switchboard info: handed-over med-reg',
  ])
  expect(pass(covered(), 'med-reg', 'reg', 'icu')[0]).toBe('0 ask icu: handed-over')
  expect(pass(crash(), 'med-reg', 'reg', 'reg')).toEqual([])
  expect(pass(crash(), 'surg-f1', 'f1a', 'f1b')).toEqual([])
  expect(pass(new Call('team:gap', 'emergency'), 'night-coord', undefined, 'out')).toContain(
    '0 ask out: handed-over',
  )
})

test('also ask: rung, chased once, and said when nobody holds it', () => {
  const call = crash().until(1).says('reg', 'accepted').says('nurse', 'accepted').until(2)
  call.look()
  expect(call.asks('surg-reg').look()).toEqual([
    '2 due also at 17',
    '2 ask surg: also-asked',
    '2 due receipt at 7',
    '2 applied: also-asked',
  ])
  call.receipt('surg')
  call.look()
  expect(call.until(17).look()).toEqual([
    '7 forget receipt',
    '17 forget also',
    '17 tell switchboard prompt: also-ask-unanswered surg-reg',
    '17 again surg: also-ask-unanswered',
    '17 due receipt at 22',
  ])
  expect(call.until(60).look()).toEqual(['22 forget receipt'])
  const done = covered().receipt('gas').asks('surg-reg').receipt('surg').says('surg', 'accepted').until(14)
  done.look()
  expect(done.until(15).look()).toEqual(['15 forget also'])
  expect(covered().asks('nobody').look()).toContain('0 tell switchboard prompt: nobody-holds-role nobody')
})

test('the same role asked for twice on one screen is asked once; on a new screen, again', () => {
  const call = covered()
  const seen = call.alert.version
  call.asks('surg-reg', seen).look()
  expect(call.asks('surg-reg', seen).look()).toEqual(['0 already: also-asked'])
  call.asks('anaes').look()
  expect(call.asks('surg-reg', seen).look()).toEqual(['0 already: also-asked'])
  expect(call.asks('icu-reg', seen).look()).toEqual(['0 stale: look-again, still fits'])
  expect(call.asks('surg-reg').look()).toContain('0 again surg: also-asked')
})

test('paths that fail and people without devices', () => {
  const out = (call: Call, person: string, reason: 'path-failed' | 'no-device') => {
    call.look()
    return call.happen({ kind: 'unreachable', at: 1_000_000, person: asId(person), reason }).look()
  }
  const call = crash()
  expect(out(call, 'nurse', 'path-failed')).toEqual(['0 again nurse by path 1: path-failed'])
  expect(out(call, 'nurse', 'path-failed')).toEqual(['0 again nurse by path 2: path-failed'])
  expect(out(call, 'nurse', 'path-failed')).toEqual(['0 again nurse by path 3: path-failed'])
  expect(out(call, 'nurse', 'path-failed')).toEqual([])
  expect(out(call, 'nurse', 'no-device')).toMatchInlineSnapshot(`
    [
      "0 tell switchboard info: no-device ccu-nurse",
      "0 tell switchboard prompt: role-without-answer ccu-nurse",
      "0 ask out: substitute-asked",
    ]
  `)
  expect(out(call, 'nurse', 'no-device')).toEqual([])
  expect(out(crash().receipt('nurse'), 'nurse', 'no-device')).toEqual([])
  expect(out(crash(), 'boss', 'no-device')).toEqual([])
})

test('a role that somebody needs is asked, chased, and stands on the thread with its name', () => {
  const call = covered()
  const by: Actor = { kind: 'person', person: id('reg') }
  const need = { kind: 'need-role', text: 'Airway', role: asId<RoleId>('surg-reg') } as const
  call.look()
  call.happen({ kind: 'said', at: call.at, by, said: need })
  expect(call.look()).toEqual([
    '0 tell team info: said',
    '0 tell switchboard info: said',
    '0 due also at 15',
    '0 ask surg: also-asked',
    '0 due receipt at 5',
  ])
  expect(call.alert.thread).toEqual([{ at: call.at, by: 'reg', ...need }])
  expect(call.alert.also).toEqual([{ kind: 'role', role: 'surg-reg' }])
  const over = covered().board({ kind: 'closed' })
  over.look()
  over.happen({ kind: 'said', at: over.at, by, said: need })
  expect(over.look()).toEqual(['0 tell switchboard info: said'])
})

test('an ETA that switchboard passes on is nobody’s own', () => {
  const call = crash()
  const by: Actor = { kind: 'switchboard', operator: 'op' }
  call.happen({ kind: 'said', at: call.at, by, said: { kind: 'eta', text: '10 min' } })
  expect(call.alert.thread).toMatchObject([{ by: 'switchboard', kind: 'eta', text: '10 min' }])
  for (const r of Object.values(call.alert.responders)) expect(r).not.toHaveProperty('eta')
})

test('the thread: bounded, trimmed, an ETA beside its giver', () => {
  const say = (call: Call, kind: 'eta' | 'note', text: string) =>
    call.happen({
      kind: 'said',
      at: 1_000_000,
      by: { kind: 'person', person: asId('reg') },
      said: { kind, text },
    })
  const call = crash()
  call.look()
  expect(say(call, 'eta', '  5 min ').look()).toEqual([
    '0 tell team info: said',
    '0 tell switchboard info: said',
  ])
  expect(call.alert.thread).toEqual([{ at: 1_000_000, by: 'reg', kind: 'eta', text: '5 min' }])
  expect(call.alert.responders[asId<PersonId>('reg')]?.eta).toBe('5 min')
  say(call, 'note', '😀'.repeat(300))
  expect(Array.from(call.alert.thread[1]!.text).length).toBe(240)
  expect(call.alert.responders[asId<PersonId>('reg')]?.eta).toBe('5 min')
  say(call, 'note', '   ')
  expect(call.alert.thread.length).toBe(2)
  for (let i = 0; i < 250; i++) say(call, 'note', `${i}`)
  expect(call.alert.thread.length).toBe(200)
  expect(call.alert.thread.at(-1)?.text).toBe('249')
  call.says('gas', 'declined', undefined, undefined, 'in theatre')
  expect(call.alert.thread.at(-1)).toMatchObject({ by: 'gas', kind: 'note', text: 'in theatre' })
})

test('due rows that are not ours, or not yet, are ignored', () => {
  const call = crash()
  const before = call.alert
  call
    .happen({ kind: 'due', name: 'step-1', at: 1_014_999 })
    .happen({ kind: 'due', name: 'step-2', at: 2_000_000 })
  expect(call.alert).toBe(before)
  call.happen({ kind: 'due', name: 'step-1', at: 1_015_000 })
  expect(call.alert.step).toBe(1)
})

test('the clock set back takes every due time with it', () => {
  const call = crash()
  call.look()
  call.happen({ kind: 'clock-set-back', at: 0, by: 600_000 })
  expect(call.alert.due).toEqual({ receipt: 405_000, 'step-1': 415_000 })
})

test('an alert found without a future alarms', () => {
  const call = covered()
  call.alert = { ...call.alert, due: {} }
  call.look()
  call.happen({ kind: 'obliged', at: 1_000_000 })
  expect(call.look()).toContain('0 tell switchboard act: no-future')
  expect(futureOf(call.alert).kind).toBe('due')
  expect(futureOf({ phase: 'ringing', due: {} })).toEqual({ kind: 'none' })
  expect(futureOf({ phase: 'closed', due: {} })).toEqual({ kind: 'closed' })
  expect(futureOf({ phase: 'ringing', due: { b: 2, a: 1 } })).toEqual({ kind: 'due', name: 'a', at: 1 })
})

test('switchboard speaks for people who were not rung; roles are those they hold', () => {
  const by: Actor = { kind: 'switchboard', operator: 'op' }
  const call = crash().says('icu', 'accepted', 1, by).says('boss', 'accepted', 2, by)
  expect(call.alert.responders[asId<PersonId>('icu')]).toMatchObject({
    roles: ['icu-reg'],
    state: 'accepted',
  })
  expect(call.alert.responders[asId<PersonId>('boss')]).toMatchObject({ roles: [], state: 'accepted' })
  expect(call.says('out', 'accepted').alert.phase).toBe('covered')
})

test('nothing recorded, nothing found: a replay asks only the record', () => {
  const blank = { ...crash().alert, revision: 0, responders: {}, due: {}, step: -1, rounds: 0 } as Alert
  const replayed = replayAlert(blank, [{ kind: 'raised', at: 1_000_000 }])
  expect(replayed.phase).toBe('exhausted')
  expect(replayed.responders).toEqual({})
})

test('before its first event an alert is ringing, at no step, and nothing of it is decided', () => {
  const { plan } = crash().alert
  expect(blankAlert(asId('a'), asId('b'), plan, 5)).toEqual({
    id: 'a',
    revision: 0,
    bleep: 'b',
    plan,
    phase: 'ringing',
    step: -1,
    raised: 5,
    responders: {},
    thread: [],
    repeats: [],
    rounds: 0,
    due: {},
    version: 1,
    gaps: [],
    also: [],
  })
})

test('a replay finds its holders by target in the record, and nobody where the record has none', () => {
  const role = (id: string) => ({ kind: 'role', role: asId<RoleId>(id) }) as const
  const holder = { person: id('reg'), role: asId<RoleId>('med-reg'), source: 'x' }
  const who = recordedWho({
    kind: 'raised',
    at: 1,
    resolved: [
      { target: role('anaes'), holders: [] },
      { target: role('med-reg'), holders: [holder] },
    ],
  })
  expect(who(role('med-reg'))).toEqual([holder])
  expect(who(role('anaes'))).toEqual([])
  expect(who(role('out'))).toEqual([])
  expect(recordedWho({ kind: 'raised', at: 1 })(role('med-reg'))).toEqual([])
})

test('events that change nothing give back the very same alert and ask for nothing', () => {
  const same = (call: Call, event: Parameters<Call['happen']>[0]) => {
    const before = call.alert
    call.look()
    call.happen(event)
    expect(call.look()).toEqual([])
    expect(call.alert).toBe(before)
  }
  const at = 1_000_000
  const receipt = { kind: 'receipt', at, attempt: asId<AttemptId>('t') } as const
  same(crash(), { ...receipt, person: id('boss'), stage: 'on-device' })
  same(crash().receipt('reg', 'opened'), { ...receipt, person: id('reg'), stage: 'presented' })
  same(crash(), { kind: 'unreachable', at, person: id('boss'), reason: 'no-device' })
  same(crash().receipt('reg'), { kind: 'unreachable', at, person: id('reg'), reason: 'no-device' })
  same(crash().says('reg', 'accepted'), { kind: 'unreachable', at, person: id('reg'), reason: 'no-device' })
  const role = asId<RoleId>('surg-f1')
  same(crash(), { kind: 'handed-over', at, role, from: id('f1a'), to: id('f1b') })
  same(crash(), { kind: 'handed-over', at, role: asId('med-reg'), from: id('reg'), to: id('reg') })
  const closed = () => crash().board({ kind: 'closed' })
  same(closed(), { kind: 'due', at, name: 'step-1' })
  same(closed(), { kind: 'repeated', at, bleep: asId('b2'), reason: 'same-call-again' })
  same(closed(), { kind: 'handed-over', at, role: asId('med-reg'), from: id('reg'), to: id('icu') })
  same(closed(), { kind: 'obliged', at })
  same(closed(), { kind: 'clock-set-back', at, by: 1000 })
})

test('after the end human acts are answered, words kept, receipts stamped, and pages change nothing more', () => {
  const closed = () => {
    const call = covered().board({ kind: 'closed' })
    call.look()
    return call
  }
  const late = ['0 late: already-closed switchboard']
  expect(closed().says('gas', 'accepted').look()).toEqual(late)
  expect(closed().board({ kind: 'closed' }).look()).toEqual(late)
  expect(closed().board({ kind: 'cancelled' }).look()).toEqual(late)
  expect(closed().board({ kind: 'taken-over' }).look()).toEqual(late)
  expect(closed().board({ kind: 'released', person: 'reg' }).look()).toEqual(late)
  expect(closed().asks('anaes').look()).toEqual(late)
  const kept = closed().says('gas', 'accepted')
  expect(kept.alert.revision).toBe(closed().alert.revision + 1)
  expect(kept.alert.version).toBe(closed().alert.version)
  expect(kept.state('gas')).toBe('asked')
  expect(closed().receipt('gas').look()).toEqual(['0 hop on-device gas'])
  const page = closed()
  page.happen({ kind: 'cancelled', at: page.at, by: 'page', reason: 'cancelled-by-page' })
  expect(page.look()).toEqual([])
  const said = closed()
  const by: Actor = { kind: 'person', person: id('reg') }
  said.happen({ kind: 'said', at: said.at, by, said: { kind: 'note', text: 'Notes are on the ward' } })
  expect(said.look()).toEqual(['0 tell switchboard info: said'])
  expect(said.alert.thread).toEqual([{ at: said.at, by: 'reg', kind: 'note', text: 'Notes are on the ward' }])
  expect(said.alert).not.toHaveProperty('waiting')
})

test('who hands one of two roles over stays asked for the other', () => {
  const call = new Call('team:crash', 'emergency')
  call.happen({ kind: 'handed-over', at: call.at, role: asId('anaes'), from: id('gas'), to: id('reg') })
  expect(call.alert.responders[id('reg')]?.roles).toEqual(['med-reg', 'anaes'])
  expect(call.state('gas')).toBe('stood-down')
  call.look()
  call.happen({ kind: 'handed-over', at: call.at, role: asId('med-reg'), from: id('reg'), to: id('icu') })
  expect(call.look()).toEqual(['0 ask icu: handed-over', '0 tell switchboard info: handed-over med-reg'])
  expect(call.alert.responders[id('reg')]).toMatchObject({ state: 'asked', roles: ['anaes'] })
  expect(call.alert.responders[id('icu')]).toMatchObject({ state: 'asked', roles: ['med-reg'] })
  expect(call.alert.responders[id('icu')]).not.toHaveProperty('substitute')
})

test('a role found empty and then taken is no gap any more; others stay', () => {
  const call = crash().says('nurse', 'declined').says('reg', 'declined')
  expect(call.alert.gaps).toEqual(['ccu-nurse', 'med-reg'])
  call.happen({ kind: 'handed-over', at: call.at, role: asId('ccu-nurse'), from: id('nurse'), to: id('new') })
  expect(call.alert.gaps).toEqual(['med-reg'])
  expect(call.state('new')).toBe('asked')
})

test('a hand-over of a role nobody was asked for moves the call where the role is needed', () => {
  const call = crash().says('reg', 'accepted')
  call.alert = { ...call.alert, responders: {} }
  call.look()
  call.happen({ kind: 'handed-over', at: call.at, role: asId('ccu-nurse'), to: id('new') })
  expect(call.look()).toContain('0 ask new: handed-over')
})

test('no device at all is no reason to wait, and what is stood down keeps its record', () => {
  const call = new Call('role:surg-f1', 'urgent')
  call.happen({ kind: 'unreachable', at: call.at, person: id('f1b'), reason: 'no-device' })
  call.says('f1a', 'accepted')
  expect(call.alert.responders[id('f1b')]).toMatchObject({
    person: 'f1b',
    roles: ['surg-f1'],
    state: 'stood-down',
    since: call.at,
    changed: call.alert.revision,
    unreachable: true,
  })
})

test('whoever declined is not stood down again, and who comes stays', () => {
  const call = new Call('team:crash', 'urgent').says('gas', 'declined').says('reg', 'accepted')
  call.look()
  expect(
    call
      .says('nurse', 'accepted')
      .look()
      .filter((l) => l.includes('stand-down')),
  ).toEqual([])
  expect(['gas', 'reg', 'nurse'].map((p) => call.state(p))).toEqual(['declined', 'accepted', 'accepted'])
})

test('cover lost: the close falls away, gaps are looked for anew, a lapse to come stays', () => {
  const call = new Call('team:crash', 'urgent').says('nurse', 'declined').says('out', 'accepted')
  call.says('reg', 'accepted')
  expect(call.alert.gaps).toEqual(['ccu-nurse'])
  expect(Object.keys(call.alert.due).sort()).toEqual(['close', 'lapse'])
  call.until(1).says('reg', 'declined')
  expect(call.alert.gaps).toEqual([])
  expect(Object.keys(call.alert.due).sort()).toEqual(['lapse', 'receipt', 'step-1'])
  expect(call.alert).not.toHaveProperty('covered')
})

test('who was asked besides is still chased after cover was lost, and moves with a hand-over', () => {
  const call = covered().asks('surg-reg').until(1)
  call.says('reg', 'declined')
  expect(call.alert.due).toMatchObject({ also: call.at + 14_000 })
  call.look()
  call.happen({ kind: 'handed-over', at: call.at, role: asId('surg-reg'), from: id('surg'), to: id('new') })
  expect(call.look()).toContain('1 ask new: handed-over')
  expect(call.state('surg')).toBe('stood-down')
})

test('with its end to come a covered call has a due time and no reason to wait', () => {
  expect(covered().alert).not.toHaveProperty('waiting')
})

test('who holds a role of the call and one asked for besides stays asked when the call is covered', () => {
  const call = new Call('team:crash', 'urgent').holds('surg-reg', 'gas').asks('surg-reg')
  expect(call.says('reg', 'accepted').says('nurse', 'accepted').alert.phase).toBe('covered')
  expect(call.state('gas')).toBe('asked')
})

test('cover found ends a prompt', () => {
  const call = crash().says('nurse', 'declined')
  expect(call.alert.attention?.level).toBe('prompt')
  expect(call.says('out', 'accepted').says('reg', 'accepted').alert).not.toHaveProperty('attention')
})

test('who is coming is told when it changes: who, what is missing, and nothing when neither does', () => {
  const call = crash()
  const told = () => call.look().filter((l) => l.includes('tell'))
  told()
  call.says('gas', 'accepted')
  expect(told()).toEqual([
    '0 tell team info: cover-short med-reg ccu-nurse',
    '0 tell switchboard info: cover-short med-reg ccu-nurse',
  ])
  call.says('gas', 'attending')
  expect(told()).toEqual([])
  // Another body for the same place: who is coming has changed, what is missing has not.
  call.says('icu', 'accepted', undefined, { kind: 'switchboard', operator: 'op' })
  told()
  call.says('reg', 'accepted')
  expect(told()).toEqual([
    '0 tell team info: cover-short ccu-nurse',
    '0 tell switchboard info: cover-short ccu-nurse',
  ])
})

test('an alarm of the auditor repeats like any other', () => {
  const call = crash()
  call.happen({ kind: 'obliged', at: call.at })
  expect(call.alert).toMatchObject({ phase: 'exhausted', due: { repeat: call.at + 30_000 } })
})

test('a lapse is set once for the earliest, moved only when that changes, and never for what is over', () => {
  const call = new Call('team:crash', 'urgent', { lapse: 60_000 }).says('reg', 'accepted').until(5)
  expect(call.look()).toContain('0 due lapse at 60')
  call.says('gas', 'accepted')
  expect(call.look().filter((l) => l.includes('lapse'))).toEqual([])
  expect(call.says('reg', 'attending').look()).toContain('5 due lapse at 65')
  expect(
    call
      .board({ kind: 'closed' })
      .look()
      .filter((l) => l.includes('due')),
  ).toEqual([])
})

test('the clock set back moves every time that something is counted from', () => {
  const call = crash().until(2).says('reg', 'accepted').says('nurse', 'accepted')
  const before = call.alert.responders[id('gas')]!
  call.happen({ kind: 'clock-set-back', at: call.at - 60_000, by: 60_000 })
  expect(call.alert.covered).toBe(call.at - 60_000)
  expect(call.alert.responders[id('gas')]).toEqual({
    ...before,
    rung: before.rung - 60_000,
    since: before.since - 60_000,
  })
  const ringing = crash()
  ringing.happen({ kind: 'clock-set-back', at: 0, by: 1000 })
  expect(ringing.alert).not.toHaveProperty('covered')
})
