import type { Answers } from './answers.ts'

const yaml = (value: string): string => JSON.stringify(value)
const cell = (value: string): string => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** The bleep number that rings the first phone, until a site has numbers of its own. */
export const TRIAL_NUMBER = '9000'

/** A site folder with one trial number, one trial role and one person, so that the first call can be made today. */
export function firstSite({ trust, hospital, operator }: Answers): ReadonlyMap<string, string> {
  return new Map([
    [
      'site.yaml',
      `# ${trust}. The columns of each table are explained in config/README.md.
id: site
name: ${yaml(trust)}
zone: Europe/London
rotaStart: 2026-01-05           # the Monday of week 1 of rolling rotas
hospitals:
  main: ${yaml(hospital)}
`,
    ],
    ['people.csv', `id,name,staffGroup,active,phone\n${operator},${cell(operator)},trial,yes,\n`],
    [
      'roles.csv',
      'id,name,site,staffGroup,crash,substitutes\ntrial,Trial of the first phone,main,trial,no,\n',
    ],
    ['teams.csv', 'team,name,role,need,count,from,to\n'],
    [
      'numbers.csv',
      `number,ric,fn,to,site,kind,class,description\n${TRIAL_NUMBER},,,role:trial,main,trial,urgent,Trial of the first phone: delete it at go-live\n`,
    ],
    ['shifts.csv', 'id,name,from,to\nall-day,"All day and night",08:00,08:00\n'],
    ['rota.csv', `role,person,shift,days,weeks\ntrial,${operator},all-day,mon-sun,\n`],
    [
      'rules.yaml',
      '# What a page means here, before the set of words that UK hospitals share.\nextends: uk-starter\nrules: []\n',
    ],
    [
      'policies.yaml',
      `# Whom to ask when nobody answers. Without a policy of yours the built-in one of the class holds: emergency 15 s and
# 30 s, urgent 30 s and 90 s, routine in turn every 45 s.
# fallback: role:duty-manager   # who hears calls to a number that the plan does not hold
policies: []
`,
    ],
  ])
}
