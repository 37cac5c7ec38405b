/** A template of a screen as one line of text: markup and values where they stand, handlers and whitespace left out. */
export function markupOf(template: unknown): string {
  return flat(template).replace(/\s+/g, ' ').replace(/> </g, '><').trim()
}

function flat(part: unknown): string {
  if (typeof part === 'string' || typeof part === 'number') return String(part)
  if (Array.isArray(part)) return part.map(flat).join('')
  if (typeof part !== 'object' || part === null || !('strings' in part) || !('values' in part)) return ''
  const { strings, values } = part
  if (!Array.isArray(strings) || !Array.isArray(values)) return ''
  return strings.map((text, i) => `${text}${i < values.length ? flat(values[i]) : ''}`).join('')
}
