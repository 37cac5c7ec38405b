import type { Device } from '../core/deliver/device.ts'
import type { DeviceId, PersonId, RoleId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'

export interface DeviceTable {
  add(device: Device, tokenDigest: string): Promise<void>
  save(device: Device): Promise<void>
  get(id: DeviceId): Promise<Device | undefined>
  byToken(tokenDigest: string): Promise<Device | undefined>
  /** The digest of its token; undefined where there is no such device. */
  tokenOf(id: DeviceId): Promise<string | undefined>
  /** Replaces the token: the old one stops working at once. */
  rotate(id: DeviceId, tokenDigest: string): Promise<void>
  /** Every device of these people, and those that go with these roles, by id. */
  owned(by: {
    readonly people: readonly PersonId[]
    readonly roles?: readonly RoleId[]
    readonly wards?: readonly string[]
  }): Promise<readonly Device[]>
  /** So many of those that enrolled last. */
  newest(limit: number): Promise<readonly Device[]>
  list(): Promise<readonly Device[]>
  /** At most so many of those whose ids come behind this one, by id; `next` where there may be more, to go on behind. */
  part(
    after: string,
    limit: number,
  ): Promise<{ readonly devices: readonly Device[]; readonly next: string | undefined }>
  /** How many there are of each sort, and how many of these were heard of at or after `since`: counted where they lie. */
  tally(since: Instant): Promise<readonly DeviceCount[]>
}

/** Devices of one owner that are alike. */
export interface DeviceCount extends Pick<Device, 'owner' | 'channel' | 'state'> {
  readonly count: number
  /** Heard of lately, or else enrolled lately. */
  readonly seen: number
}

export interface EnrolCode {
  readonly digest: string
  readonly owner: Device['owner']
  readonly made: Instant
  readonly expires: Instant
  readonly by: string
}

export interface EnrolCodeTable {
  add(code: EnrolCode): Promise<void>
  /** Takes the code out: it works once. */
  take(digest: string, now: Instant): Promise<EnrolCode | undefined>
  /** Those that still work, the newest first. */
  list(now: Instant): Promise<readonly EnrolCode[]>
  /** Ends every code for this owner. */
  endOf(owner: Device['owner']): Promise<void>
}
