import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/* What every command owes a script: its exit status, answers on standard output and complaints on standard error. */
const bleepd = fileURLToPath(new URL('../../src/bleepd.js', import.meta.url))
const EXAMPLE = fileURLToPath(new URL('../../config/bridge.example.yaml', import.meta.url))

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bleepd, ...args], { input: '' })
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

test.each([
  ['--help'],
  ['--version'],
  ['run', '--help'],
  ['check', '--help'],
  ['report', '--help'],
  ['doctor', '--help'],
  ['subject', '--help'],
  ['subject', 'erase', '--help'],
  ['init', '--help'],
  ['keys', '--help'],
  ['status', '--help'],
  ['support', '--help'],
  ['who', '--help'],
  ['parallel', '--help'],
  ['audit', '--help'],
  ['backup', '--help'],
  ['restore', '--help'],
])('%s %s is asked for: 0, on standard output', (...args) => {
  const got = run(...args)
  expect(got).toMatchObject({ status: 0, stderr: '' })
  expect(got.stdout).not.toBe('')
})

test.each([
  { args: [], status: 64 },
  { args: ['nonsense'], status: 64 },
  { args: ['run'], status: 64 },
  { args: ['doctor'], status: 64 },
  { args: ['subject'], status: 64 },
  { args: ['subject', 'nonsense'], status: 64 },
  { args: ['subject', 'find', '--text', 'jones'], status: 64 },
  { args: ['subject', 'find', '--text', 'jones', '--reason', ' '], status: 64 },
  { args: ['subject', 'holds', '--config', '/nonexistent'], status: 78 },
  { args: ['who'], status: 64 },
  { args: ['parallel', '--from', '2026-10-05'], status: 64 },
  { args: ['parallel', '--from', 'tea', '--to', '2026-10-06', '--config', EXAMPLE], status: 64 },
  { args: ['who', ''], status: 64 },
  { args: ['who', '2201', '--all'], status: 64 },
  { args: ['who', '2201', '--at', 'teatime', '--config', EXAMPLE], status: 64 },
  { args: ['who', 'ric:x', '--config', EXAMPLE], status: 64 },
  { args: ['who', '2201@nowhere', '--config', EXAMPLE], status: 64 },
  { args: ['who', '2201', '--config', '/nonexistent'], status: 78 },
  { args: ['audit', '--against', 'somewhere'], status: 64 },
  { args: ['audit', '--config', '/nonexistent'], status: 78 },
  { args: ['backup', '--config', '/nonexistent'], status: 78 },
  { args: ['restore'], status: 64 },
  { args: ['report', '--from', 'yesterday', '--to', '2026-10-05'], status: 64 },
  { args: ['run', '--config', '/nonexistent/bridge.yaml'], status: 78 },
  {
    args: ['report', '--from', '2026-10-05', '--to', '2026-10-06', '--config', '/nonexistent'],
    status: 78,
  },
])('$args ends with $status, said on standard error only', ({ args, status }) => {
  const got = run(...args)
  expect(got).toMatchObject({ status, stdout: '' })
  expect(got.stderr).not.toBe('')
})

test.each([
  ['encode', '--as', 'pocsag'],
  ['encode', '--as', 'tap'],
  ['decode', '--as', 'snpp', '--replies'],
])('a reader that has gone, as head goes, ends %s %s %s without a complaint', async (...args) => {
  const child = spawn(process.execPath, [bleepd, ...args])
  child.stdout.destroy()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin
    .on('error', () => {})
    .end(
      args[0] === 'encode'
        ? args.includes('tap')
          ? '{"pagerId":"8","message":"x"}\n'
          : '{"ric":8,"text":"x"}\n'
        : 'HELP\r\n',
    )
  const [code] = (await once(child, 'close')) as [number | null]
  expect(said).toBe('')
  expect(code).toBe(0)
})

test('who: the dry run of an arrest call, as data and as a page to read', () => {
  const told = run('who', '2201', '--at', '2026-12-01T03:00', '--config', EXAMPLE)
  expect(told.status).toBe(0)
  expect(told.stdout).toContain('After 15 s')
  const data = run('who', '2201', '--at', '2026-12-01T03:00', '--format', 'json', '--config', EXAMPLE)
  expect(JSON.parse(data.stdout)).toMatchObject({
    ...{ number: '2201', kind: 'adult-arrest', class: 'emergency', to: 'team:adult-crash' },
    steps: expect.arrayContaining([expect.objectContaining({ afterSeconds: 15 })]),
  })
})

test('who says which of the two hours that the autumn repeats is meant', () => {
  for (const [at, hour] of [
    ['2026-10-25T00:30:00Z', 'BST'],
    ['2026-10-25T01:30:00Z', 'GMT'],
  ] as const)
    expect(run('who', '2201', '--at', at, '--config', EXAMPLE).stdout).toContain(
      `Sun 25 Oct 2026 01:30 ${hour}\n`,
    )
})

test('who --all: in the demonstration site one number has nobody outside office hours, and the exit code says so', () => {
  const got = run('who', '--all', '--at', '2026-11-30', '--format', 'json', '--config', EXAMPLE)
  const holes = got.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(got.status).toBe(2)
  expect(holes.map(({ code, numbers }) => `${code} ${numbers}`)).toContain('nobody-rung 0397')
})

test('the daemon begins with a young heap of the size that it asks for', () => {
  const tell = `import v8 from 'node:v8'
    process.on('exit', () => {
      const young = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
      console.log(young.space_size)
    })`
  const env = { ...process.env, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(tell)}` }
  const { stdout } = spawnSync(process.execPath, [bleepd, 'run', '--config', 'none.yaml'], { input: '', env })
  // Two halves of eight megabytes.
  expect(Number(stdout)).toBeGreaterThanOrEqual(16 << 20)
})
