import { z } from 'zod'
import { say } from '../core/catalogue/say.ts'
import { privacySchema } from '../core/deliver/payload.ts'
import { KEEP_TIMES, type KeepTime, type Kept } from '../core/govern/retain.ts'
import { auditSchema as audit } from './audit.ts'
import { encryptionSchema as encryption } from './encryption.ts'
import { filing } from './filing.ts'
import { address, http } from './http.ts'
import { identity } from './identity.ts'
import { hooksSchema, mailSchema } from './post.ts'
import { pushKinds } from './push.ts'
import { secret } from './secret.ts'
import { watch } from './watch.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, say('settings.lowerCaseLettersDigitsHyphens'))

const ms = (fallback: number, what: string) =>
  z
    .number()
    .int()
    .positive()
    .default(fallback)
    .meta({ description: `${what}, milliseconds` })

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, say('settings.clockTimeForm'))
const day = z.iso.date()

const tcpPort = z.number().int().min(1).max(65535)

const port = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('serial'),
      path: z
        .string()
        .startsWith('/')
        .meta({ description: 'A path that stays: /dev/serial/by-id/… or a udev name' }),
    }),
    z.strictObject({ kind: z.literal('tcp'), host: z.string().min(1), port: tcpPort }),
    z.strictObject({
      kind: z.literal('tcp-listen'),
      host: z.string().default('127.0.0.1').meta({ description: 'Address to listen on' }),
      port: tcpPort,
      allow: z
        .array(address)
        .default([])
        .meta({ description: 'Addresses that may connect; empty: any of this machine' }),
    }),
    z.strictObject({
      kind: z.literal('pipe'),
      path: z
        .string()
        .startsWith('/')
        .meta({ description: 'A named pipe that a receiver program writes into' }),
    }),
    z.strictObject({ kind: z.literal('replay'), file: z.string().min(1) }),
  ])
  .meta({ description: 'Where the bytes come from' })

const feed = z.strictObject({
  id,
  profile: z.string().min(1).meta({ description: 'Name of a file in hardware/profiles, or a path to one' }),
  port,
  portB: port.optional().meta({ description: 'The other wire of a two-wire tap' }),
  tap: id.optional().meta({
    description:
      'Listening point: feeds that hear the same transmitter or link by different means; default the id',
  }),
  name: z.string().min(1).max(60).optional().meta({
    description: 'What people call this line, shown everywhere; default the description of its profile',
  }),
  line: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: 'Overrides of the profile line settings' }),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: 'Overrides of the profile protocol options' }),
  silenceMs: z
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Overrides the profile silence alarm, milliseconds' }),
  repeatMs: z
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The transmitter says each page again within this time by itself, milliseconds' }),
  hospital: id.optional().meta({
    description: 'Whose number plan it speaks, where two hospitals of the site use one number for two things',
  }),
  lagMs: z.number().int().min(0).default(0).meta({
    description: 'How long after it was asked for this feed may hear a page: the air behind a busy encoder',
  }),
})

const outlast = z.string().min(1).optional().meta({
  description: 'File here, on another disk than the database, that takes over while that is away',
})

const neighbours = z
  .array(z.strictObject({ node: z.string().min(1), url: z.url() }))
  .default([])
  .meta({
    description:
      'The other nodes: asked while the database is away, so that what all hear rings from one of them',
  })

const store = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sqlite'), path: z.string().min(1), outlast }),
    z.strictObject({ kind: z.literal('postgres'), url: secret, outlast, neighbours }),
  ])
  .meta({ description: 'Embedded by default; PostgreSQL when several nodes run' })

