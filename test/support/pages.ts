import type { Address, Page } from '../../src/core/bleep/bleep.ts'

/** A clean page of text to a bleep number, changed as a test needs it. */
export function aPage(text: string, more: Partial<Page> = {}): Page {
  return {
    to: { scheme: 'number', number: '1113' },
    type: text === '' ? 'tone' : /^[\d\s]+$/.test(text) ? 'numeric' : 'alpha',
    text,
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: 0,
    lastByte: 0,
    ...more,
  }
}

export function ric(number: number, fn: 0 | 1 | 2 | 3): Address {
  return { scheme: 'ric', ric: number, fn }
}
