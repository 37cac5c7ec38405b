import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { ownPort } from '../support/ports.ts'

/** What config/scale.md says of who stands in front of two nodes, as it is printed there. */
const PAGE = readFileSync('config/scale.md', 'utf8')
const recipe = (program: string): string =>
  new RegExp(`\`\`\`${program}\\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1] ?? ''

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-front-'))
})
afterEach(() => removeFolder(folder))

/** As much of a node as HAProxy knows: whether it is ready, its name, and a stream that stays open. */
async function node(name: string) {
  const state = { ready: true }
  const server: Server = createServer((request, response) => {
    if (request.url === '/readyz') response.writeHead(state.ready ? 200 : 503).end()
    else if (request.url === '/stream') response.writeHead(200).write(name)
    else response.end(name)
  })
  server.listen(await ownPort(), '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const close = () => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  }
  return { state, port, close }
}

test('HAProxy goes to the node that is ready, cuts the streams of one that is not, and comes back', async (ctx) => {
  if (!installed('haproxy')) ctx.skip('needs haproxy')
  const [north, south] = [await node('north'), await node('south')]
  const port = await ownPort()
  const file = join(folder, 'haproxy.cfg')
  const said = recipe('haproxy')
    .replace(':443 ssl crt /etc/haproxy/bleepd.pem', `127.0.0.1:${port}`)
    .replace('10.0.0.1:8080', `127.0.0.1:${north.port}`)
    .replace('10.0.0.2:8080', `127.0.0.1:${south.port}`)
  writeFileSync(file, said)
  const proxy = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' })
  const ended = once(proxy, 'exit')
  /** Asks until that node answers. */
  const answers = async (name: string): Promise<void> => {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
      if ((await answer?.text().catch(() => undefined)) === name) return
      await new Promise((next) => setTimeout(next, 100))
    }
  }
  try {
    await answers('north')
    const stream = (await fetch(`http://127.0.0.1:${port}/stream`)).body?.getReader()
    expect(new TextDecoder().decode((await stream?.read())?.value)).toBe('north')
    north.state.ready = false
    await expect(stream?.read()).rejects.toThrow()
    await answers('south')
    north.state.ready = true
    await answers('north')
  } finally {
    proxy.kill('SIGKILL')
    await ended
    await Promise.all([north.close(), south.close()])
  }
})

test('keepalived finds nothing wrong with its file', (ctx) => {
  const [wire] = Object.entries(networkInterfaces()).flatMap(([name, all]) =>
    all?.some(({ internal }) => !internal) ? [name] : [],
  )
  if (wire === undefined || process.getuid?.() !== 0 || !installed('keepalived'))
    ctx.skip('needs keepalived, the rights of root and a network')
  const file = join(folder, 'keepalived.conf')
  const complaints = (text: string) => {
    writeFileSync(file, text.replace('interface eth0', `interface ${wire}`))
    const { stdout, stderr } = spawnSync('keepalived', ['--config-test', '-f', file], { encoding: 'utf8' })
    return stdout + stderr
  }
  expect(complaints(recipe('keepalived'))).toBe('')
  expect(complaints(recipe('keepalived').replace('virtual_router_id', 'virtual_router'))).not.toBe('')
})