const mqtt = z.strictObject({
  url: z.string().regex(/^(mqtt|mqtts|ws|wss):\/\//),
  user: z.string().optional(),
  password: secret.optional(),
  ca: z.string().optional(),
  homeAssistant: z.boolean().default(true).meta({ description: 'Publish Home Assistant discovery' }),
  channel: z.boolean().default(false).meta({ description: 'Ring displays and wearables by MQTT too' }),
})

const push = z.strictObject({
  proxy: z
    .url({ protocol: /^http$/ })
    .optional()
    .meta({ description: 'Proxy by which all push providers are reached (HTTP CONNECT)' }),
  ...pushKinds,
})

const keep = (what: Kept) => {
  const { days, least, most, holds }: KeepTime = KEEP_TIMES[what]
  return z
    .number()
    .int()
    .min(least)
    .max(most)
    .default(days)
    .meta({ description: `${holds}; days` })
}

/** Keep times, days: defaults, bounds and grounds are in core/govern/retain.ts and config/governance.md. */
const retention = z.strictObject({
  words: keep('words'),
  alerts: keep('alerts'),
  inbox: keep('inbox'),
  calls: keep('calls'),
  rota: keep('rota'),
  devices: keep('devices'),
  measures: keep('measures'),
  audit: keep('audit'),
  captures: keep('captures'),
} satisfies Record<Kept, unknown>)

const backup = z
  .strictObject({
    folder: z.string().min(1).meta({ description: 'On another disk; readable by the daemon alone' }),
    everyMs: ms(6 * 3_600_000, 'Between copies'),
    copies: z.number().int().min(1).max(1000).default(28).meta({ description: 'How many are kept' }),
    drillEveryMs: ms(7 * 86_400_000, 'Between trials: the newest copy restored elsewhere and counted'),
    days: z.number().int().min(1).max(365).default(14).meta({ description: 'How long a copy is kept' }),
  })
  .optional()
  .meta({ description: 'Copies of the embedded database while it works; PostgreSQL has its own means' })

/** The whole configuration as one object, every default and meaning in it. */
export const configSchema = z.strictObject({
  version: z.literal(1).meta({ description: 'Of this file format; see config/README.md for changes' }),
  site: z.strictObject({
    id,
    folder: z.string().min(1).meta({ description: 'Directory, rota, number plan, rules and policies' }),
  }),
  node: id.default('node-1'),
  store,
  feeds: z
    .array(feed)
    .meta({ description: 'Empty until the first line is there: nothing is heard, and /readyz says so' }),
  http: http.prefault({}),
  identity: identity.prefault({}).meta({ description: 'Who vouches for people at console and phone' }),
  push: push.prefault({}),
  mail: mailSchema,
  hooks: hooksSchema,
  mqtt: mqtt.optional(),
  radio: z
    .strictObject({
      feed: id.meta({ description: 'Feed that sends pages out again' }),
      taps: z.array(id).optional().meta({
        description: 'Taps that hear what it puts on the air; default every tap on the air, never a link',
      }),
    })
    .optional()
    .meta({ description: 'Re-page by radio when phones fail' }),
  privacy: z
    .strictObject({
      push: privacySchema.default('opaque').meta({ description: 'What a push may say' }),
      shiftEnd: z
        .strictObject({
          own: z.enum(['wipe', 'keep']).default('wipe').meta({
            description: 'Bleeps on a person’s own phone; it stays enrolled and rings when next on',
          }),
          shared: z.enum(['wipe', 'keep']).default('wipe').meta({
            description: 'Bleeps on ward handsets and baton devices; whoever had it is signed out',
          }),
          graceMs: ms(1_800_000, 'After the last duty has ended; never while on an open alert'),
        })
        .prefault({})
        .meta({ description: 'What the end of a shift does to bleeps on devices' }),
      requests: z
        .strictObject({
          twoPeople: z.boolean().default(false).meta({
            description: 'Whoever approves a request about somebody’s data has decided nothing of it',
          }),
        })
        .prefault({})
        .meta({ description: 'What people ask about their own data' }),
    })
    .prefault({}),
  merge: z
    .strictObject({
      skewMs: ms(5000, say('settings.howFarApartTwoTaps')),
    })
    .prefault({}),
  capture: z
    .strictObject({
      folder: z.string().min(1),
      bytesPerFeed: z.number().int().positive().default(16_777_216),
    })
    .optional()
    .meta({ description: 'Rolling raw capture of every line: evidence, and new vectors' }),
  shiftLog: z
    .strictObject({
      folder: z.string().min(1),
      second: z
        .string()
        .min(1)
        .optional()
        .meta({ description: 'Another disk or machine, for when the first is not there' }),
    })
    .optional()
    .meta({
      description: 'Write the switchboard’s sheet here each minute, to be read when nothing else can be',
    }),
  report: z
    .strictObject({
      folder: z
        .string()
        .min(1)
        .optional()
        .meta({ description: 'Write a report here at the end of each shift; absent: only on request' }),
      shifts: z
        .array(
          z.strictObject({
            name: id,
            from: clock,
            to: clock.meta({ description: 'At or before `from`: the next morning' }),
            staffGroup: z.string().optional().meta({ description: 'Only for this staff group' }),
            nurses: z.int().min(1).max(99).optional().meta({
              description: 'Nurses on one ward in this shift; waiting is then told for each of them',
            }),
          }),
        )
        .default([])
        .meta({ description: 'Working hours that figures are told by; default a day and a night of 12 h' }),
      baseline: z
        .strictObject({ from: day, to: day })
        .optional()
        .meta({ description: 'The weeks before phones were issued, first day and first day after' }),
    })
    .optional()
    .meta({ description: 'Reports of latency and time saved' }),
  retention: retention.prefault({}).meta({ description: 'How long what is kept; config/governance.md' }),
  backup,
  filing,
  audit,
  encryption,
  heartbeat: z
    .strictObject({ url: z.url(), everyMs: ms(60_000, 'Between beats') })
    .optional()
    .meta({ description: 'External watchdog: beats only while every obligation holds' }),
  watch: watch.prefault({}).meta({
    description:
      'Bounds of the node itself: beyond one somebody should look, beyond five times it is a failure',
  }),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').meta({
        description: 'debug: also the shape of all that goes over each line, never its words',
      }),
    })
    .prefault({}),
})

export type RawConfig = z.infer<typeof configSchema>
