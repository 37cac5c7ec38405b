const URL_PARTS = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)([^?#]*)(\?[^#]*)?$/

/**
 * The servers that a connection string names, a string each. Several hosts stand as libpq writes them,
 * `postgres://user@one:5432,two:5432/name?target_session_attrs=read-write` (PostgreSQL manual, "Connection URIs"). We
 * always want the one that takes writes, so the attribute need not be there.
 */
export function hostsOf(url: string): readonly string[] {
  const parts = URL_PARTS.exec(url)
  if (!parts) return [url]
  const [, start = '', hosts = '', path = '', query = ''] = parts
  const wishes = new URLSearchParams(query)
  for (const ours of ['target_session_attrs', 'load_balance_hosts']) wishes.delete(ours)
  const rest = [...wishes].length > 0 ? `?${wishes}` : ''
  return hosts.split(',').map((host) => start + host + path + rest)
}
