const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/
const HEADING = '## [Unreleased]'

/**
 * The change log once a version is out: what was unreleased stands under its name, and an empty heading waits above.
 * @throws where the version is not a later one by Semantic Versioning, or there is nothing to tell
 */
export function released(log: string, was: string, version: string, day: string): string {
  if (!isLater(version, was)) throw new Error(`${version} is no version after ${was}: MAJOR.MINOR.PATCH`)
  const from = log.indexOf(HEADING)
  if (from < 0) throw new Error(`the change log has no "${HEADING}"`)
  const body = from + HEADING.length
  const next = log.indexOf('\n## [', body)
  const told = log.slice(body, next < 0 ? undefined : next)
  if (!/^- /m.test(told)) throw new Error('nothing is told of this version in the change log')
  return `${log.slice(0, body)}\n\n## [${version}] – ${day}${told}${next < 0 ? '' : log.slice(next)}`
}

function isLater(version: string, was: string): boolean {
  const [now, before] = [version, was].map((one) => SEMVER.exec(one)?.slice(1).map(Number))
  if (now === undefined || before === undefined) return false
  const differs = now.findIndex((part, i) => part !== before[i])
  return differs >= 0 && now[differs]! > before[differs]!
}
