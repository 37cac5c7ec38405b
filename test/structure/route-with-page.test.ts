import { expect, test } from 'vitest'
import { FILES } from './tree.ts'

/**
 * What a new route with a page of its own has to touch, counted on one that is there: the dry run of a page (`who`). Its
 * Welsh is a file more, whenever it comes: until then a sentence is said in English. Whoever links to it is not counted.
 */
const PATTERN =
  /\bwhoPage\b|hash: '#\/who'|post\('\/who'|\bforesee\(caller|^ {2}foresee\(|\bforesee: \(|\bForeseenView\b|\bforeseenSchema\b|^ {2}whatPageWouldLeadTo:|^ {2}whoTitle:/

/** The same figures in a command. */
const NOT_OF_THE_PAGE = /^(cli|core\/catalogue\/cy)\//

test('a route with a page touches eight files at most', () => {
  const touched = FILES.filter(
    ({ path, lines }) => !NOT_OF_THE_PAGE.test(path) && lines.some((line) => PATTERN.test(line)),
  ).map(({ path }) => path)
  expect(touched).toEqual([
    'core/catalogue/en-GB/ready.ts',
    'core/foresee/view.ts',
    'io/http/routes/site.ts',
    'ports/foresee-desk.ts',
    'run/desk/foresee.ts',
    'web/console/context.js',
    'web/console/page-table.js',
    'web/console/who.js',
  ])
})
