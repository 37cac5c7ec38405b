import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { show } from '../../src/cli/show.ts'
import { readProfile } from '../../src/config/profile.ts'
import { toLatin1 } from '../../src/core/line/kit/bytes.ts'
import type { LineEffect } from '../../src/core/line/kit/protocol.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'

const vectors = z.array(
  z.strictObject({
    profile: z.string(),
    provenance: z.string(),
    bytes: z.string(),
    want: z.array(z.record(z.string(), z.unknown())),
    replies: z.array(z.string()).default([]),
  }),
)

/** Runs bytes through a profile; every page counts as stored at once. */
function decode(
  name: string,
  bytes: Uint8Array,
): {
  shown: unknown[]
  replies: string[]
  calls: unknown[]
} {
  const profile = readProfile(name)
  if (!profile.ok) throw new Error(profile.fault.detail)
  const line = PROTOCOLS.get(profile.value.protocol)?.open(profile.value.options)
  if (!line?.ok) throw new Error('options')
  const shown: unknown[] = []
  const replies: string[] = []
  const calls: unknown[] = []
  const use = (effects: readonly LineEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === 'reply') replies.push(Buffer.from(effect.bytes).toString('latin1'))
      if (effect.kind === 'call') calls.push(effect.record)
      const one = show(profile.value.protocol, effect)
      if (one !== undefined) shown.push(one)
      if (effect.kind === 'page') use(line.value.step({ kind: 'stored', ref: effect.ref, at: 0 }))
    }
  }
  use(line.value.step({ kind: 'opened', at: 0 }))
  use(line.value.step({ kind: 'bytes', bytes, at: 0 }))
  use(line.value.step({ kind: 'closed', at: 0 }))
  return { shown, replies, calls }
}

describe.each(['text', 'records'])('%s', (family) => {
  const file = readFileSync(new URL(`lines/${family}.yaml`, import.meta.url), 'utf8')
  test.each(vectors.parse(parse(file)))('$profile: $provenance', ({ profile, bytes, want, replies }) => {
    const got = decode(profile, toLatin1(bytes))
    const plain = got.shown.map((s) => {
      const { raw: _, ...rest } = z.record(z.string(), z.unknown()).parse(s)
      return rest
    })
    expect(plain).toEqual(want)
    expect(got.replies).toEqual(replies)
  })
})

test('a call record is shown as sent, and what may be stored of it names no outside number or trunk', () => {
  const line = 'N 027 00 2343 T010 011 05/09 07:46 00:01:12 A 19995567563'
  const { shown, calls } = decode('meridian-cdr', toLatin1(`${line}\r\n`))
  expect(shown).toMatchObject([{ raw: line, to: 'T010 011', dialled: '19995567563' }])
  expect(calls).toMatchObject([{ from: '2343', to: 'external', dialled: 'external' }])
})
