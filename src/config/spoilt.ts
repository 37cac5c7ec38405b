/**
 * What spreadsheets and word processors make of a cell without anybody wanting it. Found in any column, before its own rule
 * is asked, so that the sentence says what happened.
 */
const SPOILT: readonly (readonly [pattern: RegExp, detail: string])[] = [
  [
    /^#(REF|N\/A|NAME\?|VALUE|DIV\/0|NULL|NUM|SPILL|CALC|FIELD|GETTING_DATA)!?\??$/i,
    'a spreadsheet put its error here',
  ],
  [/^#{2,}$/, 'a spreadsheet put this here where a column was too narrow'],
  [
    /^\d+([.,]\d+)?E[+-]\d+$/i,
    'a spreadsheet shortened this number: format the column as text and type it again',
  ],
  [/^[“”„‟]|[“”„‟]$/u, 'curly quotes: a cell is quoted with the plain ones'],
  [/^[=+@](?=[A-Z(]).*[(!]/i, 'a formula: type what it gives'],
  [
    /[\p{Cc}\p{Cs}\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\uFFFD]/u,
    'it holds characters that cannot be seen',
  ],
]

export function spoiltCell(text: string): string | undefined {
  return SPOILT.find(([pattern]) => pattern.test(text))?.[1]
}
