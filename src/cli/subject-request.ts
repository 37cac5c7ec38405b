import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { say } from '../core/catalogue/say.ts'
import { GROUNDS, type Ground } from '../core/govern/grounds.ts'
import {
  DECISIONS,
  REQUEST_KINDS,
  type RequestKind,
  VERIFIED_BY,
  type VerifiedBy,
} from '../core/govern/request.ts'
import { asId, type BleepId, type PersonId } from '../core/ids.ts'
import { ageSealer } from '../io/seal/age.ts'
import { createRequests, type Requests } from '../run/keep/requests.ts'
import { operatorHere, refused, tell, writtenJson } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Act } from './subject-act.ts'

interface Options {
  readonly kind: RequestKind
  readonly text?: string
  readonly number?: string
  readonly person?: string
  readonly reason: string
  readonly how: VerifiedBy
  readonly ground?: Ground
  readonly give?: readonly string[]
  readonly erase?: readonly string[]
  readonly restrict?: readonly string[]
  readonly refuse?: readonly string[]
  readonly hide?: readonly string[]
  readonly leave?: readonly string[]
  readonly because?: string
  readonly to: string
}

type Work = (requests: Requests, id: string, options: Options, args: readonly string[]) => Promise<ExitCode>

/** `bleepd subject request`: what somebody asks about their own data, from who asks to the proof that it was done. */
export function requestCommand(act: Act): Command {
  const command = new Command('request').exitOverride().description(say('cli.requestAbout'))
  const step = (name: string, description: string, work: Work): Command =>
    act(command, name, description, (parts, options: Options, whole, args) =>
      work(
        createRequests({ ...parts, rules: whole.config.privacy.requests, sealer: ageSealer }),
        args[0] ?? '',
        options,
        args,
      ),
    )
  const printed = async (result: Awaited<ReturnType<Requests['get']>>): Promise<ExitCode> => {
    if (!result.ok) return refused(result.fault)
    await writtenJson(result.value)
    return EXIT.good
  }

  step('open', say('cli.requestEnter'), async (requests, _, options) => {
    const { kind, text, number, person, reason } = options
    const about = {
      ...(text === undefined ? {} : { text }),
      ...(number === undefined ? {} : { number }),
      ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
    }
    if (Object.keys(about).length === 0) {
      tell(say('cli.subjectNoneSought'))
      return EXIT.usage
    }
    return printed(await requests.open(operatorHere(), { kind, about }, reason))
  })
    .addOption(
      new Option('--kind <kind>', say('cli.requestWhat')).choices(REQUEST_KINDS).makeOptionMandatory(),
    )
    .option('--text <words>', say('cli.subjectText'))
    .option('--number <bleep>', say('cli.subjectNumber'))
    .option('--person <id>', say('cli.subjectPerson'))
    .requiredOption('--reason <text>', say('cli.caseNumber'))

  step('verify <id>', say('cli.requestVerify'), async (requests, id, { how }) =>
    printed(await requests.step(operatorHere(), id, { kind: 'verified', how })),
  ).addOption(
    new Option('--how <proof>', say('cli.requestVerifyBy')).choices(VERIFIED_BY).makeOptionMandatory(),
  )

  step('find <id>', say('cli.requestFind'), async (requests, id) =>
    printed(await requests.find(operatorHere(), id)),
  )

  const deciding = step('decide <id>', say('cli.requestDecide'), async (requests, id, options) => {
    const items = DECISIONS.flatMap((what) =>
      (options[what] ?? []).map((bleep) => ({
        ...{ bleep: asId<BleepId>(bleep), what },
        ...(options.ground === undefined ? {} : { ground: options.ground }),
      })),
    )
    return printed(await requests.step(operatorHere(), id, { kind: 'decided', items }))
  })
  for (const what of DECISIONS)
    deciding.option(`--${what} <bleep...>`, say('cli.requestDecideBleeps', { what }))
  deciding.addOption(new Option('--ground <ground>', say('cli.requestGround')).choices(GROUNDS))

  step('review <id> <bleep>', say('cli.requestRedact'), async (requests, id, options, args) => {
    const bleep = asId<BleepId>(args[1] ?? '')
    const { hide = [], leave = [], because = '' } = options
    if (hide.length + leave.length > 0) {
      const places = [
        ...hide.map((place) => ({ place, hide: true, because })),
        ...leave.map((place) => ({ place, hide: false, because })),
      ]
      const done = await requests.step(operatorHere(), id, { kind: 'reviewed', bleep, places })
      if (!done.ok) return refused(done.fault)
    }
    const review = await requests.review(operatorHere(), id, bleep)
    if (!review.ok) return refused(review.fault)
    await writtenJson(review.value)
    return EXIT.good
  })
    .option('--hide <place...>', say('cli.requestHide'))
    .option('--leave <place...>', say('cli.requestLeave'))
    .option('--because <text>', 'why')

  step('approve <id>', say('cli.requestApprove'), async (requests, id) =>
    printed(await requests.step(operatorHere(), id, { kind: 'approved' })),
  )
  step('do <id>', say('cli.requestDo'), async (requests, id) =>
    printed(await requests.carryOut(operatorHere(), id)),
  )
  step('withdraw <id>', say('cli.requestWithdraw'), async (requests, id) =>
    printed(await requests.step(operatorHere(), id, { kind: 'withdrawn' })),
  )
  step('pack <id>', say('cli.requestPack'), async (requests, id, { to }) => {
    const passphrase = newPassphrase()
    const pack = await requests.pack(operatorHere(), id, passphrase)
    if (!pack.ok) return refused(pack.fault)
    mkdirSync(to, { recursive: true, mode: 0o700 })
    for (const [name, bytes] of [
      ['data.html.age', pack.value.page],
      ['data.json.age', pack.value.data],
    ] as const)
      writeFileSync(join(to, name), bytes, { mode: 0o600, flag: 'wx' })
    tell(say('cli.requestPassphrase', { passphrase }))
    return EXIT.good
  }).requiredOption('--to <folder>', say('cli.requestPackTo'))

  step('show <id>', say('cli.requestShow'), async (requests, id) => printed(await requests.get(id)))
  step('list', say('cli.requestList'), async (requests) => {
    for (const one of await requests.list()) await writtenJson(one)
    return EXIT.good
  })
  step('lift <bleep>', say('cli.requestLift'), async (requests, bleep, { reason }) => {
    const lifted = await requests.lift(operatorHere(), asId<BleepId>(bleep), reason)
    return lifted.ok ? EXIT.good : refused(lifted.fault)
  }).requiredOption('--reason <text>', say('cli.caseNumber'))
  return command
}

/** Signs that nobody mixes up when they are read out on the telephone: 25 of 25 are 116 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'.slice(0, 25)

function newPassphrase(): string {
  const group = () => Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return Array.from({ length: 5 }, group).join('-')
}
