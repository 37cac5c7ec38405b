import { performance } from 'node:perf_hooks'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { DAY, HOUR, parseInstant } from '../../src/core/instant.ts'
import { aLine, aPerson, aRole, role, smallSite } from '../support/small-site.ts'

/** Asking who holds a role must cost the same in a small trust and in one with every pager holder in England. */
const SIZES = [1_000, 130_000]
const ASKED = 100_000
const ROUNDS = 61
const START = parseInstant('2026-11-16T00:00:00Z') ?? Number.NaN
/** As many different questions in both sizes, so that the memory caches decide nothing. */
const ROLES_ASKED = 40

/** Roles of 25 people each, a rolling rota of day and night shifts over all of them. */
function build(people: number) {
  const roles = Math.ceil(people / 25)
  const ids = Array.from({ length: people }, (_, i) => `p${i}`)
  return buildDirectory(
    smallSite({
      people: ids.map((id) => aPerson(id)),
      roles: Array.from({ length: roles }, (_, i) => aRole(`r${i}`)),
      rota: ids.map((id, i) =>
        aLine(`r${i % roles}`, id, i % 2 === 0 ? 'day' : 'night', {
          cycle: { week: 1 + (Math.floor(i / roles) % 12), every: 12 },
        }),
      ),
    }),
  )
}

const directories = SIZES.map((people) => {
  const began = performance.now()
  const directory = build(people)
  const built = performance.now() - began
  const roles = directory.roles.size
  const asked = Array.from({ length: ROLES_ASKED }, (_, i) =>
    role(`r${Math.floor((i * roles) / ROLES_ASKED)}`),
  )
  const firstBegan = performance.now()
  for (const r of asked) directory.holders(r, START)
  const first = (performance.now() - firstBegan) / asked.length
  const againBegan = performance.now()
  buildDirectory(directory.site, [])
  const again = performance.now() - againBegan
  return { people, again, directory, built, first, asked, rounds: [] as number[] }
})

// Processor time, not the clock's: this thread may wait for others. The two are asked next to one another, each first in
// every other round, so that a neighbour who empties the caches slows both alike.
for (let round = 0; round < ROUNDS; round++) {
  for (const d of round % 2 === 0 ? directories : directories.toReversed()) {
    let found = 0
    const began = process.threadCpuUsage()
    for (let i = 0; i < ASKED; i++) {
      const at = START + (i % 6) * DAY + (i % 24) * HOUR
      found += d.directory.holders(d.asked[i % ROLES_ASKED]!, at).length
    }
    const { user, system } = process.threadCpuUsage(began)
    d.rounds.push(((user + system) * 1000) / ASKED)
    if (found === 0) throw new Error('nobody was found: the bench asks the wrong question')
  }
}

const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!
for (const d of directories) {
  console.log(
    `${d.people} holders: look-up ${quantile(d.rounds, 0.5).toFixed(0)} ns, first look-up of a role's week ` +
      `${d.first.toFixed(3)} ms, built in ${d.built.toFixed(0)} ms, again after an edit in ${d.again.toFixed(2)} ms`,
  )
}
const [small, large] = directories.map((d) => d.rounds)
const ratios = small!.map((ns, round) => large![round]! / ns)
const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(ratios, q).toFixed(2))
console.log(`ratio ${middle} (middle half of ${ROUNDS} pairs of rounds ${low} to ${high}; bound 1.20)`)
