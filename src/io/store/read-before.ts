import { type Form, readable } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'

/** Bleeps whose reading is kept, those of the last minutes: 2 kB each. */
const KNOWN = 200

/**
 * Reads documents, and bleeps only once: with each page of a number all those of its last minutes are looked at. A bleep
 * that was changed since is another text.
 */
export function readBefore(): typeof readable {
  const bleeps = new Map<string, unknown>()
  return <T>(form: Form, text: string) => {
    if (form !== FORMS.bleep) return readable<T>(form, text)
    const known = bleeps.get(text) as T | undefined
    if (known !== undefined) return known
    const fresh = readable<T>(form, text)
    if (fresh !== undefined) bleeps.set(text, fresh)
    const [oldest] = bleeps.size > KNOWN ? bleeps.keys() : []
    if (oldest !== undefined) bleeps.delete(oldest)
    return fresh
  }
}
