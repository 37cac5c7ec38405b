import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
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
import { operatorHere, refused, say, writtenJson } from './beside.ts'
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
  const command = new Command('request')
    .exitOverride()
    .description(
      'a copy, erasure or restriction that somebody asks for, step by step; each step on the audit',
    )
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

  step('open', 'enter a request: due within a month', async (requests, _, options) => {
    const { kind, text, number, person, reason } = options
    const about = {
      ...(text === undefined ? {} : { text }),
      ...(number === undefined ? {} : { number }),
      ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
    }
    if (Object.keys(about).length === 0) {
      say('Name what is sought: --text, --number or --person')
      return EXIT.usage
    }
    return printed(await requests.open(operatorHere(), { kind, about }, reason))
  })
    .addOption(new Option('--kind <kind>', 'what is asked for').choices(REQUEST_KINDS).makeOptionMandatory())
    .option('--text <words>', 'NHS number, part of a name, any words; - reads it from standard input')
    .option('--number <bleep>', 'only bleeps to this number')
    .option('--person <id>', 'bleeps this member of staff was asked on')
    .requiredOption('--reason <text>', 'a case number, no name')

  step('verify <id>', 'who asks is proved', async (requests, id, { how }) =>
    printed(await requests.step(operatorHere(), id, { kind: 'verified', how })),
  ).addOption(new Option('--how <proof>', 'by what').choices(VERIFIED_BY).makeOptionMandatory())

  step('find <id>', 'look for everything that is kept', async (requests, id) =>
    printed(await requests.find(operatorHere(), id)),
  )

  const deciding = step('decide <id>', 'what becomes of each bleep', async (requests, id, options) => {
    const items = DECISIONS.flatMap((what) =>
      (options[what] ?? []).map((bleep) => ({
        ...{ bleep: asId<BleepId>(bleep), what },
        ...(options.ground === undefined ? {} : { ground: options.ground }),
      })),
    )
    return printed(await requests.step(operatorHere(), id, { kind: 'decided', items }))
  })
  for (const what of DECISIONS) deciding.option(`--${what} <bleep...>`, `bleeps to ${what}`)
  deciding.addOption(new Option('--ground <ground>', 'of a refusal or restriction').choices(GROUNDS))

  step(
    'review <id> <bleep>',
    'what may name somebody else: shown, hidden or left',
    async (requests, id, options, args) => {
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
    },
  )
    .option('--hide <place...>', 'places to hide in the pack')
    .option('--leave <place...>', 'places to leave readable')
    .option('--because <text>', 'why')

  step('approve <id>', 'everything is decided; a second person where the site says', async (requests, id) =>
    printed(await requests.step(operatorHere(), id, { kind: 'approved' })),
  )
  step('do <id>', 'carry out what was approved, and look that it was', async (requests, id) =>
    printed(await requests.carryOut(operatorHere(), id)),
  )
  step('withdraw <id>', 'whoever asked does not any more', async (requests, id) =>
    printed(await requests.step(operatorHere(), id, { kind: 'withdrawn' })),
  )
  step('pack <id>', 'the pack for the person, locked in the age format', async (requests, id, { to }) => {
    const passphrase = newPassphrase()
    const pack = await requests.pack(operatorHere(), id, passphrase)
    if (!pack.ok) return refused(pack.fault)
    mkdirSync(to, { recursive: true, mode: 0o700 })
    for (const [name, bytes] of [
      ['data.html.age', pack.value.page],
      ['data.json.age', pack.value.data],
    ] as const)
      writeFileSync(join(to, name), bytes, { mode: 0o600, flag: 'wx' })
    say(`Passphrase, to be told another way than the pack: ${passphrase}`)
    return EXIT.good
  }).requiredOption('--to <folder>', 'where the two files go')

  step('show <id>', 'one request, with its letter once it is approved', async (requests, id) =>
    printed(await requests.get(id)),
  )
  step('list', 'requests, the newest first; one JSON object a line', async (requests) => {
    for (const one of await requests.list()) await writtenJson(one)
    return EXIT.good
  })
  step(
    'lift <bleep>',
    'words of a bleep that were restricted are used again',
    async (requests, bleep, { reason }) => {
      const lifted = await requests.lift(operatorHere(), asId<BleepId>(bleep), reason)
      return lifted.ok ? EXIT.good : refused(lifted.fault)
    },
  ).requiredOption('--reason <text>', 'a case number, no name')
  return command
}

/** Signs that nobody mixes up when they are read out on the telephone: 25 of 25 are 116 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'.slice(0, 25)

function newPassphrase(): string {
  const group = () => Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return Array.from({ length: 5 }, group).join('-')
}
