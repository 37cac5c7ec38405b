import SCIMMY from 'scimmy'
import { z } from 'zod'
import { say } from '../../core/catalogue/say.ts'
import { asId, type PersonId, uuid7 } from '../../core/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ListedRow, ScimAnswer, ScimDoor } from '../../ports/listed.ts'
import type { Random } from '../../ports/random.ts'
import type { Store, Tx } from '../../ports/store.ts'

/** Rows of a list at most; whoever wants more asks for the next page. */
const MOST = 200
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const KINDS = { Users: 'user', Groups: 'group' } as const
const schemaOf = { user: SCIMMY.Schemas.User, group: SCIMMY.Schemas.Group }
SCIMMY.Schemas.User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition, false)

const user = z.object({
  userName: z.string().min(1).max(200),
  externalId: z.string().max(200).optional(),
  displayName: z.string().max(200).optional(),
  name: z
    .object({
      formatted: z.string().max(200).optional(),
      givenName: z.string().max(100).optional(),
      familyName: z.string().max(100).optional(),
    })
    .optional(),
  userType: z.string().max(100).optional(),
  title: z.string().max(200).optional(),
  active: z.boolean().default(true),
  phoneNumbers: z.array(z.object({ value: z.string().max(60), type: z.string().optional() })).optional(),
  [ENTERPRISE]: z.object({ employeeNumber: z.string().max(64).optional() }).optional(),
})
const group = z.object({
  displayName: z.string().min(1).max(200),
  externalId: z.string().max(200).optional(),
})
const patch = z.object({
  schemas: z.tuple([z.literal('urn:ietf:params:scim:api:messages:2.0:PatchOp')]),
  Operations: z.array(
    z.object({
      op: z
        .string()
        .transform((op) => op.toLowerCase())
        .pipe(z.enum(['add', 'remove', 'replace'])),
      path: z.string().optional(),
      value: z.unknown().optional(),
    }),
  ),
})
const filtered = z.array(z.record(z.string(), z.tuple([z.string(), z.string()])))

export interface ScimParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** How others call us: resources say where they are. */
  readonly base: string
  /** Told of each change: who (the client by its name for the record), what, of whom. */
  readonly did: (action: string, subject: string) => void
}

/**
 * SCIM 2.0 (RFC 7643, 7644): users and groups as Entra ID and others send them. A user that is deleted or made inactive
 * leaves; their row stays, so that the record knows them. Roles, rota and numbers are the site's own, whatever is sent.
 */
export function scimDoor(parts: ScimParts): ScimDoor {
  const { store, clock, random, base, did } = parts

  const shown = (row: ListedRow): object => {
    const { key, kind, doc } = row
    const Schema = schemaOf[kind]
    const at = `${base}/${kind === 'user' ? 'Users' : 'Groups'}`
    return new Schema(
      { ...JSON.parse(doc), id: key, meta: { resourceType: kind === 'user' ? 'User' : 'Group' } },
      'out',
      at,
    )
  }
  const save = async (
    tx: Tx,
    kind: ListedRow['kind'],
    sent: unknown,
    before?: ListedRow,
  ): Promise<ListedRow> => {
    const now = clock.now()
    const Schema = schemaOf[kind]
    const clean = JSON.parse(JSON.stringify(new Schema(objectOf(sent), 'in')))
    const key = before?.key ?? uuid7(now, random.bytes(10))
    const common = { key, source: 'scim', kind, changed: now, doc: JSON.stringify(clean) } as const
    if (kind === 'group') {
      const { displayName, externalId } = group.parse(clean)
      const row: ListedRow = {
        ...common,
        ...{
          login: displayName,
          person: asId<PersonId>(key),
          name: displayName,
          staffGroup: '',
          active: true,
        },
        ...(externalId === undefined ? {} : { external: externalId }),
      }
      await tx.listed.put(row)
      return row
    }
    const said = user.parse(clean)
    const login = said.userName.toLowerCase()
    const others = await tx.listed.find({ login, kind })
    if (others.some((one) => one.key !== key))
      throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken')
    const { givenName, familyName, formatted } = said.name ?? {}
    const phone = (said.phoneNumbers?.find(({ type }) => type === 'work') ?? said.phoneNumbers?.[0])?.value
    const full = said.displayName ?? formatted ?? [givenName, familyName].filter(Boolean).join(' ')
    const row: ListedRow = {
      ...common,
      login,
      // The number of the payroll is what rotas call people by; without it their name there.
      person: asId<PersonId>(before?.person ?? said[ENTERPRISE]?.employeeNumber ?? said.externalId ?? login),
      name: full === '' ? said.userName : full,
      staffGroup: (said.userType ?? before?.staffGroup ?? '').toLowerCase(),
      active: said.active,
      ...(said.externalId === undefined ? {} : { external: said.externalId }),
      ...(phone === undefined ? {} : { phone }),
      ...(said.active
        ? {}
        : { leaves: before?.leaves ?? now, ...(before?.left === undefined ? {} : { left: before.left }) }),
    }
    await tx.listed.put(row)
    return row
  }

  const one = async (tx: Tx, kind: ListedRow['kind'], key: string): Promise<ListedRow> => {
    const row = await tx.listed.get(key)
    if (row?.kind !== kind || row.source !== 'scim') throw new SCIMMY.Types.Error(404, '', 'no such resource')
    return row
  }

  const list = async (kind: ListedRow['kind'], query: Readonly<Record<string, string>>): Promise<object> => {
    const start = Math.max(1, Number(query.startIndex ?? 1) || 1)
    const count = Math.min(MOST, Math.max(0, Number(query.count ?? MOST) || 0))
    if (query.filter !== undefined) {
      const rows = await store.transact((tx) =>
        tx.listed.find({ ...byFilter(query.filter ?? ''), kind, source: 'scim' }),
      )
      return listOf(rows.slice(0, MOST).map(shown), rows.length, 1)
    }
    const { rows, total } = await store.transact((tx) => tx.listed.page(kind, start - 1, count))
    return listOf(rows.map(shown), total, start)
  }

  return async ({ method, path, query, body }): Promise<ScimAnswer> => {
    try {
      const [, place = '', key] = path.split('/')
      if (method === 'GET' && place === 'ServiceProviderConfig') return { status: 200, body: ABOUT }
      if (method === 'GET' && place === 'Schemas')
        return {
          status: 200,
          body: listOf(
            [schemaOf.user, schemaOf.group].map((s) => s.definition.describe(`${base}/Schemas`)),
            2,
            1,
          ),
        }
      if (method === 'GET' && place === 'ResourceTypes') return { status: 200, body: listOf(TYPES, 2, 1) }
      if (place !== 'Users' && place !== 'Groups') throw new SCIMMY.Types.Error(404, '', 'no such endpoint')
      const kind = KINDS[place]
      if (key === undefined) {
        if (method === 'GET') return { status: 200, body: await list(kind, query) }
        if (method !== 'POST') throw new SCIMMY.Types.Error(405, '', 'not here')
        const row = await store.transact((tx) => save(tx, kind, body))
        did('directory.join', row.key)
        return { status: 201, body: shown(row) }
      }
      if (method === 'GET')
        return { status: 200, body: shown(await store.transact((tx) => one(tx, kind, key))) }
      if (method === 'DELETE') {
        await store.transact(async (tx) => {
          await tx.alone(`listed/${key}`)
          const row = await one(tx, kind, key)
          if (kind === 'group') return tx.listed.forget(key)
          const now = clock.now()
          return tx.listed.put({ ...row, active: false, leaves: row.leaves ?? now, changed: now })
        })
        did('directory.leave', key)
        return { status: 204 }
      }
      const row = await store.transact(async (tx) => {
        await tx.alone(`listed/${key}`)
        const before = await one(tx, kind, key)
        if (method === 'PUT') return save(tx, kind, body, before)
        const now = new schemaOf[kind](
          { ...JSON.parse(before.doc), id: key, meta: { resourceType: 'User' } },
          'out',
        )
        const made = await new SCIMMY.Messages.PatchOp(told(patch.parse(body))).apply(
          now,
          async (instance: object) => instance,
        )
        // Nothing changed: that is no fault (RFC 7644, 3.5.2).
        return made === undefined ? before : save(tx, kind, made, before)
      })
      did('directory.change', key)
      return { status: 200, body: shown(row) }
    } catch (error) {
      return refusal(error)
    }
  }
}

