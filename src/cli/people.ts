import { Command } from 'commander'
import { say } from '../core/catalogue/say.ts'
import { printInstant } from '../core/instant.ts'
import { WORD } from '../run/keep/listed.ts'
import { configured, operatorHere, tell, withStore, written } from './beside.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { parseArguments } from './line-command.ts'

const PAGE = 1000

/** `bleepd people`: whom the trust's directory calls leavers and who is held here, and a person's word that they are meant. */
export async function people(args: readonly string[]): Promise<ExitCode> {
  let chosen: (() => Promise<ExitCode>) | undefined
  const command = new Command('bleepd people').description(say('cli.peopleAbout')).exitOverride()
  const act = (name: string, description: string, work: (config?: string) => Promise<ExitCode>) =>
    command
      .command(name)
      .description(description)
      .option('--config <file>', say('cli.configFound'))
      .action(({ config }: { readonly config?: string }) => {
        chosen = () => work(config)
      })
  act('waiting', say('cli.peopleWaiting'), waiting)
  act('let-go', say('cli.peopleLetGo'), letGo)
  return parseArguments(command, args) ?? chosen?.() ?? EXIT.usage
}

async function waiting(config?: string): Promise<ExitCode> {
  const whole = configured(config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'read', async (store) => {
    for (let after = ''; ; ) {
      const from = after
      const some = await store.transact((tx) => tx.listed.people(from, PAGE))
      for (const { person, leaves, left } of some)
        if (leaves !== undefined && left === undefined)
          await written(`${JSON.stringify({ person, since: printInstant(leaves) })}\n`)
      after = some.at(-1)?.key ?? after
      if (some.length < PAGE) return EXIT.good
    }
  })
}

async function letGo(config?: string): Promise<ExitCode> {
  const whole = configured(config)
  if (typeof whole === 'number') return whole
  return withStore(whole, 'write', async (store) => {
    const at = Date.now()
    await store.transact(async (tx) => {
      await tx.notes.set(WORD, { at }, at)
      await tx.audit.append({
        ...{ at, actor: operatorHere(), action: 'directory.let-go', subject: '', outcome: 'done' },
      })
    })
    tell(say('cli.peopleLetGoSoon'))
    return EXIT.good
  })
}
