import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type ConfigFault, isDoubt, printConfigFault } from '../../src/config/fault.ts'
import { loadWhole } from '../../src/config/whole.ts'
import { type SiteFolder, siteFolder } from '../support/site-folder.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const made: SiteFolder[] = []
afterEach(() => {
  for (const site of made.splice(0)) site.remove()
})

function folder(over: Readonly<Record<string, string | Uint8Array>> = {}): SiteFolder {
  const site = siteFolder(over)
  made.push(site)
  return site
}

/** What is refused and what is only doubted, each as `file:line:place code`. */
function judged(site: SiteFolder) {
  const whole = loadWhole(site.config, NOW)
  const all: readonly ConfigFault[] = whole.ok ? whole.value.doubts : whole.fault
  const short = ({ path, code }: ConfigFault) => `${path.replace(/^.*\/(site\/|bridge)/, '$1')} ${code}`
  return { faults: all.filter((f) => !isDoubt(f)).map(short), doubts: all.filter(isDoubt).map(short), all }
}

const people = (...rows: string[]) =>
  [
    'id,name,staffGroup,active,phone',
    'ann,Ann Archer,doctor,,',
    'bob,Bob,doctor,,',
    'cat,Cat,nurse,,',
    ...rows,
  ].join('\n')

test('a site without slips has none', () => {
  expect(judged(folder())).toMatchObject({ faults: [], doubts: [] })
})

describe('what spreadsheets leave behind', () => {
  test.each([
    ['rows of commas only', people(',,,,', ' , ,,,'), [], []],
    ['commas beyond the last heading', people('dan,Dan,doctor,,,,,'), [], []],
    ['a heading row that ends in commas', people().replace('phone', 'phone,,'), [], []],
    [
      'a telephone number without its 0',
      people('dan,Dan,doctor,,7700900004'),
      [],
      ['site/people.csv:5:phone config-doubtful'],
    ],
    [
      'one without its +',
      people('dan,Dan,doctor,,447700900004'),
      [],
      ['site/people.csv:5:phone config-doubtful'],
    ],
    ['one as an amount', people('dan,Dan,doctor,,7.7E+09'), ['site/people.csv:5:phone value-wrong'], []],
    ['an error', people('dan,#REF!,doctor,,'), ['site/people.csv:5:name value-wrong'], []],
    ['another', people('dan,Dan,#N/A,,'), ['site/people.csv:5:staffGroup value-wrong'], []],
    ['a column too narrow', people('dan,#####,doctor,,'), ['site/people.csv:5:name value-wrong'], []],
    ['curly quotes', people('dan,“Dan,doctor,,'), ['site/people.csv:5:name value-wrong'], []],
    ['a formula', people('dan,=VLOOKUP(A1),doctor,,'), ['site/people.csv:5:name value-wrong'], []],
    [
      'characters that cannot be seen',
      people('dan,D\u200Ban,doctor,,'),
      ['site/people.csv:5:name value-wrong'],
      [],
    ],
    ['semicolons', people().replaceAll(',', ';'), ['site/people.csv:1 csv-broken'], []],
    ['tabs', people().replaceAll(',', '\t'), ['site/people.csv:1 csv-broken'], []],
    ['a line for the spreadsheet itself', `sep=,\n${people()}`, ['site/people.csv:1 csv-broken'], []],
    ['a byte order mark and Windows line ends', `\uFEFF${people().replaceAll('\n', '\r\n')}`, [], []],
  ])('%s', (_, text, faults, doubts) => {
    const found = judged(folder({ 'people.csv': text }))
    expect(found).toMatchObject({ faults, doubts })
  })

  test('numbers that lost the 0 in front, where most have one digit more', () => {
    const numbers =
      'number,to,site\n2222,team:arrest,here\n1113,role:reg,here\n1480,role:sho,here\n1326,role:nurse,here\n'
    expect(
      judged(folder({ 'numbers.csv': `${numbers}100,role:sho,here\n28,person:ann,here\n` })).doubts,
    ).toEqual(['site/numbers.csv:6:number config-doubtful', 'site/numbers.csv:7:number config-doubtful'])
    expect(judged(folder({ 'numbers.csv': `${numbers}0100,role:sho,here\n` })).doubts).toEqual([])
  })

  test.each(['01-Jan', '2-feb', 'Mar-26', '12-Sept-2026'])(
    'a bleep number that became the date %s',
    (number) => {
      const rows = (...more: string[]) =>
        [
          'number,to,site',
          '2222,team:arrest,here',
          '1113,role:reg,here',
          '1480,role:sho,here',
          '1326,role:nurse,here',
          ...more,
        ].join('\n')
      const found = judged(folder({ 'numbers.csv': rows(`${number},role:sho,here`) }))
      expect([found.faults, found.doubts]).toEqual([[], ['site/numbers.csv:6:number config-doubtful']])
      expect(
        judged(folder({ 'numbers.csv': rows('5-JANE,role:sho,here', 'MAY-A,role:sho,here') })).doubts,
      ).toEqual([])
    },
  )

  test('a date of a spreadsheet is refused with the form that is wanted', () => {
    const site = folder({ 'rota.csv': 'role,person,shift,first\nreg,ann,all,30/11/2026\nnurse,cat,all,\n' })
    const [fault] = judged(site).all
    expect(fault && printConfigFault(fault)).toMatch(
      /rota\.csv:2:first: .*“30\/11\/2026”: a date is written YYYY-MM-DD/,
    )
  })
})

