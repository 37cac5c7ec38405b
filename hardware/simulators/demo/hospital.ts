import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Runner, runLine } from '../line-runner.ts'
import { openPlug, type Plug } from '../plug.ts'
import { vapidKeys } from '../push-crypto.ts'
import { type PushService, startPushService } from '../push-service.ts'
import { createTransmitter, type Transmitter } from '../transmitter.ts'
import { BAUD, bridgeFile } from './bridge.ts'
import { startBroker } from './broker.ts'
import { startDaemon } from './daemon.ts'
import { freePort } from './free-port.ts'
import { createOperator, type Operator } from './operator.ts'
import { ownAddress } from './own-address.ts'
import { counted } from './report.ts'
import { GUEST_ROLE, startStaff } from './staff.ts'
import { startWard, type WardScreen } from './ward.ts'

/** It has a screen; the other wards of the demonstration have telephones only. */
const WARD = 'Ward 2A'

/** The simulated far ends, and the real daemon between them. */
export interface Hospital {
  readonly url: string
  /** How other machines reach it; absent where only this one may. */
  readonly away?: string
  readonly key: string
  readonly pid: number
  readonly operator: Operator
  readonly transmitter: Transmitter
  readonly switchboard: Runner
  readonly air: Plug
  readonly link: Plug
  readonly push: PushService
  /** The screen of a ward, with somebody before it. */
  readonly ward: WardScreen
  /** Port at which call records are taken. */
  readonly exchange: number
  /** How many requests to be called back `bleepd report` counts. */
  counted(): Promise<number>
  /** How many are on duty with a phone. */
  readonly phones: number
  readonly mqtt: string
  readonly log: string
  /** Somebody whose phone a visitor may be, and a link that makes a browser that phone, once. */
  guest(): Promise<Guest>
  /** Whether a visitor has taken a phone. */
  visited(): Promise<boolean>
  close(): Promise<void>
}

export interface Guest {
  readonly name: string
  readonly role: string
  readonly link: string
}

/**
 * Starts it all. What was started is ended again when it does not come up, or by `close`.
 * @param lan also for other machines on this network, such as a real phone
 */
export async function openHospital({ lan }: { readonly lan: boolean }): Promise<Hospital> {
  const folder = mkdtempSync(join(tmpdir(), 'bleep-bridge-demo-'))
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one()
  }
  try {
    return { ...(await start(folder, lan, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  folder: string,
  lan: boolean,
  closers: (() => unknown)[],
): Promise<Omit<Hospital, 'close'>> {
  const push = await startPushService()
  closers.push(() => push.close())
  const vapid = vapidKeys()
  const broker = await startBroker()
  closers.push(broker.close)
  const air = openPlug(join(folder, 'transmitter'))
  const link = openPlug(join(folder, 'switchboard'))
  closers.push(air.close, link.close)

  const port = await freePort(8080)
  const url = `http://localhost:${port}`
  const address = lan ? await ownAddress() : undefined
  const away = address === undefined ? undefined : `http://${address}:${port}`
  const key = randomBytes(12).toString('base64url')
  const config = join(folder, 'bridge.yaml')
  const log = join(folder, 'bleepd.log')
  writeFileSync(join(folder, 'push-ca.pem'), push.ca)
  const exchange = await freePort(0)
  const far = { exchange, air: air.path, link: link.path, mqtt: broker.url, vapidKey: vapid.publicKey }
  writeFileSync(config, bridgeFile({ ...far, port, away }))
  const environment = { BLEEPD_OPERATOR: key, BLEEPD_VAPID: vapid.privateKey }
  const daemon = await startDaemon({ config, url, log, environment })
  closers.push(daemon.stop)

  const operator = createOperator(url, key)
  const staff = await startStaff(operator, { base: url, push, vapidKey: vapid.publicKey })
  closers.push(staff.close)
  const ward = await startWard(url, await operator.wardCode(WARD))
  closers.push(ward.close)
  const switchboard = runLine('espa444', { role: 'control', station: '1', address: '2' }, link)
  closers.push(switchboard.stop)
  return {
    ...{ ward, exchange, url, key, pid: daemon.pid, operator, switchboard, air, link, push, log },
    ...(away === undefined ? {} : { away }),
    transmitter: createTransmitter((bytes) => air.write(bytes), BAUD),
    phones: staff.phones,
    mqtt: broker.url,
    counted: () => counted(config, environment),
    visited: async () => (await operator.visitors()).size > 0,
    async guest() {
      const { person, name } = await staff.guest()
      return { name, role: GUEST_ROLE, link: `${away ?? url}/app/#enrol=${await operator.code(person)}` }
    },
  }
}
