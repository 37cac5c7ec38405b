import { z } from 'zod'
import { ENTERED } from '../deliver/channels.ts'
import { ACCESS_ROLES, ACTIONS } from '../govern/permit.ts'
import { at, keptView } from './views.ts'

/** What leaves over HTTP about people and their devices: who is on, who hands over, what rings. See views.ts. */
const ownerView = z.object({
  kind: z.enum(['person', 'role', 'ward']),
  id: z.string(),
  name: z.string(),
})

export const deviceView = z.object({
  id: z.string(),
  label: z.string(),
  channel: z.string(),
  number: z
    .string()
    .optional()
    .describe('How a telephone number ends, for whoever enrols devices; never more of it'),
  owner: ownerView,
  state: z.enum(['active', 'waiting', 'signed-out', 'revoked', 'dead']),
  enrolled: at,
  seen: at.optional(),
  clock: z.object({ offset: z.number(), uncertainty: z.number() }).optional(),
  tested: z
    .object({ at, heard: at.optional().describe('When the device said that it rang; absent: it never did') })
    .optional()
    .describe('Its last self-test'),
  sound: z
    .object({ at, heard: z.boolean() })
    .optional()
    .describe('What its holder said when asked whether they heard it'),
  cleared: at
    .optional()
    .describe('The shift of its holder ended: what it was told until then is gone from it'),
})
export type DeviceView = z.infer<typeof deviceView>

export const devicesView = z.object({
  devices: z.array(deviceView),
  nudges: z.boolean().describe('Whether this site has a way to nudge, so that numbers can be enrolled'),
  enters: z.array(z.enum(ENTERED)).describe('What the switchboard can enter here for somebody'),
})
export type DevicesView = z.infer<typeof devicesView>

export const appView = z.object({
  link: z.string().describe('Where phones find the app'),
  qr: z.string().describe('The same as an image, data URL'),
})
export type AppView = z.infer<typeof appView>

export const nudgeView = z.object({
  device: deviceView,
  texted: z.boolean().describe('Whether a test message to it was taken just now'),
  topic: z.string().optional().describe('The secret topic that was made for it; shown this once'),
  link: z.string().optional().describe('Opens the topic in the ntfy app'),
  qr: z.string().optional(),
})
export type NudgeView = z.infer<typeof nudgeView>

export const waysView = z.object({
  chosen: z.boolean().describe('Their holder has put them in an order; otherwise the site’s holds'),
  ways: z
    .array(
      z.object({
        device: z.string(),
        label: z.string(),
        channel: z.string(),
        here: z.boolean().describe('The calling device itself'),
        number: z.string().optional().describe('How a telephone number ends'),
        shown: z
          .array(z.object({ channel: z.string(), at: at.optional(), how: z.string().optional() }))
          .describe('When each way to it was last shown to ring'),
      }),
    )
    .describe('The first is tried first; an emergency rings them all at once'),
})
export type WaysView = z.infer<typeof waysView>

export const enrolledView = z.object({ device: deviceView, token: z.string() })
export type EnrolledView = z.infer<typeof enrolledView>

export const codeView = z.object({
  code: z.string(),
  expires: at,
  owner: ownerView,
  link: z.string(),
  qr: z.string(),
})
export type CodeView = z.infer<typeof codeView>

export const openCodeView = z.object({
  id: z.string().describe('To withdraw it by; it is not the code'),
  owner: ownerView,
  by: z.string(),
  made: at,
  expires: at,
})
export type OpenCodeView = z.infer<typeof openCodeView>

export const newcomerView = z.object({
  ...{ id: z.string(), label: z.string(), at },
  waiting: z.boolean().describe('Nothing goes to it until somebody says yes'),
  owner: z.string().describe('Name of the person it was taken up for'),
})
export type NewcomerView = z.infer<typeof newcomerView>

export const offerView = z.object({
  id: z.string(),
  role: z.string(),
  name: z.string(),
  from: z.string().optional(),
  fromName: z.string().optional(),
  to: z.string(),
  toName: z.string(),
  at,
  state: z.enum(['offered', 'taken', 'refused', 'forced']),
  rung: z.boolean().optional().describe('Just now: whether any phone of theirs was rung for it'),
})
export type OfferView = z.infer<typeof offerView>