describe('files that are no files of text', () => {
  test.each([
    ['UTF-16', Buffer.from('\uFEFFid,name\n', 'utf16le')],
    ['zero bytes', Buffer.from('id,na\0me\n')],
    ['Latin-1', Buffer.from('id,name\nren\xe9,Ren\xe9\n', 'latin1')],
  ])('%s', (_, bytes) => {
    expect(judged(folder({ 'people.csv': bytes })).faults).toContain('site/people.csv file-unreadable')
  })

  test('the line that is not in UTF-8 is named', () => {
    const found = judged(folder({ 'people.csv': Buffer.from('id,name\nann,Ann\nren,Ren\xe9\n', 'latin1') }))
    expect(found.all.find((f) => f.code === 'file-unreadable')?.detail).toMatch(/^line 3 /)
  })

  test('a folder where a file should be, a file where a folder should be, a link that leads nowhere', () => {
    const site = folder({ rota: '' })
    rmSync(join(site.folder, 'numbers.csv'))
    mkdirSync(join(site.folder, 'numbers.csv'))
    mkdirSync(join(site.folder, 'policies.yaml'))
    symlinkSync('nowhere', join(site.folder, 'notes'))
    symlinkSync('loop', join(site.folder, 'loop'))
    expect(judged(site).faults).toEqual(
      expect.arrayContaining(
        ['numbers.csv', 'policies.yaml', 'rota'].map((f) => `site/${f} file-unreadable`),
      ),
    )
    expect(judged(folder({ 'notes.txt': '' }))).toMatchObject({ faults: [], doubts: [] })
  })

  test('a file that nobody reads is said: it may be one, misspelt', () => {
    const site = folder({ 'policy.yaml': '', 'People.csv': '', 'rota/sho.ics.txt': '' })
    expect(judged(site).doubts.toSorted()).toEqual([
      'site/People.csv config-doubtful',
      'site/policy.yaml config-doubtful',
      'site/rota/sho.ics.txt config-doubtful',
    ])
  })
})

describe('YAML', () => {
  const policies = (text: string) => judged(folder({ 'policies.yaml': text }))
  test.each([
    ['an unknown key', 'fallbak: role:reg\n', ['site/policies.yaml:1:fallbak config-unknown-key']],
    ['an alias of nothing', 'fallback: *reg\n', ['site/policies.yaml:1 config-syntax']],
    [
      'a merge key',
      'a: &a { x: 1 }\n<<: *a\n',
      ['site/policies.yaml:1:a config-unknown-key', 'site/policies.yaml:2:<< config-unknown-key'],
    ],
    ['a tag that nobody knows', 'fallback: !who reg\n', ['site/policies.yaml:1 config-syntax']],
    ['a key twice', 'fallback: role:reg\nfallback: role:sho\n', ['site/policies.yaml:2 config-syntax']],
    [
      'two documents',
      'fallback: role:reg\n---\nfallback: role:sho\n',
      ['site/policies.yaml:2 config-syntax'],
    ],
    ['a list where keys are wanted', '- a\n', ['site/policies.yaml:1 value-wrong']],
    ['only a comment', '# nothing yet\n', []],
  ])('%s', (_, text, faults) => {
    expect(policies(text).faults).toEqual(faults)
  })

  test('an alias that grows without end is a fault, not a full memory', () => {
    const bomb = `a: &a [x]\n${'bcdefghijk'.replace(/./g, (c) => `${c}: &${c} [${Array(9).fill(`*${String.fromCharCode(c.charCodeAt(0) - 1)}`)}]\n`)}`
    expect(policies(bomb).faults).toMatchObject([/config-syntax/])
  })

  test('a number that begins with a star wants quotes, and the line is named', () => {
    const site = folder({
      'rules.yaml': 'rules:\n  - id: star\n    class: urgent\n    when: { number: *55 }\n',
    })
    expect(judged(site).faults).toEqual(['site/rules.yaml:4 config-syntax'])
    writeFileSync(site.config, 'version: 1\nlog: *x\n')
    expect(judged(site).faults).toEqual(['bridge.yaml:2 config-syntax'])
  })

  test('a name that is no zone of the IANA list, by the judge that the rota uses', () => {
    const zone = (name: string) =>
      judged(
        folder({
          'site.yaml': `id: small\nname: S\nzone: ${name}\nrotaStart: 2024-01-01\nhospitals: { here: H }\n`,
        }),
      )
    for (const name of ['BST', '+01:00', 'Mars/Olympus', '""', 'GMT Standard Time'])
      expect(zone(name).faults).toEqual(['site/site.yaml:3:zone value-wrong'])
    for (const name of ['Europe/London', 'Europe/Isle_of_Man'])
      expect(zone(name)).toMatchObject({ faults: [], doubts: [] })
    // Real zones, and an hour wrong for seven months of the year.
    for (const name of ['UTC', 'GMT', 'Etc/GMT', 'Africa/Abidjan'])
      expect(zone(name)).toMatchObject({ faults: [], doubts: ['site/site.yaml:zone config-doubtful'] })
  })
})

