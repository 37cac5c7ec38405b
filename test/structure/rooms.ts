/**
 * Every room of `src` from the ground up, and whom it may import. A room imports only rooms that stand above it in
 * this list, which are the ones it stands on, so no arrow points upwards and no circle can arise. The files of a room
 * may import one another. src/README.md holds the same table in short, with its reasons.
 *
 * `core/*` means every room of `core`. A file that lies beside the folders (`app.ts`) is a room of its own.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  // deciding
  'core/catalogue': [],
  core: ['core/catalogue'],
  'core/stored': ['core'],
  'core/directory': ['core', 'core/catalogue'],
  'core/bleep': ['core', 'core/catalogue', 'core/directory'],
  'core/alert': ['core', 'core/catalogue', 'core/directory', 'core/bleep'],
  'core/route': ['core', 'core/catalogue', 'core/directory', 'core/bleep', 'core/alert'],
  'core/deliver': ['core', 'core/catalogue', 'core/directory', 'core/bleep', 'core/alert'],
  'core/foresee': ['core', 'core/directory', 'core/bleep', 'core/alert', 'core/route', 'core/deliver'],
  'core/govern': ['core', 'core/catalogue', 'core/directory', 'core/bleep', 'core/alert', 'core/deliver'],
  'core/identity': ['core', 'core/directory', 'core/govern'],
  // bits to pages: the code, what tells lost codewords by the sense of the text, the receiver
  'core/pocsag/code': ['core'],
  'core/pocsag/inference': ['core', 'core/pocsag/code'],
  'core/pocsag': ['core', 'core/pocsag/code', 'core/pocsag/inference'],
  // bytes to pages: the kit that protocols are made of, a room for each protocol, the table of them all
  'core/line/kit': ['core', 'core/catalogue', 'core/bleep', 'core/pocsag'],
  'core/line/text': ['core', 'core/catalogue', 'core/bleep', 'core/line/kit'],
  'core/line/records': ['core', 'core/bleep', 'core/line/kit', 'core/line/text'],
  'core/line/snpp': ['core', 'core/bleep', 'core/line/kit'],
  'core/line/tap': ['core', 'core/catalogue', 'core/bleep', 'core/line/kit'],
  'core/line/espa444': ['core', 'core/bleep', 'core/line/kit'],
  'core/line/pocsag': [
    'core',
    'core/catalogue',
    'core/bleep',
    'core/line/kit',
    'core/pocsag',
    'core/pocsag/code',
  ],
  'core/line': ['core', 'core/catalogue', 'core/bleep', 'core/line/*', 'core/pocsag'],
  // what is measured, and what is shown
  'core/measure': ['core', 'core/catalogue', 'core/bleep', 'core/deliver', 'core/govern'],
  'core/measure/facts': [
    'core',
    'core/catalogue',
    'core/directory',
    'core/bleep',
    'core/alert',
    'core/line/kit',
    'core/measure',
  ],
  'core/measure/watch': ['core', 'core/catalogue', 'core/directory', 'core/bleep', 'core/measure'],
  'core/measure/report': [
    ...['core', 'core/catalogue', 'core/directory', 'core/bleep', 'core/line/kit'],
    ...['core/measure', 'core/measure/facts', 'core/measure/watch'],
  ],
  'core/desk': [
    ...[
      'core',
      'core/catalogue',
      'core/directory',
      'core/bleep',
      'core/alert',
      'core/deliver',
      'core/govern',
    ],
    ...['core/measure', 'core/measure/watch'],
  ],
  // what goes into the patient's record
  'core/record': [
    ...['core', 'core/catalogue', 'core/directory', 'core/bleep', 'core/alert', 'core/deliver'],
    ...['core/measure', 'core/desk'],
  ],
  // what the loops ask of the world
  ports: ['core/*'],
  // the loops
  run: ['core/*', 'ports'],
  'run/deliver': ['core/*', 'ports', 'run'],
  'run/alert': ['core/*', 'ports', 'run', 'run/deliver'],
  'run/line': ['core/*', 'ports', 'run', 'run/alert'],
  'run/keep': ['core/*', 'ports', 'run', 'run/alert'],
  'run/watch': ['core/*', 'ports', 'run', 'run/alert', 'run/line', 'run/keep'],
  'run/desk': ['core/*', 'ports', 'run', 'run/alert', 'run/keep'],
  // files to a checked configuration
  config: ['core/*'],
  // adapters: none imports another, nor a loop
  io: ['core/*', 'ports'],
  'io/channels': ['core/*', 'ports', 'config'],
  'io/filing': ['core/*', 'ports', 'config'],
  'io/http': ['core/*', 'ports', 'config'],
  'io/directory': ['core/*', 'ports', 'config'],
  'io/identity': ['core/*', 'ports', 'config'],
  'io/line': ['core/*', 'ports', 'config'],
  'io/mqtt': ['core/*', 'ports', 'config'],
  'io/post': ['core/*', 'ports', 'config'],
  'io/report': ['core/*', 'ports', 'config'],
  'io/seal': ['core/*', 'ports', 'config'],
  'io/store': ['core/*', 'ports', 'config'],
  // putting it together
  app: ['core/*', 'ports', 'run', 'run/*', 'config', 'io', 'io/*'],
  'app.ts': ['core/*', 'ports', 'run', 'run/*', 'config', 'io', 'io/*', 'app'],
  cli: ['core/*', 'ports', 'run', 'run/*', 'config', 'io', 'io/*', 'app', 'app.ts'],
  'main.ts': ['core/*', 'config', 'io', 'cli'],
  'bleepd.js': ['cli', 'main.ts'],
  // screens: plain modules, which know the core by its types alone
  'web/shared': ['core/*'],
  'web/app': ['web/shared'],
  'web/console': ['web/shared'],
  'web/ward': ['web/shared'],
}

/** Packages that a part of the house may use, and whether it may use Node's own. */
export const PACKAGES: Readonly<
  Record<string, { readonly packages: readonly string[] | 'any'; readonly node: boolean }>
