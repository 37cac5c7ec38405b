/** The event of a defect of ours, with `fault`, `subject` and `error`: what is logged so stands on `/readyz` (run/watch/defect-watch.ts). */
export const DEFECT = 'defect'
/** The same thing, by `fault` and `subject`, goes well again. */
export const DEFECT_OVER = 'defect-over'

/** Fields are ids, codes and numbers; page text and people's names have no place here. */
export interface Log {
  /** For whoever looks into one line or loop; off unless the configuration asks for it. */
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void
  info(event: string, fields?: Readonly<Record<string, unknown>>): void
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void
  error(event: string, fields?: Readonly<Record<string, unknown>>): void
}
