// Loaded into the daemon before anything else: while the file that NO_NAMES names is there, no name is found.
import dns from 'node:dns'
import { existsSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const file = process.env.NO_NAMES ?? ''
const real = dns.lookup
dns.lookup = (name, options, done) => {
  if (!existsSync(file)) return real(name, options, done)
  const tell = typeof options === 'function' ? options : done
  process.nextTick(tell, Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }))
}
syncBuiltinESMExports()
