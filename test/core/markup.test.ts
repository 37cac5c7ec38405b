import { expect, test } from 'vitest'
import { page, text } from '../../src/core/markup.ts'

test('words show as they were typed, and none of them becomes a tag or ends an attribute', () => {
  expect(text('Bed 4 & 5 <script>"x"</script>')).toBe(
    'Bed 4 &amp; 5 &lt;script&gt;&quot;x&quot;&lt;/script&gt;',
  )
  expect(text('&amp;')).toBe('&amp;amp;')
  expect(text('')).toBe('')
})

test('a page carries its title as words and its body as markup', () => {
  const made = page({ title: '<b> & co', style: 'p{}', body: '<p>x</p>', sort: 'words' })
  expect(made).toContain('<title>&lt;b&gt; &amp; co</title><style>p{}</style>')
  expect(made).toContain('<body class="words">\n<p>x</p>\n</body>')
  expect(page({ title: '', style: '', body: '' })).toContain('</head><body>\n\n</body>')
})
