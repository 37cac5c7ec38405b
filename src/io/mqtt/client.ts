import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { failed, ok, type Result } from '../../core/faults.ts'
import type { Millis } from '../../core/instant.ts'
import {
  type Message,
  OFFLINE,
  ONLINE,
  type Origin,
  topicFits,
  topicOf,
} from '../../core/measure/telemetry.ts'
import type { Broker, OnMessage } from '../../ports/broker.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Tools } from '../../ports/tools.ts'

export interface BrokerOptions {
  /** `mqtt://host:1883`, `mqtts://host:8883`. */
  readonly url: string
  readonly origin: Origin
  readonly username?: string
  readonly password?: string
  /** PEM text. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Seconds; a frozen broker is noticed after one and a half of these. */
  readonly keepalive?: number
  /** Longest that one publish or the connect handshake may take. */
  readonly deadline?: Millis
}

export interface BrokerTools extends Tools {}

/** CONNACK codes that mean "not this protocol version": 1 in MQTT 3.1.1 (3.2.2.3), 132 in MQTT 5.0 (3.2.2.2). */
const WRONG_VERSION: readonly number[] = [1, 132]
/** Bad user or password, not authorised: 4, 5 in MQTT 3.1.1; 134, 135 in MQTT 5.0. */
const WRONG_CREDENTIALS: readonly number[] = [4, 5, 134, 135]
/** The broker was never reached, which says nothing about the versions it knows. */
const NO_WAY: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']
const UNREACHED = -1
const BACK_OFF: readonly Millis[] = [250, 1000, 2000, 5000, 10_000, 30_000]
/** The will waits this long where the broker can (MQTT 5.0, 3.1.3.2.2), so that a brief reconnect raises no alarm. */
const WILL_DELAY_SECONDS = 5

/**
 * MQTT 5 first, 3.1.1 where the broker says it knows no more or hangs up on MQTT 5 without a word. Reconnecting is
 * ours and not the library's, because a new client per connection is the only way that nothing pending outlives a dead
 * broker: its promises stay unsettled for ever, even after `end`.
 */
export function openBroker(options: BrokerOptions, tools: BrokerTools): Broker {
  return new MqttBroker(options, tools)
}

class MqttBroker implements Broker {
  connected = false
  readonly #options: BrokerOptions
  readonly #tools: BrokerTools
  readonly #retained = new Map<string, Message>()
  readonly #subscribers = new Set<{ filter: string; on: OnMessage }>()
  readonly #watchers = new Set<(connected: boolean) => void>()
  #version: 5 | 4 = 5
  #client: MqttClient | undefined
  #tries = 0
  #timer: Timer | undefined
  #closed = false
  #said: 'broker-unreachable' | 'broker-refused' | undefined

  constructor(options: BrokerOptions, tools: BrokerTools) {
    this.#options = options
    this.#tools = tools
    this.#dial()
  }

