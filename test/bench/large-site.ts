import { type SiteFolder, siteFolder } from '../support/site-folder.ts'

/** A site of that size, made up: gives its folders. */
export function largeSite({
  numbers,
  people,
}: {
  readonly numbers: number
  readonly people: number
}): SiteFolder {
  const roles = Math.ceil(people / 25)
  const rows = (heading: string, count: number, row: (i: number) => string) =>
    [heading, ...Array.from({ length: count }, (_, i) => row(i)), ''].join('\n')
  return siteFolder({
    'people.csv': rows(
      'id,name,staffGroup,phone',
      people,
      (i) => `p${i},Person ${i},doctor,07700 ${900_000 + (i % 1000)}`,
    ),
    'roles.csv': rows(
      'id,name,site,staffGroup,crash',
      roles,
      (i) => `r${i},Role ${i},here,doctor,${i % 20 === 0 ? 'yes' : 'no'}`,
    ),
    'teams.csv': rows(
      'team,name,role,need,count',
      Math.ceil(roles / 5),
      (i) => `t${i},Team ${i},r${i * 5},mandatory,1`,
    ),
    'numbers.csv': rows(
      'number,ric,to,site,description',
      numbers,
      (i) =>
        `${100_000 + i},${8 + i * 8},${i < roles ? `role:r${i}` : `person:p${i % people}`},here,Bleep ${i}`,
    ),
    'rota.csv': rows(
      'role,person,shift,weeks',
      people,
      (i) => `r${i % roles},p${i},all,${1 + (Math.floor(i / roles) % 24)}/24`,
    ),
  })
}
