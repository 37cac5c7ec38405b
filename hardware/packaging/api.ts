import { Agent, request } from 'node:https'

/** Some of what the routes that a trial asks give. */
interface Answer {
  readonly code?: string
  readonly token?: string
  readonly items?: readonly unknown[]
  readonly alerts?: readonly unknown[]
}

/** One request of the daemon's API: `path` below `/api/v1`, `key` of whoever asks. Throws on any refusal. */
export type Api = (method: string, path: string, key?: string, body?: object) => Promise<Answer>

/**
 * Asks a daemon of this machine.
 * @param ca gives the certificate to trust, in PEM; read at each request, because a new start may have another
 */
export function apiOf(port: number, ca: () => string): Api {
  return (method, path, key, body) => {
    const headers = {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key ? { authorization: `Bearer ${key}` } : {}),
    }
    const agent = new Agent({ ca: ca() })
    return new Promise((done, broken) => {
      const asked = request({ host: 'localhost', port, path: `/api/v1${path}`, method, agent, headers })
      asked.on('error', broken)
      asked.on('response', (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => {
          if ((answer.statusCode ?? 500) < 300) done(JSON.parse(text))
          else broken(new Error(`${path}: ${answer.statusCode} ${text}`))
        })
      })
      asked.end(body ? JSON.stringify(body) : undefined)
    })
  }
}
