import type { Alert } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import { maskedFor, maskText } from '../../core/deliver/mask.ts'
import type { AskView } from '../../core/desk/ask-views.ts'
import { askStand, isAnswer } from '../../core/desk/asked.ts'
import { nameOfNumber } from '../../core/desk/card.ts'
import { nameOfActor, nameOfRole } from '../../core/desk/names.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import type { AccessRole } from '../../core/govern/permit.ts'
import { printInstant } from '../../core/instant.ts'
import type { AskRow } from '../../ports/asks.ts'

/** One ask as its asker sees it, or the switchboard who has to read it out. Identifiers are masked: screens hang on walls. */
export function askView(
  row: AskRow,
  bleep: Bleep,
  alert: Alert | undefined,
  access: AccessRole,
  directory: Directory,
): AskView {
  const stand = askStand(bleep, alert, directory)
  const answer = isAnswer(stand.state)
  const masked = (text: string) => maskText(text, maskedFor({ kind: 'report' }), directory.hospitalNumbers)
  return {
    id: row.bleep,
    at: printInstant(row.at),
    to:
      bleep.ask === undefined ? nameOfNumber(bleep.number, directory) : nameOfRole(bleep.ask.role, directory),
    class: alert?.plan.class ?? bleep.meaning?.class ?? bleep.ask?.urgency ?? 'routine',
    ...(bleep.erased === undefined ? { words: masked(bleep.page.text) } : {}),
    ...given({ ward: row.ward, extension: row.extension, place: bleep.meaning?.place }),
    ...stand,
    answer,
    owed: !row.told.some(({ said }) => said === stand.said),
    open: alert?.phase !== 'closed',
    told: row.told.map(({ at, ...told }) => ({ ...told, at: printInstant(at) })),
    replies: (alert?.thread ?? []).map((said) => ({
      at: printInstant(said.at),
      by: said.by === 'asker' ? (row.ward ?? '') : nameOfActor(said.by, { access }, directory),
      text: masked(said.text),
      own: said.by === 'asker',
    })),
    ...(access === 'switchboard' && alert !== undefined ? { alert: alert.id } : {}),
  }
}
