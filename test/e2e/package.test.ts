import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apiOf } from '../../hardware/packaging/api.ts'
import { freshSite, programOf } from '../../hardware/packaging/packaged.ts'
import { stored } from '../../hardware/packaging/snpp-page.ts'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { ownPort } from '../support/ports.ts'
import { runProgram } from '../support/program.ts'

/** Package to first simulated call on a phone, making the package apart; milliseconds. The whole way in a clean system: prove.ts */
const BOUND = 180_000

test(
  'what the package brings goes the written way from init to a call on a phone, by itself',
  async (ctx) => {
    if (!installed('dpkg-deb')) ctx.skip('dpkg-deb is not installed')
    const folder = mkdtempSync(join(tmpdir(), 'bleepd-package-'))
    onTestFinished(() => removeFolder(folder))
    const build = ['hardware/packaging/build.ts', '--arch', 'amd64', '--to', folder, '--quick']
    const made = await runProgram(process.execPath, build, { limit: 2 * BOUND })
    expect(made.code, made.output).toBe(0)

    const within = AbortSignal.timeout(BOUND)
    const program = programOf(made.output.trim().split('\n').at(-1), folder)
    const site = join(folder, 'etc')
    const [port, line] = [await ownPort(), await ownPort()]
    const config = freshSite(program, site, port, line)
    const [runtime, entry] = program
    const daemon = spawn(runtime, [entry, 'run', '--config', config], { stdio: 'ignore' })
    const over = once(daemon, 'exit')
    onTestFinished(async () => {
      daemon.kill('SIGKILL')
      await over
    })
    const api = apiOf(port, () => readFileSync(join(site, 'tls/cert.pem'), 'utf8'))
    const soon = { timeout: BOUND, interval: 200 }
    await expect.poll(() => api('GET', '/time').then(Boolean, () => false), soon).toBe(true)

    const key = readFileSync(join(site, 'secrets/operator-switchboard.key'), 'utf8').trim()
    const { code } = await api('POST', '/enrolments', key, { kind: 'person', id: 'anna' })
    const { token } = await api('POST', '/devices', undefined, { code, label: 'Trial' })
    await expect.poll(() => stored(line), soon).toBe(true)
    const inbox = async () => (await api('GET', '/inbox?since=0', token)).items ?? []
    await expect.poll(async () => (await inbox()).length, soon).toBe(1)
    expect(within.aborted).toBe(false)

    daemon.kill('SIGTERM')
    expect(await over).toEqual([0, null])
  },
  4 * BOUND,
)
