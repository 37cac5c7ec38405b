import { say } from '../shared/say.js'
import { clock } from '../shared/time.js'
import { ofNoLine, waitsForLine } from './first-line.js'
import { placed } from './place.js'

/** @import { SiteView, SupervisedView } from '../shared/types.d.ts' */
/** @import { Task } from './pages.d.ts' */

const MINUTE = 60_000
/** A gap that begins within this time wants somebody now. */
const GAP_NEAR = 60 * MINUTE
/** A hand-over that has waited this long is asked after. */
const OFFER_OLD = 15 * MINUTE

/**
 * What the site itself asks of the switchboard: fitness, roles that nobody carries, gaps, hand-overs, deaf lines.
 * @param {SiteView} site
 * @param {number} now
 * @returns {Task[]}
 */
export function ofSite(site, now) {
  const unfit = site.reasons.filter((r) => r.unfit)
  return [
    ...(site.ready ? [] : [waitsForLine(site) ? ofNoLine(site) : ofUnfit(site, unfit)]),
    ...site.unclaimed.map(ofUnclaimed),
    ...site.unproved.map(ofUnproved),
    ...site.gaps.filter((g) => Date.parse(g.from) > now).map((g) => ofGap(g, now)),
    ...site.offers.filter((o) => now - Date.parse(o.at) >= OFFER_OLD).map(ofOffer),
    ...site.newPhones.map(ofNewPhone),
    ...site.ill.filter((thing) => thing.sort === 'feed' && thing.state === 'failed').map(ofLine),
  ]
}

/**
 * @param {SiteView} site
 * @param {SiteView['reasons']} reasons
 * @returns {Task}
 */
function ofUnfit(site, reasons) {
  return {
    key: `unfit/${reasons.map((r) => r.code).join()}`,
    level: 'act',
    sort: 'unfit',
    sounds: 'emergency',
    class: 'emergency',
    since: site.now,
    order: placed('unfit', 'act', ''),
    title: say('todo.phonesMayNotRing'),
    where: say('todo.useRadioBleepsAndThe'),
    lines: reasons.map((r) => `${r.sentence}. ${r.remedy}.`),
    href: '#/lines',
  }
}

/**
 * @param {SiteView['unclaimed'][number]} role
 * @returns {Task}
 */
function ofUnclaimed(role) {
  const taken = role.reason === 'role-unclaimed'
  return {
    key: `role/${role.role}/${role.reason}`,
    level: 'act',
    sort: 'role',
    sounds: 'emergency',
    class: 'urgent',
    since: role.since ?? '',
    order: placed('role', 'act', role.since ?? ''),
    title: say('todo.nobodyCarriesACrashRole'),
    where: role.name,
    lines: [taken ? say('todo.whoeverIsOnByThe') : say('todo.nobodyIsDownForIt')],
    href: '#/rota',
    role,
  }
}

/**
 * A role whose holder cannot be shown to be reached is an alarm like one that nobody holds.
 * @param {SiteView['unproved'][number]} role
 * @returns {Task}
 */
function ofUnproved({ role, name, since }) {
  return {
    key: `phone/${role}`,
    level: 'act',
    sort: 'role',
    sounds: 'emergency',
    class: 'urgent',
    since,
    order: placed('role', 'act', since),
    title: say('todo.crashRoleWithoutPhone'),
    where: name,
    lines: [say('todo.ringThemAndTestPhone')],
    href: '#/rota',
  }
}

/**
 * @param {SiteView['gaps'][number]} gap
 * @param {number} now
 * @returns {Task}
 */
function ofGap(gap, now) {
  const near = Date.parse(gap.from) - now <= GAP_NEAR
  return {
    key: `gap/${gap.role}/${gap.from}`,
    level: near ? 'prompt' : 'soon',
    sort: 'gap',
    sounds: undefined,
    class: undefined,
    since: gap.from,
    order: placed('gap', near ? 'prompt' : 'soon', gap.from),
    title: say('todo.aCrashRoleWillBe'),
    where: gap.name,
    lines: [say('todo.nobodyIsDownThen', { from: clock(gap.from), to: clock(gap.to) })],
    href: '#/rota',
  }
}

/**
 * Somebody took up one phone more: it is told in case it was not them.
 * @param {SiteView['newPhones'][number]} phone
 * @returns {Task}
 */
function ofNewPhone({ id, label, owner, at, waiting }) {
  return {
    key: `new-phone/${id}`,
    level: 'soon',
    sort: 'offer',
    sounds: undefined,
    class: undefined,
    since: at,
    order: placed('offer', 'soon', at),
    title: say('todo.newPhone'),
    where: owner,
    lines: [waiting ? say('todo.newPhoneWaits', { label }) : say('todo.newPhoneRings', { label })],
    href: '#/devices',
  }
}

/**
 * @param {SiteView['offers'][number]} offer
 * @returns {Task}
 */
function ofOffer(offer) {
  return {
    key: `offer/${offer.id}`,
    level: 'soon',
    sort: 'offer',
    sounds: undefined,
    class: undefined,
    since: offer.at,
    order: placed('offer', 'soon', offer.at),
    title: say('todo.aHandOverWaits'),
    where: offer.name,
    lines: [
      say('todo.offeredNotTakenYet', {
        ...{ from: offer.fromName ?? say('todo.theRota'), to: offer.toName, at: clock(offer.at) },
      }),
    ],
    href: '#/rota',
  }
}

/**
 * @param {SupervisedView} thing
 * @returns {Task}
 */
function ofLine(thing) {
  return {
    key: `line/${thing.node}/${thing.subject}`,
    level: 'soon',
    sort: 'line',
    sounds: undefined,
    class: undefined,
    since: thing.since,
    order: placed('line', 'soon', thing.since),
    title: say('todo.aLineIsNotHeard'),
    where: thing.subject,
    lines: [say('todo.downSinceBleepsThatCome', { since: clock(thing.since) })],
    href: '#/lines',
  }
}
