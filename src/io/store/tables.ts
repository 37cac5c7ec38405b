import type { Generated } from 'kysely'

/**
 * The schema as the query layer sees it. Ids are text; instants are milliseconds as doubles (both databases keep
 * 53 bits, so parts of a millisecond survive until the year 2200); documents are JSON text, checked where they were made.
 */
export interface Tables {
  bleeps: {
    id: string
    number: string
    received: number
    stage: string
    class: string | null
    kind: string | null
    /** When its words were erased. */
    erased: number | null
    /** Names of the keys that its words are sealed under, the last for what comes now; null: they stand in the clear. */
    key: string | null
    doc: string
  }
  sightings: { id: string; bleep: string; feed: string; tap: string; stored: number; doc: string }
  alerts: {
    id: string
    bleep: string
    version: number
    phase: string
    class: string
    raised: number
    waiting: string | null
    doc: string
  }
  alert_events: { alert: string; seq: number; at: number; kind: string; doc: string }
  due: { alert: string; name: string; at: number; owner: string | null; until: number | null }
  attempts: {
    id: string
    key: string
    alert: string
    person: string
    device: string
    channel: string
    purpose: string
    class: string
    /** Higher is claimed first. */
    rank: number
    state: string
    try: number
    created: number
    due: number
    expires: number
    reason: string
    fault: string | null
    moved: number
    owner: string | null
    until: number | null
  }
  inbox: {
    cursor: Generated<number>
    device: string
    person: string
    alert: string
    attempt: string | null
    purpose: string
    at: number
    expires: number
  }
  devices: {
    id: string
    owner_kind: string
    owner: string
    state: string
    token: string
    doc: string
  }
  enrol_codes: { digest: string; expires: number; doc: string }
  directory_edits: { id: string; at: number; by: string; edit: string }
  hops: {
    seq: Generated<number>
    bleep: string
    alert: string | null
    hop: string
    at: number
    class: string | null
    person: string | null
    device: string | null
    attempt: string | null
    clock: string
    uncertainty: number | null
    clock_offset: number | null
  }
  calls: { id: string; feed: string; node: string; arrived: number; doc: string }
  facts: {
    bleep: string
    at: number
    class: string
    kind: string
    number: string
    role: string | null
    staff_group: string | null
    person: string | null
    call_back: string | null
    handed: number | null
    taken: number | null
    on_device: number | null
    presented: number | null
    opened: number | null
    accepted: number | null
    covered: number | null
    arrived: number | null
    by: string | null
    asked: number | null
    not_me: number | null
    told: number | null
    ward: string | null
  }
  accounts: { name: string; doc: string }
  listed: {
    key: string
    source: string
    kind: string
    login: string
    external: string | null
    person: string
    name: string
    staff_group: string
    phone: string | null
    active: number
    leaves: number | null
    left_at: number | null
    changed: number
    doc: string
  }
  sessions: { id: string; subject: string | null; until: number; doc: string }
  asks: {
    bleep: string
    at: number
    ward: string | null
    device: string | null
    /** 1: nothing more is owed to whoever asked. */
    settled: number
    changed: number
    doc: string
  }
  filings: {
    alert: string
    bleep: string
    raised: number
    /** Null while its alert is open. */
    stand: string | null
    phase: string
    /** Revision of the alert that it was made from. */
    revision: number
    moved: number
    doc: string
  }
  filing_sends: {
    alert: string
    way: string
    seq: number
    state: string
    created: number
    due: number
    tries: number
    owner: string | null
    until: number | null
    doc: string
  }
  /** `doc` is empty where `data` is there: the first schema kept JSON. */
  packs: { kind: string; first: number; last: number; rows: number; doc: string; data: Uint8Array | null }
  audit: {
    seq: number
    at: number
    actor: string
    action: string
    subject: string
    outcome: string
    detail: string | null
    /** Null once the content is erased. */
    salt: string | null
    entry: string
    digest: string
  }
  holds: {
    id: string
    kind: string
    first: number | null
    last: number | null
    person: string | null
    reason: string
    by: string
    at: number
    released: number | null
  }
  held: { hold: string; bleep: string }
  erasures: { id: string; at: number; state: string; doc: string }
  notes: { key: string; value: string; at: number }
  requests: { id: string; at: number; due: number; state: string; doc: string }
  restricted: { bleep: string; at: number; doc: string }
  /** Every word and every person that something can be found by. */
  search_words: { term: number; word: string }
  /** Which of them a bleep holds; `at` is when that bleep was received. */
  search_index: { term: number; at: number }
  /** Bleeps on whose alert something was written or closed since they were put into the index. */
  search_again: { bleep: string }
  /** Keys whose words are gone, until they are destroyed. */
  keys_gone: { key: string }
  /** Which bleeps are about a patient, by the name of the patient's key. */
  subject_bleeps: { subject: string; bleep: string }
  /** Keys of what is no bleep's, and what each is for. */
  own_keys: { key: string; what: string; part: string; sealed: string | null }
  leases: { name: string; token: number; until: number }
}
