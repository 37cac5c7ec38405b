import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** People of the load who have no phone: forty numbers, so that no one of them is called without end. */
const OTHERS = 40

/**
 * A small hospital for the bench: 5000 is one person with a phone, 5001 an emergency number of another, 5555 a team, 6000
 * to 6039 people without phones.
 * @returns the people who have phones
 */
export function benchSite(folder: string, team: number): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const members = Array.from({ length: team }, (_, i) => `m${i}`)
  const others = Array.from({ length: OTHERS }, (_, i) => `o${i}`)
  const all = ['ann', 'bob', ...members, ...others]
  const file = (name: string, rows: readonly string[]) =>
    writeFileSync(join(folder, name), `${rows.join('\n')}\n`)
  file('site.yaml', [
    ...['id: bench', 'name: Bench', 'zone: Europe/London', 'rotaStart: 2024-01-01'],
    ...['hospitals:', '  here: Here General'],
  ])
  file('people.csv', ['id,name,staffGroup,phone', ...all.map((id) => `${id},${id},doctor,`)])
  file('roles.csv', [
    'id,name,site,staffGroup,crash,baton,substitutes',
    ...members.map((id) => `r-${id},Role of ${id},here,doctor,no,,`),
  ])
  file('teams.csv', ['team,name,role,need,count', ...members.map((id) => `t,Team,r-${id},optional,1`)])
  file('numbers.csv', [
    'number,to,site,kind,class,description',
    ...['5000,person:ann,here,,,One', '5001,person:bob,here,adult-arrest,emergency,Arrest'],
    '5555,team:t,here,adult-arrest,emergency,Team',
    ...others.map((id, i) => `6${String(i).padStart(3, '0')},person:${id},here,,routine,Other`),
  ])
  file('shifts.csv', ['id,name,from,to', 'all,All day,00:00,00:00'])
  file('rota.csv', ['role,person,shift', ...members.map((id) => `r-${id},${id},all`)])
  return ['ann', 'bob', ...members]
}
