import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { removeFolder } from '../support/folders.ts'
import { installed } from '../support/installed.ts'
import { asking, endAll, type Servers, serverPrograms } from './database.ts'

const SET_UP = fileURLToPath(new URL('../../hardware/packaging/two-boxes.sh', import.meta.url))
const PASSWORD = 'two-boxes.of-a-test'
const CLUSTER = z.object({
  members: z.array(z.object({ host: z.string(), role: z.string(), state: z.string() })),
})

/** Whether Debian's packages that two boxes stand on are installed. */
export const boxesInstalled = (): boolean =>
  serverPrograms() !== undefined && ['patroni', 'etcd', 'etcdctl'].every(installed)

/** Two boxes and a third vote, which fail over by themselves. */
export interface Boxes extends Servers {
  /** Which box takes writes; nothing while none does, or the other has not got all of it yet. */
  settled(): Promise<0 | 1 | undefined>
  /** The server of a box dies as by a power cut; what keeps watch over it lives. */
  loseServer(box: 0 | 1): void
  /** All of a box is gone, its disk too where that is said. */
  loseBox(box: 0 | 1, how?: { readonly disk?: boolean }): void
  /** The box is switched on again, or another is put in its place. */
  startBox(box: 0 | 1): void
}

/** As the command sets them up, on addresses of this machine that are ours alone. */
export function startBoxes(): Boxes {
  const home = mkdtempSync(join(tmpdir(), 'boxes-'))
  // The programs run as another user, who must get through.
  chmodSync(home, 0o711)
  const net = `127.${64 + ((process.pid >> 8) & 63)}.${process.pid & 255}`
  const hosts = [`${net}.1`, `${net}.2`, `${net}.3`] as const
  const folders = hosts.map((host) => join(home, host))

  const setUp = (at: 0 | 1 | 2): void => {
    const own = hosts[at]
    const others = hosts.filter((host) => host !== own)
    execFileSync('sh', [SET_UP, at === 2 ? 'vote' : 'box', own, ...others], {
      env: { ...process.env, PASSWORD, DATA: folders[at] },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const leave = (): void => {
    endAll(home)
    removeFolder(home)
  }
  process.once('exit', leave)
  for (const at of [0, 1, 2] as const) setUp(at)

  const servers = {
    login: `bleep:${PASSWORD}`,
    addresses: hosts.slice(0, 2).map((host) => ({ host, port: 5432 })),
  }
  return {
    ...servers,
    ...asking(servers),
    async settled() {
      for (const host of hosts.slice(0, 2))
        try {
          const answer = await fetch(`http://${host}:8008/cluster`, { signal: AbortSignal.timeout(5000) })
          const { members } = CLUSTER.parse(await answer.json())
          const of = (wanted: string) =>
            members.find(({ role, state }) => role === wanted && /^(running|streaming)$/.test(state))?.host
          const leader = of('leader')
          if (of('sync_standby') === undefined) continue
          if (leader === hosts[0]) return 0
          if (leader === hosts[1]) return 1
        } catch {
          // That box is away.
        }
      return undefined
    },
    loseServer: (box) => endAll(`${folders[box]}/postgres`),
    loseBox(box, { disk = false } = {}) {
      endAll(`${folders[box]}/`)
      if (disk) removeFolder(folders[box] ?? '')
    },
    startBox: (box) => setUp(box),
    stop() {
      process.off('exit', leave)
      leave()
    },
  }
}
