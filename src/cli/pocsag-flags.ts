import { InvalidArgumentError, Option } from 'commander'
import { say } from '../core/catalogue/say.ts'
import { CHARSETS } from '../core/pocsag/code/charset.ts'

/** The forms in which bits come or go: one a bit, several samples a bit, raw audio, a WAV file. */
export const FORMS = ['packed', 'oversampled', 'pcm16', 'wav'] as const

/** Samples a second of raw audio when nobody says: what the field's receivers and decoders use. */
export const USUAL_SAMPLE_RATE = 22_050
export const USUAL_SAMPLES_PER_BIT = 8

/** A page as `encode` takes it, and the part of it that a list of addresses holds, to be shown to whoever wrote it wrongly. */
export const PAGE_LINE = '{"ric":1234567,"function":3,"type":"alpha","text":"…"}'
export const RIC_LINE = '{"ric":1234567,"function":3,"type":"alpha"}'

export function charsetOption(): Option {
  return new Option('--charset <name>', say('cli.charset')).choices(CHARSETS).default('us')
}

/** A number from `least` to `most`, both allowed. */
export function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text)
    if (text.trim() === '' || !(n >= least && n <= most))
      throw new InvalidArgumentError(say('cli.mustBeWithin', { least, most }))
    return n
  }
}

export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = number(least, most)(text)
    if (!Number.isInteger(n)) throw new InvalidArgumentError(say('cli.mustBeWithin', { least, most }))
    return n
  }
}

export function oneOf<T extends number | string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => String(value) === text)
    if (found === undefined)
      throw new InvalidArgumentError(say('cli.mustBeOneOf', { values: values.join(', ') }))
    return found
  }
}
