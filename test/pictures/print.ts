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
const alert = await desk.call(ARREST)
await desk.answer(alert, 'med-reg', 'accepted')
await desk.exhaust(alert.id)
await board.getByText('No one has accepted as Anaesthetic registrar').first().waitFor()
await shot(board, 'board')
await desk.close()

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
