import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { removeFolder } from './folders.ts'

/** A small hospital as a site folder: everything that is needed and nothing that is doubtful. */
const FILES: Readonly<Record<string, string>> = {
  'site.yaml': 'id: small\nname: Small Hospital\nrotaStart: 2024-01-01\nhospitals:\n  here: Here General\n',
  'people.csv': [
    'id,name,staffGroup,active,phone',
    'ann,Ann Archer,doctor,,07700 900001',
    'bob,Bob Baker,doctor,,07700 900002',
    'cat,Cat Carter,nurse,,07700 900003',
    'lea,Lea Larch,doctor,no,',
  ].join('\n'),
  'roles.csv': [
    'id,name,site,staffGroup,crash,baton,substitutes',
    'reg,Registrar,here,doctor,yes,1113,sho',
    'sho,SHO,here,doctor,no,1480,',
    'nurse,Resus nurse,here,nurse,yes,1326,',
    'locum,Locum,here,doctor,no,,',
  ].join('\n'),
  'teams.csv': 'team,name,role,need,count\narrest,Arrest,reg,mandatory,1\narrest,Arrest,nurse,mandatory,1\n',
  'numbers.csv': [
    'number,to,site,kind,class,description',
    '2222,team:arrest,here,adult-arrest,emergency,Arrest',
    '1113,role:reg,here,,,Registrar',
    '1480,role:sho,here,,,SHO',
    '1326,role:nurse,here,,,Nurse',
    '0100,role:sho,here,,,Manager',
  ].join('\n'),
  'shifts.csv': 'id,name,from,to\nall,All day,00:00,00:00\n',
  'rota.csv': 'role,person,shift\nreg,ann,all\nsho,bob,all\nnurse,cat,all\n',
}

export interface SiteFolder {
  /** Of `bridge.yaml`, beside the folder `site`. */
  readonly config: string
  readonly folder: string
  write(file: string, content: string | Uint8Array): void
  remove(): void
}

/** A site folder on the disk with some files in other words, and a configuration that points at it. */
export function siteFolder(over: Readonly<Record<string, string | Uint8Array>> = {}): SiteFolder {
  const top = mkdtempSync(join(tmpdir(), 'site-'))
  const folder = join(top, 'site')
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
  for (const [file, content] of Object.entries({ ...FILES, ...over })) write(file, content)
  const config = join(top, 'bridge.yaml')
  writeFileSync(
    config,
    'version: 1\nsite: { id: small, folder: site }\nstore: { kind: sqlite, path: bleeps.sqlite }\n' +
      'feeds:\n  - { id: air, profile: snpp, port: { kind: tcp-listen, port: 4444, allow: [192.0.2.1] } }\n',
  )
  return { config, folder, write, remove: () => removeFolder(top) }
}
