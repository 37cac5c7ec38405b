import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { SELF_ENROLLED } from '../../../core/deliver/attempt.ts'
import type { Device } from '../../../core/deliver/device.ts'
import {
  codeView,
  devicesView,
  deviceView,
  enrolledView,
  nudgeView,
} from '../../../core/desk/people-views.ts'
import { problem } from '../../../core/desk/views.ts'
import { asId, type DeviceId, type PersonId, type RoleId } from '../../../core/ids.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

const channel = z.enum(SELF_ENROLLED)
/** Long enough for any push subscription, short enough to bound a row. */
const address = z
  .string()
  .max(2048)
  .describe('Push subscription (JSON) or provider token; empty for the socket')

const label = z.string().trim().min(1).max(60)
const owner = z.object({ kind: z.enum(['person', 'role']), id: z.string().min(1).max(64) })

function ownerOf({ kind, id }: z.infer<typeof owner>): Device['owner'] {
  return kind === 'person' ? { kind, person: asId<PersonId>(id) } : { kind, role: asId<RoleId>(id) }
}

/** Enrolment needs no sign-in: the one-time code is the right to enrol. Guesses are counted against the address. */
export const enrolRoutes =
  ({ desk, config }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/devices',
      {
        config: { rateLimit: { max: config.enrolmentsPerMinute ?? 10, timeWindow: '1 minute' } },
        schema: {
          summary: 'Enrol with a one-time code: gives the device its token, once',
          tags: ['device'],
          security: [],
          body: z.object({
            code: z.string().trim().min(6).max(64),
            label: label.default('Phone'),
            channel: channel.default('socket'),
            address: address.default(''),
          }),
          response: { 201: enrolledView, 403: problem, 429: problem },
        },
      },
      (request, reply) => {
        reply.code(201)
        return settled(desk.enrol(request.body))
      },
    )
  }

/** The calling device's own affairs, and the switchboard's list of devices. */
export const deviceRoutes =
  ({ desk, config }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['device']
    app.post(
      '/enrolments',
      {
        schema: {
          summary: 'A one-time enrolment code with its QR image, for a person or for whoever holds a role',
          tags: ['switchboard'],
          body: owner,
          response: { 201: codeView, 403: problem, 404: problem },
        },
      },
      async (request, reply) => {
        const base = config.baseUrl ?? `${request.protocol}://${request.host}`
        const made = await settled(desk.code(callerOf(request), ownerOf(request.body)))
        reply.code(201)
        return { ...made, ...(await draw(`${base}/app/#enrol=${made.code}`)) }
      },
    )

    app.post(
      '/nudges',
      {
        schema: {
          summary:
            'Enrol a number that is texted when no phone of somebody gives a sign, and send it one test',
          tags: ['switchboard'],
          body: owner.extend({
            number: z
              .string()
              .min(1)
              .max(64)
              .describe('Telephone number, or a reference that the gateway knows; never given back whole'),
            label: label.default('Own number'),
          }),
          response: { 201: nudgeView, 403: problem, 404: problem, 503: problem },
        },
      },
      (request, reply) => {
        const { number, label } = request.body
        reply.code(201)
        return settled(desk.enrolNudge(callerOf(request), { owner: ownerOf(request.body), number, label }))
      },
    )

    app.get(
      '/devices',
      {
        schema: {
          summary: 'Every enrolled device',
          tags: ['switchboard'],
          response: { 200: devicesView, 403: problem },
        },
      },
      (request) => settled(desk.devices(callerOf(request))),
    )

    app.post(
      '/devices/:id/revoke',
      {
        schema: {
          summary: 'Revoke a device at once: its token stops working and it never rings again',
          tags: ['switchboard'],
          params: z.object({ id: z.string().min(1).max(64) }),
          response: { 200: deviceView, 403: problem, 404: problem },
        },
      },
      (request) => settled(desk.revoke(callerOf(request), asId<DeviceId>(request.params.id))),
    )

    app.get(
      '/push-key',
      {
        schema: {
          summary: 'The application server key for pushManager.subscribe; empty where push is off',
          tags,
          response: { 200: z.object({ key: z.string() }) },
        },
      },
      async () => ({ key: config.pushKey ?? '' }),
    )

    app.put(
      '/devices/me/subscription',
      {
        schema: {
          summary: 'This device’s new push subscription',
          tags,
          body: z.object({ channel, address }),
          response: { 200: deviceView, 403: problem },
        },
      },
      (request) => settled(desk.subscribe(callerOf(request), request.body.channel, request.body.address)),
    )

    app.put(
      '/devices/me/clock',
      {
        schema: {
          summary: 'How far this device’s clock is from ours, as it measured against /api/v1/time',
          tags,
          body: z.object({
            offset: z.number().describe('Device minus server, milliseconds'),
            uncertainty: z.number().min(0).max(60_000).describe('Half the round trip, milliseconds'),
          }),
          response: { 200: deviceView, 403: problem },
        },
      },
      (request) => settled(desk.clock(callerOf(request), request.body.offset, request.body.uncertainty)),
    )

    app.post(
      '/devices/me/token',
      {
        schema: {
          summary: 'A new token; the old one stops working at once',
          tags,
          response: { 200: enrolledView, 403: problem },
        },
      },
      (request) => settled(desk.rotate(callerOf(request))),
    )

    app.post(
      '/devices/me/self-test',
      {
        schema: {
          summary: 'Ring this device once, to prove sound and receipt',
          tags,
          response: { 202: z.object({ test: z.string() }), 403: problem, 409: problem },
        },
      },
      (request, reply) => {
        reply.code(202)
        return settled(desk.selfTest(callerOf(request)))
      },
    )

    app.delete(
      '/devices/me',
      {
        schema: {
          summary: 'Sign this device out; the app wipes what it holds',
          tags,
          response: { 200: deviceView, 403: problem },
        },
      },
      (request) => settled(desk.signOut(callerOf(request))),
    )
  }

async function draw(link: string): Promise<{ link: string; qr: string }> {
  const { default: QRCode } = await import('qrcode')
  const svg = await QRCode.toString(link, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
  return { link, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` }
}
