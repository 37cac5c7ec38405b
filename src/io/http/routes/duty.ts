import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { directoryView, meView, offerView, rotaView } from '../../../core/desk/people-views.ts'
import type { PersonId, RoleId } from '../../../core/ids.ts'
import { DAY } from '../../../core/instant.ts'
import type { HttpParts } from '../parts.ts'
import { linkTo, list, nextPath, partNext, partQuery } from '../parts-of.ts'
import { orRefusal } from '../reply.ts'
import { get, id, instant, listed, type Mount, post, put, raw } from '../route.ts'
import { CHANGES } from './rota-changes.ts'

const tag = 'duty'
const params = z.object({ role: id<RoleId>() })
const refuses = [404, 409] as const

/** Who am I, who is on, and who takes over. */
export const dutyRoutes = ({ desk, clock }: HttpParts): readonly Mount[] => [
  get('/me', {
    ...{ summary: say('routes.callerNameWhatTheyMay'), tag },
    gives: meView,
    run: ({ caller }) => desk.me(caller),
  }),
  list('/directory', 'people', ({ person }) => person, {
    ...{ summary: say('routes.peopleRolesPickingWhomEnrol'), tag },
    ...{ may: ['handover.offer', 'device.enrol'], gives: directoryView },
    run: ({ caller }) => desk.directory(caller),
  }),
  put('/duty', {
    ...{ summary: say('routes.offDutyOffDutyPerson'), tag, limit: 60 },
    ...{ may: 'duty.set', body: z.object({ on: z.boolean() }), refuses, gives: meView },
    run: ({ caller, body }) => desk.duty(caller, body.on),
  }),
  list('/handovers', 'offers', ({ id }) => id, {
    ...{ summary: say('routes.openHandOversDevicesOwn'), tag },
    ...{ may: 'handover.offer', gives: z.object({ offers: z.array(offerView) }) },
    run: async ({ caller }) => listed('offers', await desk.offers(caller)),
  }),
  post('/handovers/:role', {
    ...{ summary: say('routes.offerRoleSomebodyTheirsOnce'), tag, params, limit: CHANGES },
    ...{ may: ['handover.offer', 'handover.force'], refuses, gives: offerView, status: 201 },
    body: z.object({ to: id<PersonId>(), force: z.boolean().default(false) }),
    run: ({ caller, params: { role }, body: { to, force } }) =>
      force ? desk.force(caller, role, to) : desk.offer(caller, role, to),
  }),
  post('/handovers/:role/take', {
    ...{ summary: say('routes.takeTheRoleThatWas'), tag, params, limit: CHANGES },
    ...{ may: 'handover.offer', refuses, gives: offerView },
    run: ({ caller, params }) => desk.take(caller, params.role),
  }),
  post('/handovers/:role/refuse', {
    ...{ summary: say('routes.refuseRoleOfferedTakeOnes'), tag, params, limit: CHANGES },
    ...{ may: 'handover.offer', refuses, gives: offerView },
    run: ({ caller, params }) => desk.refuse(caller, params.role),
  }),
  raw('GET', '/rota', {
    summary: say('routes.whoHoldsEachRoleNow'),
    ...{ tag, may: 'rota.read', gives: rotaView.extend(partNext), dear: true, limit: 60 },
    query: z.object({ from: instant.optional(), to: instant.optional(), ...partQuery }),
    async reply({ caller, query: { from = clock.now(), to = from + DAY, ...part }, request }, reply) {
      const { next, ...rota } = await orRefusal(desk.rota(caller, { from, to, part }))
      const path = next && nextPath(request.url, next)
      if (path) reply.header('link', linkTo(path))
      // A month of it is a megabyte: our own words need no second check on their way out.
      return reply
        .type('application/json; charset=utf-8')
        .serializer((text: string) => text)
        .send(JSON.stringify({ ...rota, ...(path ? { next: path } : {}) }))
    },
  }),
]
