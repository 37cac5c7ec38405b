import { expect, test } from 'vitest'
import { hooksSchema, mailSchema, postFaults } from '../../src/config/post.ts'

const mail = { host: 'smtp.example.nhs.uk', from: 'a@example.nhs.uk' }
const faults = (more: object, hooks: readonly object[] = []) =>
  postFaults({
    mail: { ...mailSchema.parse(mail), ...more } as never,
    hooks: hooks.map((one) => ({
      name: 'h',
      url: 'https://h.example/',
      secret: 'x'.repeat(16),
      shape: 'plain',
      ...one,
    })) as never,
  }).map(({ path }) => path)

test('mail is encrypted unless its server is this machine', () => {
  expect(mailSchema.parse(mail)).toMatchObject({ security: 'starttls', port: 587, least: 'warning' })
  expect(faults({})).toEqual([])
  expect(faults({ security: 'none' })).toEqual(['mail.security'])
  for (const host of ['127.0.0.1', 'localhost', '::1']) expect(faults({ security: 'none', host })).toEqual([])
  expect(faults({ user: 'x' })).toEqual(['mail.password'])
})

test('a hook is encrypted, signed with a secret worth the name, and has a name of its own', () => {
  expect(hooksSchema.safeParse([{ name: 'h', url: 'ftp://x/', secret: 'env:X' }]).success).toBe(false)
  expect(faults({}, [{ url: 'http://h.example/' }])).toEqual(['hooks.0.url'])
  expect(faults({}, [{ secret: 'short' }])).toEqual(['hooks.0.secret'])
  expect(faults({}, [{}, {}])).toEqual(['hooks.1.name'])
  expect(faults({}, [{ name: 'mail' }])).toEqual(['hooks.0.name'])
})
