import { say } from '../core/catalogue/say.ts'

/**
 * What spreadsheets and word processors make of a cell without anybody wanting it. Found in any column, before its own rule
 * is asked, so that the sentence says what happened.
 */
const SPOILT: readonly (readonly [pattern: RegExp, detail: string])[] = [
  [
    /^#(REF|N\/A|NAME\?|VALUE|DIV\/0|NULL|NUM|SPILL|CALC|FIELD|GETTING_DATA)!?\??$/i,
    say('settings.aSpreadsheetPutItsError'),
  ],
  [/^#{2,}$/, say('settings.spreadsheetPutHereWhereColumn')],
  [/^\d+([.,]\d+)?E[+-]\d+$/i, say('settings.spreadsheetShortenedNumber')],
  [/^[“”„‟]|[“”„‟]$/u, say('settings.curlyQuotesCellQuotedPlain')],
  [/^[=+@](?=[A-Z(]).*[(!]/i, say('settings.aFormulaTypeWhatIt')],
  [
    /[\p{Cc}\p{Cs}\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\uFFFD]/u,
    say('settings.holdsCharactersCannotSeen'),
  ],
]

/** Nearly every cell: none of the above is made of these alone, and a large site has a million cells. */
const PLAIN = /^[A-Za-z0-9 .:/_]*$/

export function spoiltCell(text: string): string | undefined {
  if (PLAIN.test(text)) return undefined
  return SPOILT.find(([pattern]) => pattern.test(text))?.[1]
}