const personView = z.object({ person: z.string(), name: z.string(), staffGroup: z.string() })

export const meView = z.object({
  now: at,
  kind: z.enum(['device', 'operator']),
  access: z.enum(ACCESS_ROLES),
  may: z.array(z.enum(ACTIONS)).describe('What this caller may do: screens offer nothing else'),
  site: z.string(),
  device: deviceView.optional(),
  person: z.string().optional(),
  name: z.string(),
  duty: z.boolean().optional(),
  until: at.optional().describe('When this sign-in ends; absent where it does not'),
  shut: z.boolean().optional().describe('Words are hidden until a new sign-in: the console was left alone'),
  people: z
    .array(personView)
    .describe('Whom this device may speak for now: one, unless several hold the role of a shared handset'),
  kept: keptView.optional(),
  roles: z.array(z.object({ role: z.string(), name: z.string(), until: at.optional() })),
  offers: z.array(offerView),
  handed: z
    .array(z.string())
    .optional()
    .describe(
      'Hand-overs to whoever has this device that a phone rings for once: offers that are open, roles just given',
    ),
  acceptedUse: z
    .object({ version: z.string(), text: z.string(), welsh: z.string().optional() })
    .optional()
    .describe('The trust’s terms of use, until the holder of this phone has signed this version'),
  newcomers: z
    .array(newcomerView)
    .optional()
    .describe(
      'Phones that were taken up in this person’s name beside the calling one, until somebody says whose they are',
    ),
})
export type MeView = z.infer<typeof meView>

const aboutRole = { role: z.string(), name: z.string(), crash: z.boolean() }

export const rotaView = z.object({
  now: at,
  from: at,
  to: at,
  roles: z.array(
    z.object({
      ...aboutRole,
      bleep: z.string().optional().describe('The baton bleep that goes with the role'),
      calledBy: z
        .array(z.string())
        .describe('Numbers that call the role, by itself or with a team, and those teams'),
      holders: z.array(
        z.object({
          person: z.string(),
          name: z.string().optional(),
          phone: z.string().optional().describe('For the switchboard alone'),
          source: z.string(),
          rings: z
            .object({
              state: z.enum(['proved', 'not-since', 'none']),
              at: at.optional(),
              closed: z
                .enum(['proved', 'not-since', 'none'])
                .optional()
                .describe('The same with the app closed; absent where no phone of theirs has a push'),
              ways: z.array(
                z.object({
                  channel: z.string(),
                  app: z
                    .enum(['closed', 'open'])
                    .optional()
                    .describe('Whether it rings our app closed or open'),
                  at: at.optional(),
                  sound: z
                    .object({ at, heard: z.boolean() })
                    .optional()
                    .describe('What its holder said when asked whether they heard it; absent: never asked'),
                }),
              ),
            })
            .optional()
            .describe('For a crash role: whether a phone of theirs was shown to ring, and when last'),
        }),
      ),
      duties: z.array(z.object({ from: at, to: at, name: z.string() })),
    }),
  ),
  flaws: z
    .array(
      z.object({
        ...aboutRole,
        from: at,
        to: at,
        reason: z.enum(['rota-gap', 'rota-double']),
        sentence: z.string(),
      }),
    )
    .describe('Gaps and double cover ahead, to be mended before the shift'),
  unclaimed: z
    .array(z.object({ ...aboutRole, reason: z.string(), sentence: z.string(), since: at.optional() }))
    .describe('Crash roles that would be missing if a call came now: an alarm of its own'),
})
export type RotaView = z.infer<typeof rotaView>

export const directoryView = z.object({
  people: z.array(personView),
  roles: z.array(z.object({ role: z.string(), name: z.string(), crash: z.boolean() })),
  wards: z.array(z.string()).describe('By their telephones: a screen can be enrolled for each'),
})
export type DirectoryView = z.infer<typeof directoryView>

export const waiverView = z.object({ person: z.string(), reason: z.string(), until: at })
export type WaiverView = z.infer<typeof waiverView>
