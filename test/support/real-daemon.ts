import { type ChildProcess, spawn } from 'node:child_process'

export interface RealDaemon {
  readonly child: ChildProcess
  /** Its exit status; null where a signal ended it. */
  readonly exit: Promise<number | null>
  /** All that it has logged so far. */
  readonly log: () => string
}

/**
 * The real daemon as a process of its own.
 * @param options.user whom it runs as, where we are root
 * @param options.stderr where it logs to, instead of to us
 * @param closers run at the end of the test, awaited: it is killed, and has exited before its folder is removed
 */
export function runDaemon(
  config: string,
  closers: (() => unknown)[],
  environment: NodeJS.ProcessEnv = {},
  options: { readonly stderr?: number; readonly user?: number } = {},
): RealDaemon {
  const child = spawn(process.execPath, ['src/bleepd.js', 'run', '--config', config], {
    stdio: ['ignore', 'ignore', options.stderr ?? 'pipe'],
    env: { ...process.env, ...environment },
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  })
  const exit = new Promise<number | null>((done) => child.once('exit', done))
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  closers.push(() => {
    child.kill('SIGKILL')
    return exit
  })
  return { child, exit, log: () => log }
}

/** What a route answers; 0 where nobody answers. */
export const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  )
