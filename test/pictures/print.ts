import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { ARREST, openConsole } from '../support/console-bed.ts'
import { openPhone } from '../support/phone-bed.ts'

/*
 * The pictures of the guides: the real screens, with the made-up hospital behind them. `npm run pictures`
 */
const FOLDER = fileURLToPath(new URL('../../config/guides/pictures/', import.meta.url))

const shot = (page: Page, name: string) => page.screenshot({ path: `${FOLDER}${name}.png` })

await mkdir(FOLDER, { recursive: true })

const desk = await openConsole({ config: { heartbeat: 500 } })
const board = await desk.operator()
await board.getByRole('button', { name: 'Sound is off' }).click()
await board.getByText('Sound on').waitFor()
const alert = await desk.call(ARREST)
await desk.answer(alert, 'med-reg', 'accepted')
await desk.exhaust(alert.id)
await board.getByText('No one has accepted as Anaesthetic registrar').first().waitFor()
await shot(board, 'board')
await desk.close()

const office = await openConsole({ desk: { copies: true, lines: [], ways: ['webpush', 'voice', 'radio'] } })
const estates = await office.operator('admin')
await estates.goto(`${office.base}/console/#/ready`)
await estates.getByRole('heading', { name: 'Never proved on a real device here' }).waitFor()
await estates.getByRole('heading', { name: 'What paging depends on' }).evaluate((it) => it.scrollIntoView())
await shot(estates, 'ready')
const asked = await office.call({
  ...{ text: 'MR JONES FELL, RING WIFE JANE ON 020 7946 0018', kind: 'met', class: 'urgent' },
  ...{ place: 'WARD 7B', roles: ['med-reg'] },
})
await office.alerts.apply(asked.id, {
  ...{ kind: 'closed', at: office.clock.now(), version: asked.version },
  by: { kind: 'switchboard', operator: 'op' },
})
const governance = await office.operator('governance')
await governance.getByRole('link', { name: 'Requests' }).click()
await governance.getByLabel('NHS number, name or words').fill('jones')
const form = governance.getByRole('region', { name: 'A new request' })
await form.getByLabel('Case number, no name').fill('SAR-7')
await governance.getByRole('button', { name: 'Enter it' }).click()
await governance.getByLabel('Who asks is proved by').selectOption('identity-document')
await governance.getByRole('button', { name: 'Find', exact: true }).click()
await governance.getByRole('button', { name: /^\d+ \/ \d+$/ }).click()
await governance.getByText('WIFE JANE', { exact: true }).waitFor()
await shot(governance, 'request')
await office.close()

const phone = await openPhone()
await phone.enrol({ person: phone.bed.holder('med-reg') })
await phone.page.getByRole('link', { name: 'Test' }).tap()
await phone.page.getByRole('button', { name: 'Ring this phone' }).tap()
await phone.page.getByRole('button', { name: 'Yes' }).tap()
await phone.page.locator('.notice').first().waitFor()
await shot(phone.page, 'self-test')
const call = await phone.bed.call(ARREST)
await phone.page.goto(`${phone.base}/app/#/alert/${call.id}`)
await phone.page.getByRole('button', { name: 'I’m coming' }).waitFor()
await shot(phone.page, 'phone')
await phone.close()