describe('names in policies', () => {
  const steps = (ask: string) =>
    `policies:\n  - id: p\n    class: urgent\n    steps:\n      - { afterMs: 0, ask: [${ask}], switchboard: act }\n`
  test.each([
    ['a role that is not', steps("'role:duty-managr'"), 'site/policies.yaml:5:policies[0].steps[0].ask[0]'],
    ['a team that is not', steps("target, 'team:arest'"), 'site/policies.yaml:5:policies[0].steps[0].ask[1]'],
    ['a person that is not', 'fallback: person:ane\n', 'site/policies.yaml:1:fallback'],
    [
      'a test of no number',
      "dailyTests:\n  - { id: t, number: '9999', from: '08:00', to: '09:00' }\n",
      'site/policies.yaml:2:dailyTests[0].number',
    ],
    [
      'only for a team that is not',
      `${steps('target')}    teams: [arest]\n`,
      'site/policies.yaml:6:policies[0].teams[0]',
    ],
    [
      'only for a kind that nothing has',
      `${steps('target')}    kinds: [adlt-arrest]\n`,
      'site/policies.yaml:6:policies[0].kinds[0]',
    ],
  ])('%s', (_, text, place) => {
    expect(judged(folder({ 'policies.yaml': text })).faults).toEqual([`${place} config-unresolved`])
  })

  test('an id that one file may have another may name', () => {
    const roles =
      'id,name,site,staffGroup,crash\nreg,R,here,doctor,\nsho,S,here,doctor,\nnurse,N,here,nurse,\nMed_Reg,M,here,doctor,\n'
    expect(
      judged(folder({ 'roles.csv': roles, 'policies.yaml': 'fallback: role:Med_Reg\n' })).faults,
    ).toEqual([])
  })

  test('two policies or two tests of one id', () => {
    const twice = "dailyTests:\n  - { id: t, number: '2222', from: '08:00', to: '09:00' }\n".replace(
      /( .*\n)$/,
      '$1$1',
    )
    expect(judged(folder({ 'policies.yaml': twice })).faults).toEqual([
      'site/policies.yaml:3:dailyTests[1].id config-doubled',
    ])
  })
})

describe('the rota as a whole', () => {
  test('a crash role with nobody', () => {
    expect(judged(folder({ 'rota.csv': 'role,person,shift\nreg,ann,all\nsho,bob,all\n' })).doubts).toEqual([
      'site/roles.csv:4:crash rota-doubtful',
    ])
  })

  test('somebody who has left, on the rota, in the number plan, in a calendar', () => {
    const found = judged(
      folder({
        'rota.csv':
          'role,person,shift,last\nreg,ann,all,\nnurse,cat,all,\nsho,lea,all,\nsho,lea,all,2026-01-01\n',
        'numbers.csv':
          'number,to,site\n2222,team:arrest,here\n1113,role:reg,here\n1480,role:sho,here\n1326,role:nurse,here\n0100,person:lea,here\n',
        'rota/locum.ics':
          'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261130T080000Z\nDURATION:PT8H\nSUMMARY:lea\nEND:VEVENT\nEND:VCALENDAR\n',
      }),
    )
    expect(found.doubts).toEqual([
      'site/rota.csv:4:person config-doubtful',
      'site/rota/locum.ics:2:person config-doubtful',
      'site/numbers.csv:6:to config-doubtful',
    ])
  })

  test('one person in two mandatory places of one team', () => {
    expect(judged(folder({ 'rota.csv': 'role,person,shift\nreg,ann,all\nnurse,ann,all\n' })).doubts).toEqual([
      'site/teams.csv:3:role rota-doubtful',
    ])
  })

  test('a swap or an override to somebody on leave', () => {
    const changes = [
      'kind,role,person,with,from,to',
      'leave,,bob,,2026-12-01 00:00,2026-12-08 00:00',
      'override,reg,bob,,2026-12-07 08:00,2026-12-09 08:00',
      'swap,nurse,cat,bob,2026-12-02 08:00,2026-12-02 20:00',
      'override,reg,bob,,2026-12-08 00:00,2026-12-09 08:00',
    ]
    expect(judged(folder({ 'changes.csv': changes.join('\n') })).doubts).toEqual([
      'site/changes.csv:3:person rota-doubtful',
      'site/changes.csv:4:with rota-doubtful',
    ])
  })
})
