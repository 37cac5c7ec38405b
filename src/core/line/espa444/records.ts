/** Names of the surface for the records of ESPA 4.4.4 (November 1984), by identifier. Values stay text: `01` is not `1`. */
export const RECORD_NAMES: Readonly<Record<string, string>> = {
  '1': 'callAddress',
  '2': 'displayMessage',
  '3': 'beepCoding',
  '4': 'callType',
  '5': 'numberOfTransmissions',
  '6': 'priority',
  '7': 'callStatus',
  '8': 'systemStatus',
}

const IDENTIFIERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(RECORD_NAMES).map(([id, name]) => [name, id]),
)

/** What a block is for, by its header. Dialects use further characters, which are kept verbatim. */
export const HEADER = {
  callToPager: '1',
  statusInformation: '2',
  statusRequest: '3',
  callToSubscriberLine: '4',
  other: '5',
} as const

/** Values of record 7 that we send back. */
export const CALL_STATUS = { paged: '3', acknowledged: '6', unreachable: '4' } as const

/** Where an unpublished identifier is kept among a page's fields. */
const OTHER = 'other.'

/** A block as fields: `header`, the published records by name, others as `other.<identifier>`. */
export type EspaFields = Readonly<Record<string, string>>

/** What a record is called, by its identifier (ESPA 4.4.4). */
export function fieldName(identifier: string): string {
  return RECORD_NAMES[identifier] ?? `${OTHER}${identifier}`
}

/** The other way about; undefined for a name that is none of ours. */
export function identifierOf(name: string): string | undefined {
  return name.startsWith(OTHER) ? name.slice(OTHER.length) : IDENTIFIERS[name]
}

/** The block as `bleepd decode` prints it: published names in their order, the rest under `other` by identifier. */
export function showEspa(fields: EspaFields): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const name of ['header', ...Object.values(RECORD_NAMES)])
    if (fields[name] !== undefined) shown[name] = fields[name]
  const others = Object.entries(fields).filter(([name]) => name.startsWith(OTHER))
  if (others.length > 0)
    shown.other = Object.fromEntries(others.map(([name, value]) => [name.slice(OTHER.length), value]))
  return shown
}
