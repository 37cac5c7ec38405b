import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { healthView } from '../../src/core/desk/views.ts'
import { ownPort } from '../support/ports.ts'
import { runDaemon } from '../support/real-daemon.ts'
import { siteFolder } from '../support/site-folder.ts'

/* The real daemon, started by hand on a terminal that somebody stops with Ctrl-S. */
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const load = createRequire(import.meta.url)
const opened = z.object({ master: z.number(), slave: z.number() })
const native = z.object({ open: z.custom<(columns: number, rows: number) => unknown>() })
/** As the kernel does for Ctrl-S and Ctrl-Q. */
const [TCOOFF, TCOON] = [0, 1]

test('a stopped terminal loses lines of the log and holds up nothing, and shows them again when it goes on', async () => {
  const site = siteFolder()
  closers.push(site.remove)
  const { open } = native.parse(load(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`))
  const { slave } = opened.parse(open(80, 24))
  const koffi: typeof import('koffi') = load('koffi')
  const tcflow = koffi.load(null).func('int tcflow(int fd, int action)')
  const port = await ownPort()
  writeFileSync(
    site.config,
    stringify({
      ...{ version: 1, site: { id: 'small', folder: 'site' } },
      ...{ store: { kind: 'sqlite', path: 'bleeps.sqlite' }, log: { level: 'error' } },
      feeds: [{ id: 'snpp', profile: 'snpp', port: { kind: 'tcp-listen', port: await ownPort() } }],
      http: { port },
    }),
  )
  const { child } = runDaemon(site.config, closers, {}, { stderr: slave })
  const told = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    return answer && healthView.parse(await answer.json()).reasons.map(({ code }) => code)
  }
  const until = (look: () => unknown) => expect.poll(look)
  await until(told).not.toContain('log-unwritten')
  tcflow(slave, TCOOFF)
  // A reload that is refused is worth a line.
  site.write('people.csv', 'id\n"')
  child.kill('SIGHUP')
  await until(told).toEqual(expect.arrayContaining(['log-unwritten', 'reload-refused']))
  tcflow(slave, TCOON)
  child.kill('SIGHUP')
  await until(told).not.toContain('log-unwritten')
})
