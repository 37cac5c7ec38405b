import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWav, TELEPHONE_RATE, toTelephone, writeWav } from '../../core/deliver/telephone-sound.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Class } from '../../core/vocabulary.ts'

/** Something to say: a WAV file for a telephone, and how long it lasts. */
export interface Sound {
  readonly file: string
  readonly lasts: Millis
}

export interface SpeechSettings {
  /** espeak-ng, or another program that takes its options. */
  readonly speech: string
  readonly voice: string
  /** Folder with recordings of the site, by class: `emergency.wav`. */
  readonly recordings?: string | undefined
}

/** Recordings and texts that are kept; beyond, the oldest are made again when they are needed. */
const KEPT = 100
const WITHIN: Millis = 3 * SECOND

/**
 * What is said in calls: a recording of the site where there is one for the class, else spoken by espeak-ng as it is
 * needed. Nothing but the place changes from call to call, so most are there already.
 */
export class Speech {
  readonly #settings: SpeechSettings
  readonly #known = new Map<string, Promise<Sound | undefined>>()
  #folder: Promise<string> | undefined

  constructor(settings: SpeechSettings) {
    this.#settings = settings
  }

  /** @returns undefined where it can be neither spoken nor played */
  async of(text: string, c?: Class): Promise<Sound | undefined> {
    const recorded = c === undefined ? undefined : await this.#keep(`recorded ${c}`, () => this.#recording(c))
    return recorded ?? this.#keep(text, () => this.#speak(text))
  }

  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true })
  }

  /** What could not be made is tried again the next time. */
  async #keep(key: string, make: () => Promise<Sound | undefined>): Promise<Sound | undefined> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make().catch(() => undefined)
    this.#known.set(key, made)
    if (this.#known.size > KEPT)
      for (const oldest of [...this.#known.keys()].slice(0, 1)) this.#known.delete(oldest)
    const sound = await made
    if (sound === undefined) this.#known.delete(key)
    return sound
  }

  async #recording(c: Class): Promise<Sound | undefined> {
    const { recordings } = this.#settings
    if (recordings === undefined) return undefined
    return this.#write(await readFile(join(recordings, `${c}.wav`)), `recorded ${c}`)
  }

  async #speak(text: string): Promise<Sound | undefined> {
    const { speech, voice } = this.#settings
    const spoken = await new Promise<Buffer>((done, fail) => {
      const options = { encoding: 'buffer', maxBuffer: 16_777_216, timeout: WITHIN } as const
      const child = execFile(
        speech,
        ['-v', voice, '-s', '150', '--stdout', '--stdin'],
        options,
        (error, out) => (error === null ? done(out) : fail(error)),
      )
      child.stdin?.on('error', () => {})
      child.stdin?.end(text)
    })
    return this.#write(spoken, text)
  }

  async #write(file: Uint8Array, key: string): Promise<Sound | undefined> {
    const read = readWav(file)
    if (read === undefined || read.sound.length === 0) return undefined
    const sound = toTelephone(read.sound, read.rate)
    this.#folder ??= mkdtemp(join(tmpdir(), 'bleepd-speech-'))
    const path = join(await this.#folder, `${createHash('sha256').update(key).digest('hex')}.wav`)
    await writeFile(path, writeWav(sound), { mode: 0o600 })
    return { file: path, lasts: (sound.length / TELEPHONE_RATE) * SECOND }
  }
}
