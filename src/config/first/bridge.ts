import type { Answers, FoundLine } from './answers.ts'

/** Where the daemon keeps what it writes: the folders that the unit gives it, or one beside the configuration. */
export interface FirstPlaces {
  readonly data: string
  /** The certificate is there; false: a request was written, and its answer is awaited. */
  readonly certified: boolean
}

const text = (value: string): string => JSON.stringify(value)

/** The first `bridge.yaml`: it works as it is, and says at each setting what it is for. */
export function firstBridge(
  answers: Answers,
  lines: readonly FoundLine[],
  publicKey: string,
  places: FirstPlaces,
): string {
  const { address, port, contact, operator } = answers
  const { data, certified } = places
  const origin = `https://${address}${port === 443 ? '' : `:${port}`}`
  const tls = '  tls: { cert: tls/cert.pem, key: file:tls/key.pem }'
  return `# Bleep Bridge at ${answers.hospital}. Every setting is in /usr/share/doc/bleep-bridge and config/bridge.example.yaml.
# After a change here:  bleepd check --config FILE   and then restart.  After a change in site/: reload is enough.
# Relative paths start at the folder of this file. Secrets are references: file:PATH or env:NAME.
version: 1

site:
  id: site
  folder: site                  # who is who, who is on, what a number stands for

store:
  kind: sqlite
  path: ${text(`${data}/bleeps.sqlite`)}

# A line for each cable. \`bleepd doctor /dev/…\` names its profile. While there is none, /readyz says that nothing is heard.
feeds:${lines.some(({ profile }) => profile !== undefined) ? '' : ' []'}
${lines.map(feed).join('')}
http:
  host: 0.0.0.0
  port: ${port}
  baseUrl: ${text(origin)}
${certified ? tls : `  # Put the certificate that your authority gives for tls/request.csr into tls/cert.pem; until then phones stay away.\n${tls}`}
  sessionKey: file:secrets/session.key
  operators:                    # roles: switchboard, estates, governance, admin, wall, wall-names
    - { name: ${text(operator)}, role: admin, token: file:secrets/operator-${operator}.key }
    - { name: switchboard, role: switchboard, token: file:secrets/operator-switchboard.key }

push:
  webpush:                      # one pair for ever: with another one every phone has to be enrolled again
    subject: ${text(`mailto:${contact}`)}
    publicKey: ${publicKey}
    privateKey: file:secrets/vapid.key

backup:
  folder: ${text(`${data}/backups`)}   # better on another disk: see "Settings of a site" in the page on the service
`
}

function feed({ id, path, profile }: FoundLine): string {
  const serial = path.startsWith('/')
  const [host = '', port = ''] = serial ? [] : path.split(/:(?=\d+$)/)
  const where = serial
    ? `{ kind: serial, path: ${text(path)} }`
    : `{ kind: tcp, host: ${text(host)}, port: ${port} }`
  const lines = [`- id: ${id}`, `  profile: ${profile ?? 'NAME'}`, `  port: ${where}`]
  if (profile !== undefined) return lines.map((one) => `  ${one}\n`).join('')
  return [`# Nothing was heard on ${path} yet: bleepd doctor ${path}`, ...lines.map((one) => `# ${one}`)]
    .map((one) => `  ${one}\n`)
    .join('')
}
