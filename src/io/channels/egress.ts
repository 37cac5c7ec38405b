import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Where a push subscription may lead: a phone names the address, and the daemon stands inside the hospital, where such an
 * address could mean anything. Only the services that the site names, and none of them at an address inside.
 */
export interface Egress {
  /** Hosts; `*.` at the beginning stands for one level or more. */
  readonly services: readonly string[]
  /** A push service of this machine: tests and demonstrations have one. */
  readonly local: boolean
}

const THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a subscription's endpoint is one of a service that may be reached. */
export function mayReach(endpoint: string, { services, local }: Egress): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, username, password, port } = new URL(endpoint)
  if (protocol !== 'https:' || username !== '' || password !== '') return false
  if (local && THIS_MACHINE.has(hostname)) return true
  return (port === '' || port === '443') && services.some((service) => fits(hostname, service.toLowerCase()))
}

function fits(host: string, service: string): boolean {
  return service.startsWith('*.') ? host.endsWith(service.slice(1)) : host === service
}

/** Not the internet: this machine, private, link-local, shared and documentation networks, multicast (RFC 6890). */
const INSIDE = new BlockList()
for (const [net, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ] as const),
  ...([
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const),
])
  INSIDE.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ...([
    ['::', 127],
    ['64:ff9b::', 96],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
    ['2001:db8::', 32],
  ] as const),
])
  INSIDE.addSubnet(net, bits, 'ipv6')

export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return INSIDE.check(mapped, 'ipv4')
  return INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Resolves names as ever, and gives no address that lies inside: a name may be made to point anywhere at any time. */
export const lookUpOutside: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, found) => {
    const [first] = found ?? []
    if (error !== null || first === undefined) return done(error ?? new Error('no address'), [])
    if (found.some(({ address }) => isInside(address)))
      return done(Object.assign(new Error('the address lies inside'), { code: 'EHOSTUNREACH' }), [])
    if (options.all === true) done(null, found)
    else done(null, first.address, first.family)
  })
}
