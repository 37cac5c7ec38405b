/**
 * What words must not do to whoever reads them: move a cursor, colour or empty a terminal (C0, DEL, C1), turn the line round
 * or hide a part of it (marks of direction, separators of lines). Ends of lines and tabs stay.
 */
const COMMANDS = /[^\P{Cc}\n\t]|\p{Bidi_Control}|[\u2028\u2029\ufeff]/gu

/** The same words, with each such character shown in its place as one that could not be read. */
export const visible = (text: string): string => text.replace(/\r\n/g, '\n').replace(COMMANDS, '\ufffd')
