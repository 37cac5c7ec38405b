import { cpSync, globSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundle } from '../../hardware/packaging/bundle.ts'
import { released } from '../../hardware/packaging/change-log.ts'
import { billOf, licencesOf } from '../../hardware/packaging/parts.ts'
import { removeFolder } from '../support/folders.ts'
import { runProgram } from '../support/program.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const LOG = '# Changes\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] – 2026-11-29\n\n- First.\n'

test('a release names what was unreleased, and leaves room for what comes', () => {
  expect(released(LOG, '0.1.0', '0.2.0', '2026-12-01')).toBe(
    '# Changes\n\n## [Unreleased]\n\n## [0.2.0] – 2026-12-01\n\n### Added\n\n- A thing.\n\n## [0.1.0] – 2026-11-29\n\n- First.\n',
  )
})

test.each(['0.1.0', '0.0.9', '1.0', 'v1.0.0', '01.0.0', '1.0.0-rc1', ''])(
  'no release is called %s',
  (version) => {
    expect(() => released(LOG, '0.1.0', version, '2026-12-01')).toThrow('no version after 0.1.0')
  },
)

test('a version of which nothing is told is no release', () => {
  const silent = released(LOG, '0.1.0', '0.2.0', '2026-12-01')
  expect(() => released(silent, '0.2.0', '0.3.0', '2026-12-02')).toThrow('nothing is told')
})

test('unit, rules for ports and package agree: one command, one user, a port that the daemon may open', () => {
  const unit = read('hardware/systemd/bleepd.service')
  expect(unit).toContain('ExecStart=/usr/bin/bleepd run --config /etc/bleepd/bridge.yaml')
  expect(unit).toContain('StateDirectory=bleepd')
  // It would make the folder root's alone at each start.
  expect(unit).not.toMatch(/^ConfigurationDirectory=/m)
  const rules = read('hardware/udev/60-bleep-bridge.rules')
  expect(rules).toMatch(/TAG=="bleep-line", GROUP="bleepd", MODE="0660"/)
  expect(read('hardware/udev/59-bleep-lines.rules')).toContain('TAG+="bleep-line"')
  const script = read('hardware/packaging/debian/postinst')
  expect(script).toContain('chown root:bleepd /etc/bleepd')
  expect(script).toContain('chown bleepd:bleepd /var/lib/bleepd')
})

test('the bill of materials holds every library that ships, each with a licence, and is the same each time', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const parts = billOf(root, 1_700_000_000)
  expect(parts).toEqual(billOf(root, 1_700_000_000))
  const { dependencies } = JSON.parse(read('package.json'))
  const names = new Set(parts.components.map(({ name }) => name))
  expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([])
  const { devDependencies } = JSON.parse(read('package.json'))
  expect(names.has(Object.keys(devDependencies).find((name) => name === 'vitest') ?? 'vitest')).toBe(false)
  expect(licencesOf(parts)).not.toContain('not stated')
  expect(JSON.stringify(parts.metadata)).toContain('2023-11-14T22:13:20.000Z')
})

test('the program in few files does what the source does, and keeps no letter that would double a file in memory', async () => {
  const library = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    for (const path of ['src', 'hardware/profiles', 'package.json'])
      cpSync(join(root, path), join(library, path), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(library, 'node_modules'))
    const threads = globSync('src/**/*-worker.ts', { cwd: root })
    await bundle(library)
    expect(globSync('src/**/*.ts', { cwd: library, exclude: (path) => path.includes('web') })).toEqual([])
    const files = globSync('src/*.js', { cwd: library }).map((path) =>
      readFileSync(join(library, path), 'latin1'),
    )
    expect(files.filter((text) => /[\x80-\xff]/.test(text))).toEqual([])
    // Each thread of its own is begun from a file that is there.
    const begun = new Set(
      files.flatMap((text) => text.match(/(?<=new URL\(["'`]\.\/)[\w-]+-worker\.js/g) ?? []),
    )
    expect([...begun].toSorted()).toEqual(
      threads.map((path) => path.replace(/.*\/(.+)\.ts$/, '$1.js')).toSorted(),
    )
    expect(globSync('src/*-worker.js', { cwd: library })).toHaveLength(threads.length)
    const bleepd = (...args: readonly string[]) =>
      runProgram(process.execPath, [join(library, 'src/bleepd.js'), ...args], { cwd: library })
    const site = join(library, 'etc')
    expect((await bleepd('init', site, '--trust', 'A', '--operator', 'b')).code).toBe(0)
    const check = await bleepd('check', '--config', join(site, 'bridge.yaml'))
    expect([check.code, check.output]).toEqual([0, expect.any(String)])
  } finally {
    removeFolder(library)
  }
})
