import type { Millis } from '../core/instant.ts'

/** Who watches the daemon from outside. Every call is cheap, never throws and does nothing where nobody watches. */
export interface Watchdog {
  /** How long the watcher waits for `alive` before it acts; `undefined` when it does not. */
  readonly patience: Millis | undefined
  ready(): void
  /** One line that the operator sees in `systemctl status`. */
  status(text: string): void
  /** Obligations hold now. */
  alive(): void
  stopping(): void
}

/** A beat to a watcher outside the building (a URL that must be called in time). Settles by its own deadline. */
export interface Beat {
  /** True when the watcher confirmed it. */
  send(): Promise<boolean>
}
