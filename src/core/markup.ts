const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Words as markup that shows them, between tags and in a quoted attribute: none of them can become a tag. */
export const text = (words: string): string => words.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

interface Page {
  readonly title: string
  readonly style: string
  /** What stands in it, as markup: words come by {@link text} alone. */
  readonly body: string
  /** Class of the body, for its style. */
  readonly sort?: string
}

/** A page that stands alone: read on a screen, printed, kept for years. No script, nothing fetched. */
export const page = ({ title, style, body, sort }: Page): string => `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(title)}</title><style>${style}</style></head><body${sort === undefined ? '' : ` class="${sort}"`}>
${body}
</body></html>
`
