import { expect, test } from 'vitest'
import { hostsOf } from '../../../src/io/store/postgres-hosts.ts'

test.each([
  ['postgres://u:p@one/b', ['postgres://u:p@one/b']],
  [
    'postgres://u:p%40x@one:5432,two:5433/b?target_session_attrs=read-write&sslmode=require',
    ['postgres://u:p%40x@one:5432/b?sslmode=require', 'postgres://u:p%40x@two:5433/b?sslmode=require'],
  ],
  [
    'postgresql://one,[::1]:5433/b?target_session_attrs=primary',
    ['postgresql://one/b', 'postgresql://[::1]:5433/b'],
  ],
  ['postgres:///b?host=/run/postgresql', ['postgres:///b?host=%2Frun%2Fpostgresql']],
  ['host=one dbname=b', ['host=one dbname=b']],
])('%s', (url, hosts) => {
  expect(hostsOf(url)).toEqual(hosts)
})
