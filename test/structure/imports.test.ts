import { expect, test } from 'vitest'
import { HOME, PACKAGES, ROOMS } from './rooms.ts'
import { at, circles, FILES, IMPORTS, type Import } from './tree.ts'

const names = Object.keys(ROOMS)

/** The longest name of the table that the file lies under: `io/http/routes` belongs to `io/http`, `core/new` to `core`. */
function roomOf(file: string): string {
  const folders = file.split('/')
  for (let n = folders.length; n > 0; n--) {
    const name = folders.slice(0, n).join('/')
    if (names.includes(name)) return name
  }
  return `none for ${file}`
}

/** A folder below `core`, `run` or `web` is a room or it is in the wrong place; below an adapter it is the adapter's own. */
const MUST_STAND = /^(?:core\/(?!catalogue)|run\/|web\/|io\/)[^/]+\/|^core\/(?:line|measure|pocsag)\/[^/]+\//

const allowed = (room: string, other: string): boolean =>
  room === other ||
  (ROOMS[room] ?? []).some(
    (may) =>
      may === other || (may.endsWith('/*') && (other.startsWith(may.slice(0, -1)) || `${other}/*` === may)),
  )

const between = IMPORTS.flatMap((i) => {
  if (i.file === undefined) return []
  const [room, other] = [roomOf(i.from), roomOf(i.file)]
  return room === other ? [] : [{ i, room, other }]
})

test('every folder of the house is a room of the table, and every room holds something', () => {
  const strangers = FILES.map(({ path }) => path).filter((path) => {
    const folder = MUST_STAND.exec(path)?.[0].slice(0, -1)
    return roomOf(path).startsWith('none') || (folder !== undefined && !names.includes(folder))
  })
  expect(strangers).toEqual([])
  expect(names.filter((room) => !FILES.some(({ path }) => roomOf(path) === room))).toEqual([])
})

test('the table itself has no arrow upwards: a room stands only on rooms named before it', () => {
  const upwards = names.flatMap((room, i) =>
    names.slice(i + 1).flatMap((above) => (allowed(room, above) ? [`${room} may import ${above}`] : [])),
  )
  expect(upwards).toEqual([])
})

test('every room imports only the rooms that the table allows', () => {
  expect(between.filter(({ room, other }) => !allowed(room, other)).map(({ i }) => at(i))).toEqual([])
})

test('every room imports only the packages that the table allows', () => {
  const broken = IMPORTS.filter(({ from, to, file }) => {
    const rule = PACKAGES[from.split('/')[0]!]
    if (file !== undefined || rule === undefined) return rule === undefined
    if (to.startsWith('node:')) return !rule.node
    return rule.packages !== 'any' && !rule.packages.includes(to.startsWith('/') ? to : packageOf(to))
  })
  expect(broken.map(at)).toEqual([])
})

test('between the rooms of run there are few arrows', () => {
  const arrows = new Set(
    between
      .filter(({ room, other }) => room.startsWith('run') && other.startsWith('run'))
      .map(({ room, other }) => `${room} → ${other}`),
  )
  expect(arrows.size, [...arrows].join('\n')).toBeLessThanOrEqual(20)
})

test('no file imports itself in a circle', () => {
  expect(circles(IMPORTS.flatMap(({ from, file }) => (file ? [[from, file] as const] : [])))).toEqual([])
})

test('no room imports itself in a circle', () => {
  expect(circles(between.map(({ room, other }) => [room, other] as const))).toEqual([])
})

test('each package is imported in one place', () => {
  const broken = IMPORTS.filter((i: Import) => {
    const homes = HOME[packageOf(i.to)]?.split(' ')
    return homes !== undefined && !homes.some((home) => i.from === home || i.from.startsWith(`${home}/`))
  })
  expect(broken.map(at)).toEqual([])
})

test('the core is pure: no clock, no randomness, no waiting, no console', () => {
  const impure =
    /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|async |await |console\.|process\.|Temporal\.Now)/
  const broken = FILES.filter(({ path }) => path.startsWith('core/')).flatMap(({ path, lines }) =>
    lines.flatMap((line, i) =>
      !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line) ? [`src/${path}:${i + 1} ${line.trim()}`] : [],
    ),
  )
  expect(broken).toEqual([])
})

test('the screens know the core by its types alone', () => {
  const broken = IMPORTS.filter(
    ({ from, file }) =>
      from.startsWith('web/') &&
      file?.startsWith('core/') &&
      !from.endsWith('.d.ts') &&
      // The server sends this one with the sentences themselves in it.
      !(from === 'web/shared/catalogue.js' && file.startsWith('core/catalogue/')),
  )
  expect(broken.map(at)).toEqual([])
})

test('nothing re-exports a folder', () => {
  expect(FILES.map(({ path }) => path).filter((path) => /(^|\/)index\.(ts|js)$/.test(path))).toEqual([])
})

function packageOf(to: string): string {
  return to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/')
}

test('what the daemon starts with takes node:http without its name space, which loads web clients of 8 MB', () => {
  const importing = FILES.flatMap(({ path, lines }) =>
    /^(?:cli|io\/filing)\//.test(path)
      ? []
      : lines.filter((text) => /^import (?!type )(.*)'node:http'/.test(text)).map(() => path),
  )
  expect(importing).toEqual([])
})
