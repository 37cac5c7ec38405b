import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asId, type PersonId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import { readLdap } from '../../src/io/directory/ldap.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { startLdap } from '../../src/run/keep/ldap.ts'
import { startListed } from '../../src/run/keep/listed.ts'
import { type Bed, openBed } from '../support/desk-bed.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { ownPort } from '../support/ports.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/* Against Debian's slapd, on this machine alone. */
const SLAPD = '/usr/sbin/slapd'
const ATTRIBUTES = {
  ...{
    person: 'employeeNumber',
    login: 'uid',
    name: 'cn',
    staffGroup: 'employeeType',
    phone: 'telephoneNumber',
  },
}

describe.skipIf(!installed(SLAPD) || !installed('ldapadd'))('the trust’s directory read by LDAP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bleepd-ldap-'))
  let url = ''
  let stop = (): void => undefined
  let bed: Bed
  let store: Store
  const clock = new VirtualClock()
  const loops: { stop(): Promise<void>; troubles(): readonly object[] }[] = []

  const entry = (n: number) =>
    [
      `dn: uid=u${n},ou=people,dc=example`,
      ...['objectClass: inetOrgPerson', `uid: u${n}`, `cn: Dr ${n}`, 'sn: x', `employeeNumber: 70${n}`],
      ...['employeeType: Nurse', `telephoneNumber: 42${n}`, ''],
    ].join('\n')
  const ldap = (command: string, input: string, ...args: string[]) =>
    execFileSync(command, ['-x', '-H', url, '-D', 'cn=admin,dc=example', '-w', 'secret', ...args], {
      input,
      stdio: 'pipe',
    })

  beforeAll(async () => {
    const port = await ownPort()
    url = `ldap://127.0.0.1:${port}`
    mkdirSync(join(folder, 'db'))
    writeFileSync(
      join(folder, 'slapd.conf'),
      [
        ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
        ...['modulepath /usr/lib/ldap', 'moduleload back_mdb', `pidfile ${folder}/pid`],
        ...['database mdb', 'suffix "dc=example"', 'rootdn "cn=admin,dc=example"', 'rootpw secret'],
        `directory ${folder}/db`,
      ].join('\n'),
    )
    const server = spawn(SLAPD, ['-f', join(folder, 'slapd.conf'), '-h', `${url}/`, '-d', '0'], {
      stdio: 'ignore',
    })
    stop = () => void server.kill()
    for (let tries = 0; ; tries++) {
      try {
        ldap(
          'ldapadd',
          'dn: dc=example\nobjectClass: domain\ndc: example\n\ndn: ou=people,dc=example\nobjectClass: organizationalUnit\nou: people\n',
        )
        break
      } catch (error) {
        if (tries > 600) throw error
        await new Promise((done) => setTimeout(done, 100))
      }
    }
    ldap('ldapadd', Array.from({ length: 700 }, (_, n) => entry(n)).join('\n'))
    store = await openSqlite(':memory:')
    bed = await openBed({ clock, store })
    const tools = { log: quietLog, metrics: quietMetrics, clock, store, wake: store.wake }
    const settings = {
      url,
      base: 'ou=people,dc=example',
      filter: '(objectClass=inetOrgPerson)',
      attributes: ATTRIBUTES,
    }
    const account = { user: 'cn=admin,dc=example', password: 'secret' }
    loops.push(
      startLdap({ ...tools, every: 20 * SECOND, read: () => readLdap({ ...settings, ...account }) }),
      startListed({ ...tools, roster: bed.roster, share: 0.05 }),
    )
  })
  afterAll(async () => {
    for (const loop of loops) await loop.stop()
    await bed?.close()
    stop()
    removeFolder(folder)
  })

  const known = (id: string) => bed.roster.current().people.get(asId<PersonId>(id))
  /** A reading and what follows from it. */
  const round = async (until: () => boolean) => {
    await expect
      .poll(() => {
        clock.advance(5 * SECOND)
        return until()
      })
      .toBe(true)
  }

  test('all pages are read; joiners, movers and leavers are known', async () => {
    await round(() => known('70699') !== undefined)
    expect(known('703')).toMatchObject({ name: 'Dr 3', staffGroup: 'nurse', phone: '423', active: true })
    ldap('ldapmodify', 'dn: uid=u3,ou=people,dc=example\nchangetype: modify\nreplace: cn\ncn: Dr New Name\n')
    ldap('ldapadd', entry(700))
    ldap('ldapdelete', '', 'uid=u5,ou=people,dc=example')
    await round(
      () =>
        known('703')?.name === 'Dr New Name' &&
        known('70700') !== undefined &&
        known('705')?.active === false,
    )
  })

  test('a directory that has lost half its people lets nobody go, and one that is away changes nothing', async () => {
    ldap('ldapdelete', '', ...Array.from({ length: 300 }, (_, n) => `uid=u${n + 300},ou=people,dc=example`))
    await round(() => loops.flatMap((loop) => loop.troubles()).length > 0)
    expect(loops.flatMap((loop) => loop.troubles())).toEqual([
      { code: 'listed-leavers-held', subject: 'directory', detail: '300' },
    ])
    expect(known('70300')?.active).toBe(true)
    stop()
    await round(() => loops.some((loop) => JSON.stringify(loop.troubles()).includes('directory-unreachable')))
    expect([known('70300')?.active, known('703')?.active]).toEqual([true, true])
  })
})
