import { z } from 'zod'
import { LANGUAGES } from '../core/catalogue/languages.ts'
import { OPERATOR_ROLES, WALL_ROLES } from '../core/govern/permit.ts'
import { secret } from './secret.ts'

/** One machine, as its number. */
export const address = z.union([z.ipv4(), z.ipv6()])

const accessRole = z.enum(OPERATOR_ROLES)

const operator = z.strictObject({
  name: z.string().min(1),
  role: z.enum([...OPERATOR_ROLES, ...WALL_ROLES]),
  token: secret,
})

/** Who comes in by HTTP, and how much of it. */
export const http = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65535).default(8080).meta({ description: '0 takes any free port' }),
  baseUrl: z.url().optional().meta({ description: 'How phones reach us; default from host and port' }),
  tls: z.strictObject({ cert: z.string().min(1), key: secret }).optional(),
  sessionKey: secret
    .optional()
    .meta({ description: 'Signs console sessions; without it a restart signs every operator out' }),
  idleMinutes: z
    .partialRecord(accessRole, z.number().int().min(1))
    .default({ governance: 30, admin: 30 })
    .meta({
      description: 'How long a console session of a role may be left alone; absent: as long as it lasts',
    }),
  loopback: z
    .strictObject({ operator: z.string().min(1), role: accessRole })
    .optional()
    .meta({ description: 'Browsers on this machine need no sign-in: for demonstrations, never for a trust' }),
  enrolmentsPerMinute: z
    .number()
    .int()
    .positive()
    .default(10)
    .meta({ description: 'Tries to enrol with a code, from one address' }),
  language: z.enum(LANGUAGES).default('en-GB').meta({
    description: 'What the screens speak to whoever has not chosen; Welsh no translator has read yet',
  }),
  trustedProxies: z.array(address).default([]).meta({
    description: 'Proxies before us, whose word on who asks is taken; from anybody else it is ignored',
  }),
  requestsPerSecond: z.number().int().min(10).default(200).meta({
    description: 'Of one address that has not signed in, on average; ten times as many at once',
  }),
  connectionsPerAddress: z.number().int().min(10).default(4096),
  metrics: z
    .strictObject({
      allow: z.array(address).default([]).meta({ description: 'Addresses that may read /metrics' }),
      token: secret.optional().meta({ description: 'Who shows it as a bearer token may read /metrics' }),
    })
    .prefault({})
    .meta({ description: 'Who may read /metrics, beside this machine' }),
  operators: z.array(operator).default([]).meta({ description: 'Who may use the switchboard console' }),
})
