import type { LineEvent } from '../../src/ports/line.ts'

/** Everything a line told, and promises for what is still to come. */
export class Heard {
  readonly events: LineEvent[] = []
  readonly #waiting: { ready: () => boolean; go: () => void }[] = []

  readonly on = (event: LineEvent): void => {
    this.events.push(event)
    this.#look()
  }

  get bytes(): number[] {
    return this.events.flatMap((e) => (e.kind === 'bytes' ? [...e.bytes] : []))
  }

  kinds(): string[] {
    return this.events.map((e) => e.kind)
  }

  /** Code of the fault with which the link closed; `closed` when it had none. */
  ending(): string | undefined {
    const end = this.events.find((e) => e.kind === 'closed')
    return end && (end.fault?.code ?? 'closed')
  }

  /** Resolves as soon as it is true; the test's own time limit is the bound. */
  until(ready: () => boolean): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ ready, go })
      this.#look()
    })
  }

  untilKind(kind: LineEvent['kind']): Promise<void> {
    return this.until(() => this.events.some((e) => e.kind === kind))
  }

  #look(): void {
    for (const w of this.#waiting) if (w.ready()) w.go()
  }
}
