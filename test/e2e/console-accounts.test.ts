import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRandom } from '../../src/io/random.ts'
import { createAccounts } from '../../src/run/keep/accounts.ts'
import { axeOn, hasChromium } from '../support/browsers.ts'
import { type ConsoleBed, openConsole } from '../support/console-bed.ts'
import { sha256 } from '../support/desk-bed.ts'
import { ownPort } from '../support/ports.ts'

describe.skipIf(!hasChromium())('people who sign in at the console', () => {
  let bed: ConsoleBed
  let accounts: ReturnType<typeof createAccounts>
  beforeAll(async () => {
    const port = await ownPort()
    bed = await openConsole({ origin: `http://localhost:${port}`, config: { port } })
    accounts = createAccounts({
      ...{ store: bed.store, clock: bed.clock, random: systemRandom, digest: sha256 },
    })
  })
  afterAll(() => bed.close())

  /** A browser with a key fob in it, as far as it can tell (Chrome DevTools Protocol, WebAuthn domain). */
  async function browser(person: string): Promise<{ page: Page; name: string }> {
    // A second try has an account of its own.
    const name = `${person}.${(await accounts.list()).length}`
    const made = await accounts.add('cli:root', { name, role: 'switchboard' })
    if (!made.ok) throw new Error(made.fault.code)
    const page = await bed.stranger()
    await page.goto(`${bed.base}/console/#set-up=${name}&code=${made.value.code}`)
    const fob = await page.context().newCDPSession(page)
    await fob.send('WebAuthn.enable')
    await fob.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'usb', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    return { page, name }
  }
  const board = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).waitFor()
  const signOut = async (page: Page) => {
    await page.getByRole('button', { name: 'Sign out' }).click()
    // The board has fields of its own that a name would go into.
    await page.getByRole('heading', { name: 'Switchboard sign-in' }).waitFor()
    expect(await page.evaluate(`document.body.classList.contains('stale')`)).toBe(false)
  }

  test('a passkey is made with the code, and opens the board from then on', async () => {
    const { page, name } = await browser('jo.bloggs')
    await page.getByRole('button', { name: 'Make a passkey' }).waitFor()
    expect(page.url()).toBe(`${bed.base}/console/`)
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await board(page)
    await page.getByRole('link', { name }).click()
    await page.getByText('Passkey: First passkey').waitFor()
    await signOut(page)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await board(page)
    const [kept] = (await accounts.list()).filter((one) => one.name === name)
    expect(kept?.passkeys[0]).toMatchObject({ label: 'First passkey', counter: expect.any(Number) })
    expect(kept?.passkeys[0]?.used).toBeGreaterThan(0)
    // Last: the browser forgets its fob when its colours are changed.
    await page.getByText('Passkey: First passkey').waitFor()
    expect(await axeOn(page)).toEqual([])
  })

  test('a password and an app do as well, and a wrong code says what to do', async () => {
    const { page, name } = await browser('al.smith')
    await page.getByRole('button', { name: 'Password and app instead' }).click()
    const secret = (await page.locator('form .figure').innerText()).replace(/\s/g, '')
    const code = (ahead = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 })
    expect(await axeOn(page)).toEqual([])
    await page.getByLabel('New password').fill('four words of no sense')
    await page.getByLabel('The same again').fill('four words of no sens')
    await page.getByLabel('The six digits').fill(code())
    await page.getByRole('button', { name: 'Set up and sign in' }).click()
    await page.getByText('The two passwords are not the same').waitFor()
    await page.getByLabel('The same again').fill('four words of no sense')
    await page.getByRole('button', { name: 'Set up and sign in' }).click()
    await board(page)
    await signOut(page)

    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Password or key').fill('four words of no sense')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel(`Code for ${name}`).fill('000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('That code is wrong or was used already').waitFor()
    await page.getByLabel(`Code for ${name}`).fill(code(1))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await board(page)
  })

  test('a code that was used already says so, and the page can be left', async () => {
    await accounts.add('cli:root', { name: 'em.jones', role: 'switchboard' })
    const page = await bed.stranger()
    await page.goto(`${bed.base}/console/#set-up=em.jones&code=a-code-of-before`)
    await page.getByText('The code to set up this account is wrong, used').waitFor()
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByLabel('Password or key').waitFor()
  })
})
