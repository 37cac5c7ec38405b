import { resolve } from 'node:path'
import { meaningOf } from '../core/bleep/classify.ts'
import { titleOf } from '../core/bleep/title.ts'
import { ENTERED } from '../core/deliver/channels.ts'
import { given } from '../core/given.ts'
import { printInstant } from '../core/instant.ts'
import type { Channels } from '../io/channels/registry.ts'
import { createHttp, type Http } from '../io/http/server.ts'
import { pluggedPorts } from '../io/line/plugged.ts'
import { shiftLogKeeper } from '../io/report/shift-log.ts'
import { ageSealer } from '../io/seal/age.ts'
import { keepReports } from '../run/deliver/provider-reports.ts'
import { createRinger } from '../run/deliver/self-test.ts'
import { buttonDoor } from '../run/desk/button-door.ts'
import { createDesk } from '../run/desk/desk.ts'
import type { DeskParts } from '../run/desk/desk-parts.ts'
import { createFilingDesk } from '../run/desk/filing-desk.ts'
import { createGovernDesk } from '../run/desk/govern-desk.ts'
import { keyDoor } from '../run/desk/key-door.ts'
import { startMorningSheet } from '../run/desk/morning-sheet.ts'
import { mqttDoor, signedBy } from '../run/desk/mqtt-door.ts'
import { startShiftLog } from '../run/desk/shift-log.ts'
import { PERSON } from '../run/desk/sign-in.ts'
import { textDoor } from '../run/desk/text-door.ts'
import { heldOf } from '../run/keep/anchor.ts'
import type { Post } from '../run/keep/post.ts'
import type { Evidence } from '../run/watch/evidence.ts'
import type { Health } from '../run/watch/health.ts'
import type { AlertPart, SiteRules } from './alert.ts'
import { answerMac } from './answer-mac.ts'
import { auditProof } from './audit.ts'
import { elsewhereOf, heardOf, signerOf } from './copies.ts'
import { digest, hmac } from './digest.ts'
import type { Ground } from './ground.ts'
import { httpConfig, httpWatch, idleOf } from './http.ts'
import type { KeepPart } from './keep.ts'
import { dataPlaces } from './places.ts'
import { outOfReach } from './push-address.ts'
import { reportsOf } from './reports.ts'
import { shutAfterOf, signInOf, vouchOf } from './sign-in.ts'

/** What a person or a device may ask of us: the desk, and its doors over HTTP and MQTT. Does not listen yet. */
export async function openDesk(
  ground: Ground,
  channels: Channels,
  { alerts, daily, raise, separate }: AlertPart,
  { trail, shiftEnd, wipe, onOut, scim, filing }: KeepPart,
  evidence: Evidence,
  { ready }: Health,
  site: () => SiteRules,
  post: Post | undefined,
): Promise<Http> {
  const { whole, store, clock, metrics } = ground
  const began = printInstant(clock.now())
  const signIn = signInOf(ground, trail)
  const parts: DeskParts = {
    ...ground,
    ...{ shiftEnd, trail, wipe, onOut, alerts, ready, digest },
    operators: new Set(whole.config.http.operators.map(({ name }) => name)),
    idle: idleOf(whole),
    shutAfter: shutAfterOf(whole),
    confirms: whole.config.identity.newPhones === 'confirm',
    standsFor: async (session) => !session.startsWith(PERSON) || (await signIn.find(session)) !== undefined,
    outOfReach: (channel, address) => outOfReach(whole.config.push, channel, address),
    ...(filing === undefined ? {} : { filing: { site: filing.site, now: filing.watch.now } }),
    title: titleOf,
    dailyTests: daily.records,
    callTest: daily.call,
    askRole: raise.ask,
    separate,
    asks: () => site().policies.asks,
    sounds: (bleep) => meaningOf(bleep, ground.directory(), site().rules).class,
    calling: {
      rules: () => site().rules,
      policies: () => site().policies,
      radio: channels.all.has('radio'),
      ...{ raiseIn: alerts.raiseIn, announce: (applied) => alerts.announce(applied) },
    },
    found: evidence.site,
    lines: whole.feeds.map(({ id, name, profile }) => ({ id, name, evidence: profile.evidence })),
    ways: [...channels.all.keys()],
    ports: () => portsHere(whole.feeds),
    copies: whole.config.backup !== undefined,
    dataPlaces: dataPlaces(whole, channels.all.keys()),
    ring: createRinger(channels.all, clock),
    handOver: createRinger(channels.all, clock, 'hand-over'),
    newPhone: createRinger(channels.all, clock, 'new-phone'),
    listens: channels.socket.connected,
    entered: ENTERED.filter((id) => channels.all.has(id)),
  }
  const desk = createDesk(parts)
  const door = mqttDoor(desk, store)
  channels.mqtt?.listen({ ...door, vouches: signedBy(store, hmac) })
  channels.onKey(keyDoor(door, ground))
  channels.onText(textDoor({ ...ground, door, report: keepReports(ground) }))
  const mac = answerMac(whole)
  const folders = [whole.config.shiftLog?.folder, whole.config.shiftLog?.second]
    .filter((folder) => folder !== undefined)
    .map((folder) => resolve(whole.config.folder, folder))
  const sheet = folders.length === 0 ? undefined : startShiftLog(desk, shiftLogKeeper(folders), ground)
  const to = whole.config.mail?.shiftLog ?? []
  const morning = post && to.length > 0 ? startMorningSheet({ ...ground, desk, post, to }) : undefined
  const http = await createHttp({
    ...ground,
    config: httpConfig(whole, clock.now()),
    desk,
    govern: createGovernDesk(parts, {
      ...{
        rules: whole.config.privacy.requests,
        sealer: ageSealer,
        ...elsewhereOf(whole, ground.captureKeys),
      },
      ...{ digest, signer: () => signerOf(whole), heard: heardOf(whole, ground.captureKeys) },
      held: () => heldOf(auditProof(whole, false)),
    }),
    signIn,
    ...vouchOf(ground, trail),
    ...(scim === undefined ? {} : { scim }),
    filings: createFilingDesk(parts),
    alive: () => ({ status: 'ok', version: ground.version, began, reasons: [] }),
    ready,
    metrics: (accept) => metrics.text(accept),
    ...reportsOf(whole, evidence.report, ground),
    sockets: channels.socket,
    ...(mac === undefined ? {} : { buttons: buttonDoor({ desk, door, store, clock, mac }) }),
    watch: httpWatch(metrics),
  })
  return {
    ...http,
    async close() {
      await sheet?.stop()
      await morning?.stop()
      await http.close()
    },
  }
}

/** What is plugged in, and which line uses it. */
async function portsHere(feeds: Ground['whole']['feeds']) {
  const paths = await pluggedPorts()
  return paths.map((path) => {
    const used = feeds.find(({ port, portB }) =>
      [port, portB].some((one) => one?.kind === 'serial' && one.path === path),
    )
    return { path, ...given({ feed: used?.name }) }
  })
}
