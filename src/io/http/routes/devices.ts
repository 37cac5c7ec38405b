import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { ENTERED, SELF_ENROLLED } from '../../../core/deliver/channels.ts'
import { CLOCK_WITHIN } from '../../../core/deliver/claims.ts'
import type { Device } from '../../../core/deliver/device.ts'
import {
  appView,
  codeView,
  devicesView,
  deviceView,
  enrolledView,
  nudgeView,
  openCodeView,
  waysView,
} from '../../../core/desk/people-views.ts'
import { asId, type DeviceId } from '../../../core/ids.ts'
import { Buckets } from '../buckets.ts'
import { draw } from '../draw.ts'
import { plain } from '../gate.ts'
import type { HttpParts } from '../parts.ts'
import { list } from '../parts-of.ts'
import { Refused } from '../problem.ts'
import { orRefusal } from '../reply.ts'
import { del, get, id, type Mount, open, post, put } from '../route.ts'

const channel = z.enum(SELF_ENROLLED)
/** Long enough for any push subscription, short enough to bound a row. */
const address = z
  .string()
  .max(2048)
  .describe('Push subscription (JSON) or provider token; empty for the socket')

const label = z.string().trim().min(1).max(60)
const owner = z.object({ kind: z.enum(['person', 'role', 'ward']), id: z.string().min(1).max(64) })
const number = z
  .string()
  .min(1)
  .max(64)
  .describe('Telephone number, or a reference that the gateway knows; never given back whole')

function ownerOf({ kind, id }: z.infer<typeof owner>): Device['owner'] {
  if (kind === 'ward') return { kind, ward: id }
  return kind === 'person' ? { kind, person: asId(id) } : { kind, role: asId(id) }
}

/** A button of a notification needs no sign-in: its token, which works once, is the right to press it. */
export const buttonRoutes = ({ buttons, config }: HttpParts): readonly Mount[] =>
  buttons === undefined
    ? []
    : [
        open('POST', '/buttons', {
          ...{ summary: say('routes.pressButtonNotificationItsOne'), tag: 'device' },
          limit: config.buttonsPerMinute ?? 600,
          body: z.object({ token: z.string().max(256) }),
          ...{ gives: { 200: z.object({ said: z.string() }) }, refuses: [403, 409, 410, 429] },
          answer: ({ body }) => orRefusal(buttons.press(body.token)),
        }),
      ]

/** Enrolment needs no sign-in: the one-time code is the right to enrol. Guesses are counted against the address. */
export function enrolRoutes({ desk, config, clock }: HttpParts): readonly Mount[] {
  const most = config.enrolmentsPerMinute ?? 10
  // Only what was wrong counts: a ward that enrols twenty phones by one address is not in its own way.
  const wrong = new Buckets(clock, most, most / 60)
  return [
    open('POST', '/devices', {
      ...{ summary: say('routes.enrolOneTimeCodeGives'), tag: 'device' },
      limit: 300,
      body: z.object({
        code: z.string().trim().min(6).max(64),
        label: label.default('Phone'),
        channel: channel.default('socket'),
        address: address.default(''),
      }),
      ...{ gives: { 201: enrolledView }, refuses: [403, 429] },
      async answer({ body, request }, reply) {
        const address = plain(request.ip)
        // Taken before anybody looks, or a hundred guesses at once would count as none.
        if (!wrong.take(address)) throw new Refused({ code: 'too-many-requests' })
        const said = await desk.enrol(body)
        if (!said.ok) throw new Refused(said.fault)
        wrong.give(address)
        return reply.code(201).send(said.value)
      },
    }),
  ]
}

/** A number belongs to a person, or to whoever holds a role: a ward has a screen. */
const numbered = owner.extend({ kind: z.enum(['person', 'role']) })

/** A minute, of one device about itself: more than any app or person does. */
const OWN = 60
/** Self-tests a minute: each is two pushes, which cost somebody something. */
const TESTS = 12

