import { expect, test } from 'vitest'
import { vaultOf } from '../../src/io/seal/vault.ts'

const vault = vaultOf('a key of this machine')

test('what is sealed opens under the same key alone, and never looks the same twice', () => {
  const sealed = vault.seal('JBSWY3DPEHPK3PXP')
  expect(sealed).not.toContain('JBSWY3DPEHPK3PXP')
  expect(vault.seal('JBSWY3DPEHPK3PXP')).not.toBe(sealed)
  expect(vaultOf('a key of this machine').open(sealed)).toBe('JBSWY3DPEHPK3PXP')
  expect(vaultOf('another key').open(sealed)).toBeUndefined()
})

test('one character changed, or half of it gone, opens nothing', () => {
  const sealed = vault.seal('JBSWY3DPEHPK3PXP')
  for (const at of [3, 12, sealed.length - 2])
    expect(
      vault.open(sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)),
    ).toBeUndefined()
  expect(vault.open(sealed.slice(0, 10))).toBeUndefined()
  expect(vault.open('v1:')).toBeUndefined()
})

test('what was kept before anything was sealed stands as it is', () => {
  expect(vault.open('JBSWY3DPEHPK3PXP')).toBe('JBSWY3DPEHPK3PXP')
})
