import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import dbus from 'dbus-next'

const DAEMON = '/usr/bin/dbus-daemon'
export const hasDbus = () => existsSync(DAEMON)

interface OnScreen {
  readonly id: number
  readonly title: string
  readonly body: string
  /** Key of each button → its words. */
  readonly actions: ReadonlyMap<string, string>
}

export interface Desktop {
  /** For the browser's environment: `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string
  /** Every notification shown so far, in order. */
  readonly shown: readonly OnScreen[]
  /** Presses a button as a person would: the browser counts it as trusted. */
  press(id: number, action: string): void
  close(): Promise<void>
}

class Notifications extends dbus.interface.Interface {
  readonly shown: OnScreen[] = []

  Notify(
    _app: string,
    replaces: number,
    _icon: string,
    title: string,
    body: string,
    actions: string[],
    _hints: object,
    _timeout: number,
  ): number {
    const id = replaces === 0 ? this.shown.length + 1 : replaces
    const pairs = actions.flatMap((key, i) => (i % 2 === 0 ? [[key, actions[i + 1] ?? ''] as const] : []))
    this.shown.push({ id, title, body, actions: new Map(pairs) })
    return id
  }

  CloseNotification(_id: number): void {}

  GetCapabilities(): string[] {
    return ['actions', 'body', 'persistence']
  }

  GetServerInformation(): string[] {
    return ['bleep-bridge-tests', 'bleep-bridge', '1', '1.2']
  }

  ActionInvoked(id: number, action: string): [number, string] {
    return [id, action]
  }

  NotificationClosed(id: number, reason: number): [number, number] {
    return [id, reason]
  }
}

Notifications.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u', outSignature: '' },
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    GetServerInformation: { inSignature: '', outSignature: 'ssss' },
  },
  signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
})

/** A desktop with nothing on it but a notification service (Desktop Notifications Specification 1.2) on a bus of its own. */
export async function startDesktop(): Promise<Desktop> {
  const daemon = spawn(DAEMON, ['--session', '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const address = await new Promise<string>((done, fail) => {
    daemon.once('error', fail)
    daemon.once('exit', (code) => fail(new Error(`dbus-daemon ended with ${code}`)))
    daemon.stdout.once('data', (chunk: Buffer) => done(chunk.toString().trim()))
  })
  const bus = dbus.sessionBus({ busAddress: address })
  const service = new Notifications('org.freedesktop.Notifications')
  bus.export('/org/freedesktop/Notifications', service)
  await bus.requestName('org.freedesktop.Notifications', 0)
  return {
    address,
    shown: service.shown,
    press(id, action) {
      service.ActionInvoked(id, action)
    },
    async close() {
      bus.disconnect()
      const ended = new Promise((done) => daemon.once('close', done))
      daemon.kill()
      await ended
    },
  }
}