  get trouble(): Broker['trouble'] {
    return this.connected ? undefined : (this.#said ?? 'broker-unreachable')
  }

  async publish(message: Message): Promise<Result<void>> {
    if (message.retain) this.#retained.set(message.topic, message)
    const client = this.#client
    const result =
      client === undefined || !this.connected
        ? failed('broker-unreachable', this.#options.url)
        : await this.#send(client, message)
    this.#tools.metrics.count('bleepbridge_mqtt_published_total', { outcome: result.ok ? 'done' : 'failed' })
    return result
  }

  subscribe(filter: string, on: OnMessage): () => void {
    const subscriber = { filter, on }
    this.#subscribers.add(subscriber)
    if (this.connected) this.#client?.subscribe(filter, { qos: 1 }, () => undefined)
    return () => {
      this.#subscribers.delete(subscriber)
      const stillWanted = [...this.#subscribers].some((other) => other.filter === filter)
      if (this.connected && !stillWanted) this.#client?.unsubscribe(filter, () => undefined)
    }
  }

  watch(run: (connected: boolean) => void): () => void {
    this.#watchers.add(run)
    return () => void this.#watchers.delete(run)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#timer?.cancel()
    const client = this.#client
    if (client === undefined) return
    if (this.connected) await this.#send(client, this.#status(OFFLINE))
    await this.#within((done) => client.end(false, {}, () => done(ok(undefined))))
    client.end(true)
    this.#turn(false)
  }

  #dial(): void {
    const { url, username, password, ca, cert, key, keepalive = 15, deadline = 5000 } = this.#options
    const version = this.#version
    const will = this.#status(OFFLINE)
    const settings: IClientOptions = {
      protocolVersion: version,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: deadline,
      keepalive,
      queueQoSZero: false,
      will: {
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: 1,
        retain: true,
        ...(version === 5 ? { properties: { willDelayInterval: WILL_DELAY_SECONDS } } : {}),
      },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    }
    const client = connect(url, settings)
    this.#client = client
    let greeted = false
    let lost = false
    const lose = (code: number | undefined): void => {
      if (lost) return
      lost = true
      client.end(true)
      this.#lost(version, greeted, code)
    }
    // Without this listener a frozen or refusing broker would end the process.
    client.on('error', (error) => {
      const code: unknown = 'code' in error ? error.code : undefined
      lose(typeof code === 'number' ? code : NO_WAY.includes(String(code)) ? UNREACHED : undefined)
    })
    client.on('close', () => lose(undefined))
    client.on('connect', () => {
      greeted = true
      this.#greet(client)
    })
    client.on('message', (topic, payload, { retain }) => {
      for (const { filter, on } of this.#subscribers) if (topicFits(filter, topic)) on(topic, payload, retain)
    })
  }

  #greet(client: MqttClient): void {
    this.#tries = 0
    this.#said = undefined
    this.#tools.log.info('broker-connected', { mqtt: this.#version === 5 ? '5' : '3.1.1' })
    void this.#send(client, this.#status(ONLINE))
    for (const message of this.#retained.values()) void this.#send(client, message)
    const filters = [...new Set([...this.#subscribers].map(({ filter }) => filter))]
    if (filters.length > 0) client.subscribe(filters, { qos: 1 }, () => undefined)
    this.#turn(true)
  }

  #lost(version: 5 | 4, greeted: boolean, code: number | undefined): void {
    this.#turn(false)
    if (this.#closed) return
    const knowsNoMore = code !== undefined && WRONG_VERSION.includes(code)
    const fault =
      code !== undefined && WRONG_CREDENTIALS.includes(code) ? 'broker-refused' : 'broker-unreachable'
    if (knowsNoMore) this.#version = 4
    // A broker that hangs up before a greeting may not know the version either: try the other one in turn.
    else if (!greeted && code === undefined) this.#version = version === 5 ? 4 : 5
    if (!knowsNoMore && this.#said !== fault) {
      this.#said = fault
      this.#tools.metrics.count('bleepbridge_faults_total', { fault })
      this.#tools.log.warn(fault, { fault, broker: new URL(this.#options.url).host })
    }
    const wait = knowsNoMore ? 0 : BACK_OFF[Math.min(this.#tries++, BACK_OFF.length - 1)]!
    this.#timer = this.#tools.clock.after(wait, () => {
      if (!this.#closed) this.#dial()
    })
  }

  #turn(connected: boolean): void {
    this.#tools.metrics.gauge('bleepbridge_mqtt_connected', connected ? 1 : 0)
    if (this.connected === connected) return
    this.connected = connected
    for (const run of this.#watchers) run(connected)
  }

  #status(word: typeof ONLINE | typeof OFFLINE): Message {
    return { topic: topicOf(this.#options.origin, 'status'), payload: word, retain: true }
  }

  #send(client: MqttClient, message: Message): Promise<Result<void>> {
    const expiry =
      this.#version === 5 && message.expires !== undefined
        ? { properties: { messageExpiryInterval: message.expires } }
        : {}
    return this.#within((done) => {
      client.publish(message.topic, message.payload, { qos: 1, retain: message.retain, ...expiry }, (error) =>
        done(error ? failed('broker-unreachable') : ok(undefined)),
      )
    })
  }

  /** Our own deadline around a callback of the library, which may never come. */
  #within(start: (done: (result: Result<void>) => void) => void): Promise<Result<void>> {
    return new Promise((resolve) => {
      const timer = this.#tools.clock.after(this.#options.deadline ?? 5000, () =>
        resolve(failed('broker-timeout')),
      )
      start((result) => {
        timer.cancel()
        resolve(result)
      })
    })
  }
}
