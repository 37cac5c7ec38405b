import { say } from '../catalogue/say.ts'
import type { Decision, SubjectRequest } from '../govern/request.ts'

/**
 * The answer to a request, to be signed by a person: what was asked, found, done and refused, why, and where to complain.
 * Names nobody.
 * @param day prints a moment as a day of the site
 */
export function letterFor(
  { kind, reason, received, items }: SubjectRequest,
  site: string,
  day: (at: number) => string,
): string {
  const asked = { received: day(received), reason }
  const opening = {
    access: say('requests.letterAccess', asked),
    erase: say('requests.letterErase', asked),
    restrict: say('requests.letterRestrict', asked),
  }[kind]
  const count = (what: Decision) =>
    items.filter(({ decided, outcome = 'done' }) => decided?.what === what && outcome === 'done').length
  const said = (what: Decision, sentence: (n: number) => string) =>
    count(what) === 0 ? [] : [sentence(count(what))]
  const refused = Map.groupBy(
    items.filter(({ decided }) => decided?.what === 'refuse'),
    ({ decided }) => decided?.ground ?? 'public-task',
  )
  return [
    ...[site, say('requests.letterDear'), opening, say('requests.letterFound', { n: items.length })],
    ...said('give', (n) => say('requests.letterGiven', { n })),
    ...said('erase', (n) => say('requests.letterErased', { n })),
    ...said('restrict', (n) => say('requests.letterRestricted', { n })),
    ...[...refused].map(([ground, all]) =>
      say('requests.letterRefused', { n: all.length, why: say(`requests.${ground}`) }),
    ),
    ...[say('requests.letterRights'), say('requests.letterSign')],
  ].join('\n\n')
}
