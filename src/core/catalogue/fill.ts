/**
 * A sentence with its gaps filled: `{at}` takes a value, `{n|one:# call|other:# calls}` the form that the language has
 * for this number (Intl.PluralRules), with the number for `#`. Gives pieces, so that a screen can put marked-up values
 * between the words. Uses nothing outside of itself, because the screens are sent its text.
 */
export function fill<V>(
  sentence: string,
  values: Readonly<Record<string, V>>,
  language: string,
): (string | V)[] {
  return sentence.split(/(\{[^}]*\})/).flatMap((piece): (string | V)[] => {
    const gap = /^\{(\w+)(?:\|(.*))?\}$/s.exec(piece)
    if (gap === null) return piece === '' ? [] : [piece]
    const value = values[gap[1] ?? '']
    if (value === undefined) return []
    if (gap[2] === undefined) return [value]
    const forms = new Map(
      gap[2].split('|').map((form) => [form.slice(0, form.indexOf(':')), form.slice(form.indexOf(':') + 1)]),
    )
    const rule = new Intl.PluralRules(language).select(Number(value))
    return [(forms.get(rule) ?? forms.get('other') ?? '').replaceAll('#', String(value))]
  })
}
