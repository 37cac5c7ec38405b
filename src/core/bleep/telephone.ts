/**
 * A telephone number of the United Kingdom in national (0…) or international (+44, 0044) form: ten or eleven digits with
 * the usual gaps and brackets. Not anchored; none of its groups captures.
 */
export const UK_TELEPHONE = '(?:\\+44|0044|0)[ .-]?(?:\\(0\\)[ .-]?)?\\(?[1-9](?:[ .()-]{0,2}\\d){8,9}(?!\\d)'

/** Figures in groups, as people write a number: what follows a gap may belong to it. */
const RUN = /^(?:\+|\(?0)?[\d()](?:[ .-]{0,2}[\d()])*/
const WHOLE = new RegExp(`^\\(?${UK_TELEPHONE}$`)

/**
 * The number that begins a text, exactly as it was sent, whole or not at all: half an outside number rings a stranger.
 * An extension is one group of three to eleven figures; what stands behind it may be a patient's number (six figures and
 * more) or a figure or two of another meaning, but not one more extension.
 */
export function numberAt(text: string): string | undefined {
  const figures = RUN.exec(text)?.[0]
  if (figures === undefined) return undefined
  const run = figures.replace(/[ .(-]+$/, '')
  // `300MG` is a dose.
  if (/^[A-Z]/i.test(text.slice(run.length))) return undefined
  const groups = run.split(/[ .()-]+/).filter((group) => group !== '')
  // An outside number first, with as many groups as make it whole.
  for (let n = groups.length; n > 0; n--) {
    const part = upTo(run, n)
    if (part !== undefined && WHOLE.test(part)) return part
  }
  const [first = '', ...rest] = groups
  if (!/^\d{3,11}$/.test(first)) return undefined
  const others = rest.filter((group) => group !== first && group.length >= 3)
  const outside = first.startsWith('0') && first.length > 4
  if (outside && rest.some((group) => group !== first)) return undefined
  return others.every((group) => group.length >= 6) ? first : undefined
}

/** The run as far as its n-th group of figures, or undefined where there are not so many. */
function upTo(run: string, n: number): string | undefined {
  const group = [...run.matchAll(/\d+/g)][n - 1]
  return group && run.slice(0, group.index + group[0].length)
}

/**
 * A telephone of the house, as far as figures tell. One outside may be a relative's: it goes with the words of its call, and
 * stands nowhere else.
 */
export function isInside(number: string): boolean {
  const digits = number.replace(/\D/g, '')
  return !number.startsWith('+') && digits.length <= (digits.startsWith('0') ? 4 : 7)
}