/** Entra ID writes truth as a word. */
function told(said: z.output<typeof patch>) {
  const truth = (value: unknown) => (value === 'True' ? true : value === 'False' ? false : value)
  return {
    ...said,
    Operations: said.Operations.map(({ op, path, value }) => ({
      op,
      ...(path === undefined ? {} : { path }),
      ...(value === undefined ? {} : { value: path === 'active' ? truth(value) : withTruth(value, truth) }),
    })),
  }
}

function withTruth(value: unknown, truth: (value: unknown) => unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !('active' in value))
    return value
  return { ...value, active: truth(value.active) }
}

/** The filters that provisioning asks by; any other would read everybody. */
function byFilter(text: string): Partial<Pick<ListedRow, 'login' | 'external'>> {
  const read = filtered.safeParse(JSON.parse(JSON.stringify(new SCIMMY.Types.Filter(text))))
  const [entry, ...more] = read.success ? Object.entries(read.data[0] ?? {}) : []
  const [name, [operator, value] = ['', '']] = entry ?? ['']
  if (more.length === 0 && operator === 'eq') {
    if (name === 'userName') return { login: value.toLowerCase() }
    if (name === 'displayName') return { login: value }
    if (name === 'externalId') return { external: value }
  }
  throw new SCIMMY.Types.Error(400, 'invalidFilter', 'userName, displayName or externalId eq')
}

function objectOf(sent: unknown): Record<string, unknown> {
  if (sent === null || typeof sent !== 'object' || Array.isArray(sent))
    throw new SCIMMY.Types.Error(400, 'invalidSyntax', 'an object is wanted')
  return { ...sent }
}

const listOf = (resources: readonly object[], total: number, start: number): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  ...{ totalResults: total, startIndex: start, itemsPerPage: resources.length, Resources: resources },
})

function refusal(error: unknown): ScimAnswer {
  const said =
    error instanceof z.ZodError
      ? new SCIMMY.Types.Error(400, 'invalidValue', 'a value is missing or too long')
      : error
  const status = said instanceof Error && 'status' in said ? Number(said.status) : undefined
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error']
  if (status !== undefined && said instanceof Error) {
    const scimType = 'scimType' in said && said.scimType ? { scimType: said.scimType } : {}
    return { status, body: { schemas, status: String(status), ...scimType, detail: said.message } }
  }
  // What the library says of a value that is not of its type.
  if (said instanceof TypeError)
    return { status: 400, body: { schemas, status: '400', scimType: 'invalidValue', detail: said.message } }
  throw error
}

const ABOUT = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer',
      description: say('refusals.scimToken'),
    },
  ],
}
const TYPES = [
  { id: 'User', name: 'User', endpoint: '/Users', schema: 'urn:ietf:params:scim:schemas:core:2.0:User' },
  { id: 'Group', name: 'Group', endpoint: '/Groups', schema: 'urn:ietf:params:scim:schemas:core:2.0:Group' },
].map((type) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], ...type }))
