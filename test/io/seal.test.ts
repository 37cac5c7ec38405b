import { Decrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import { ageSealer } from '../../src/io/seal/age.ts'

test('what is sealed opens with its passphrase, as any age program opens it, and with no other', async () => {
  const plain = new TextEncoder().encode('MR JONES')
  const sealed = await ageSealer.seal(plain, 'correct horse battery staple')
  expect(new TextDecoder().decode(sealed.slice(0, 21))).toBe('age-encryption.org/v1')
  expect(Buffer.from(sealed).includes('JONES')).toBe(false)
  const open = async (passphrase: string) => {
    const decrypter = new Decrypter()
    decrypter.addPassphrase(passphrase)
    return decrypter.decrypt(sealed, 'text')
  }
  expect(await open('correct horse battery staple')).toBe('MR JONES')
  await expect(open('wrong horse')).rejects.toThrow()
})