> = {
  core: { packages: ['zod', 're2js', 'temporal-polyfill'], node: false },
  ports: { packages: [], node: false },
  run: { packages: [], node: false },
  config: { packages: ['zod', 'yaml', 'csv-parse', 'windows-iana'], node: true },
  io: { packages: 'any', node: true },
  app: { packages: [], node: true },
  'app.ts': { packages: [], node: true },
  cli: { packages: ['commander', 'zod'], node: true },
  'main.ts': { packages: ['commander'], node: true },
  'bleepd.js': { packages: [], node: true },
  web: { packages: ['/vendor/lit-html.js', '/vendor/directives/repeat.js'], node: false },
}

/** One package, one place: replacing it is one change. */
export const HOME: Readonly<Record<string, string>> = {
  serialport: 'io/line',
  mqtt: 'io/mqtt',
  'node-pushnotifications': 'io/channels',
  'firebase-admin': 'io/channels',
  'notifications-node-client': 'io/channels',
  axios: 'io/channels',
  oauth4webapi: 'io/filing',
  pino: 'io/log.ts',
  kysely: 'io/store',
  pg: 'io/store',
  fastify: 'io/http',
  'prom-client': 'io/metrics.ts',
  yaml: 'config',
  echarts: 'io/report',
  koffi: 'io/free-memory.ts io/datagrams.ts io/kernel-clock.ts io/line',
  commander: 'main.ts cli',
  'csv-parse': 'config',
  'windows-iana': 'config/calendar',
  qrcode: 'io/http',
  '@simplewebauthn/server': 'io/identity',
  otpauth: 'io/identity',
  scimmy: 'io/directory',
  ldapts: 'io/directory',
  'age-encryption': 'io/seal',
  'openid-client': 'io/identity',
  jose: 'io/identity',
}
