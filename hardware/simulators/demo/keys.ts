import { paint } from './paint.ts'

/** What a visitor can do, by the key that does it. */
export interface Deed {
  readonly key: string
  readonly says: string
  run(): void | Promise<void>
}

/** Ctrl-C as a terminal in raw mode gives it. */
const CTRL_C = '\u0003'

/**
 * Listens to single keys where somebody sits at a terminal; gives the way to stop.
 * @param end runs for `q` and Ctrl-C
 */
export function listenToKeys(
  deeds: readonly Deed[],
  end: () => void,
  say: (text: string) => void,
): () => void {
  const { stdin } = process
  if (!stdin.isTTY) return () => undefined
  const press = async (key: string): Promise<void> => {
    try {
      await deeds.find((d) => d.key === key.toLowerCase())?.run()
    } catch (error) {
      say(`  that did not work: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const hear = (data: Buffer): void => {
    for (const key of data.toString('utf8')) {
      if (key === 'q' || key === CTRL_C) end()
      else void press(key)
    }
  }
  stdin.setRawMode(true)
  stdin.resume()
  stdin.on('data', hear)
  return () => {
    stdin.off('data', hear)
    stdin.setRawMode(false)
    stdin.pause()
  }
}

/** The keys and what they do, for whoever can press them; nothing where nobody can. */
export function keysSay(deeds: readonly Deed[]): string {
  if (!process.stdin.isTTY) return ''
  const lines = deeds.map(
    ({ key, says }) => `  ${paint('bold', key === ' ' ? 'space' : key.padEnd(5))}  ${says}`,
  )
  return ['', 'Keys, in this window:', ...lines, `  ${paint('bold', 'q')}      end, as Ctrl-C does`, ''].join(
    '\n',
  )
}