/** The calling device's own affairs, and the switchboard's list of devices. */
export const deviceRoutes = ({ desk, config }: HttpParts): readonly Mount[] => [
  post('/enrolments', {
    summary: say('routes.oneTimeEnrolmentCodeIts'),
    ...{ tag: 'switchboard', may: 'device.enrol', body: owner, refuses: [404], gives: codeView, status: 201 },
    async run({ caller, body, request }) {
      const made = await desk.code(caller, ownerOf(body))
      if (!made.ok) return made
      return {
        ok: true,
        value: {
          ...made.value,
          ...(await drawn(
            `${baseOf(config, request)}/${body.kind === 'ward' ? 'ward' : 'app'}/#enrol=${made.value.code}`,
          )),
        },
      }
    },
  }),
  list('/enrolments', 'codes', ({ id }) => id, {
    ...{ summary: say('routes.openCodes'), tag: 'switchboard', may: 'device.list' },
    gives: z.object({ codes: z.array(openCodeView) }),
    run: ({ caller }) => desk.codes(caller),
  }),
  del('/enrolments/:id', {
    ...{ summary: say('routes.withdrawCode'), tag: 'switchboard', may: 'device.enrol', refuses: [404] },
    ...{ params: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }), gives: openCodeView },
    run: ({ caller, params }) => desk.withdraw(caller, params.id),
  }),
  post('/devices/:id/confirm', {
    ...{
      limit: OWN,
      summary: say('routes.confirmDevice'),
      tag: 'device',
      may: ['device.self', 'device.enrol'],
    },
    ...{ refuses: [404], gives: deviceView, params: z.object({ id: id<DeviceId>() }) },
    body: z.object({ mine: z.boolean() }),
    run: ({ caller, params, body }) => desk.confirm(caller, params.id, body.mine),
  }),
  post('/nudges', {
    summary: say('routes.enterNumberTextedRungWhen'),
    ...{ tag: 'switchboard', may: 'device.enrol', refuses: [404, 503], gives: nudgeView, status: 201 },
    body: numbered.extend({
      channel: z.enum(ENTERED).default('nudge'),
      number: number.optional(),
      label: label.default(say('routes.ownNumber')),
    }),
    async run({ caller, body: { channel, number, label, ...whose } }) {
      const owned = { owner: ownerOf(whose), channel, label, ...(number === undefined ? {} : { number }) }
      const made = await desk.enterWay(caller, owned)
      if (!made.ok || made.value.topic === undefined || config.ntfy === undefined) return made
      return {
        ok: true,
        value: { ...made.value, ...(await drawn(topicLink(config.ntfy, made.value.topic))) },
      }
    },
  }),
  list('/devices', 'devices', ({ id }) => id, {
    ...{
      summary: say('routes.everyEnrolledDevice'),
      tag: 'switchboard',
      may: 'device.list',
      gives: devicesView,
    },
    run: ({ caller }) => desk.devices(caller),
  }),
  get('/devices/app', {
    ...{ summary: say('routes.wherePhonesFindAppIts'), tag: 'switchboard', may: 'device.list' },
    gives: appView,
    run: async ({ request }) => ({ ok: true, value: await drawn(`${baseOf(config, request)}/app/`) }),
  }),
  post('/devices/:id/test', {
    summary: say('routes.ringWhatEnteredSomebodyOnce'),
    ...{ tag: 'switchboard', may: 'device.enrol', refuses: [404, 409], gives: deviceView, status: 202 },
    params: z.object({ id: id<DeviceId>() }),
    run: ({ caller, params }) => desk.testWay(caller, params.id),
  }),
  post('/devices/:id/revoke', {
    summary: say('routes.revokeDeviceAtOnceIts'),
    ...{ tag: 'switchboard', may: 'device.enrol', refuses: [404], gives: deviceView },
    params: z.object({ id: id<DeviceId>() }),
    run: ({ caller, params }) => desk.revoke(caller, params.id),
  }),
  get('/push-key', {
    ...{ summary: say('routes.applicationServerKey') },
    ...{ tag: 'device', gives: z.object({ key: z.string() }) },
    run: () => ({ ok: true, value: { key: config.pushKey ?? '' } }),
  }),
  put('/devices/me/subscription', {
    ...{ summary: say('routes.thisDevicesNewPushSubscription'), tag: 'device', may: 'device.self' },
    limit: OWN,
    ...{ body: z.object({ channel, address }), gives: deviceView },
    run: ({ caller, body }) => desk.subscribe(caller, body.channel, body.address),
  }),
  get('/ways', {
    summary: say('routes.howHolderRung'),
    ...{ tag: 'device', may: 'device.self', gives: waysView },
    run: ({ caller }) => desk.ways(caller),
  }),
  put('/ways', {
    ...{ summary: say('routes.orderOfWays'), tag: 'device', limit: OWN },
    ...{ may: 'device.self', refuses: [404], gives: waysView },
    body: z.object({ order: z.array(id<DeviceId>()).max(50) }),
    run: ({ caller, body }) => desk.orderWays(caller, body.order),
  }),
  put('/devices/me/clock', {
    summary: say('routes.howFarDevicesClockFrom'),
    ...{ limit: OWN, tag: 'device', may: 'device.self', gives: deviceView },
    body: z.object({
      offset: z
        .number()
        .min(-CLOCK_WITHIN)
        .max(CLOCK_WITHIN)
        .describe('Device minus server, milliseconds; a day at most'),
      uncertainty: z.number().min(0).max(60_000).describe('Half the round trip, milliseconds'),
    }),
    run: ({ caller, body }) => desk.clock(caller, body.offset, body.uncertainty),
  }),
  post('/devices/me/token', {
    ...{ summary: say('routes.newTokenOldOneStops'), tag: 'device', may: 'device.self', limit: OWN },
    gives: enrolledView,
    run: ({ caller }) => desk.rotate(caller),
  }),
  post('/devices/me/self-test', {
    summary: say('routes.ringDeviceOnceEachWay'),
    ...{ tag: 'device', may: 'device.self', refuses: [409, 429], status: 202, limit: TESTS },
    gives: z.object({
      test: z.string().describe('The ring by the device’s own channel'),
      lan: z.string().optional().describe('The ring over the hospital network, where that is another way'),
    }),
    run: ({ caller }) => desk.selfTest(caller),
  }),
  put('/devices/me/sound', {
    summary: say('routes.whetherItsHolderHeardDevice'),
    ...{ limit: OWN, tag: 'device', may: 'device.self', gives: deviceView },
    body: z.object({ heard: z.boolean() }),
    run: ({ caller, body }) => desk.heard(caller, body.heard),
  }),
  del('/devices/me', {
    ...{ summary: say('routes.signDeviceOutAppWipes'), tag: 'device', may: 'device.self' },
    gives: deviceView,
    run: ({ caller }) => desk.signOut(caller),
  }),
]

/** How phones reach us: as the site says, else as whoever asks does. */
const baseOf = ({ baseUrl }: HttpParts['config'], { protocol, host }: FastifyRequest) =>
  baseUrl ?? `${protocol}://${host}`

/** As the ntfy app opens it (docs.ntfy.sh, "ntfy:// links"). */
function topicLink(server: string, topic: string): string {
  const { protocol, host, pathname } = new URL(server)
  const open = protocol === 'https:' ? '' : '?secure=false'
  return `ntfy://${host}${pathname.replace(/\/+$/, '')}/${topic}${open}`
}

async function drawn(link: string): Promise<{ link: string; qr: string }> {
  return { link, qr: await draw(link) }
}
