/** Parallel running: pagers and phones side by side, for the decision to go live. */
export const parallel = {
  title: 'Pagers and phones side by side at {site}, {from} to {to}',
  noAir: 'No receiver listens to the air here, so when a pager had a page is not known.',
  role: 'Role or team',
  bleeps: 'Bleeps',
  both: 'By both',
  phoneFirst: 'Phone first',
  behind: 'Phone behind by (half, 95 in 100)',
  phoneLost: 'No phone had it',
  pagerLost: 'Not heard on air',
  seconds: '{p50} s, {p95} s',
  listens: 'Rings nobody yet: left to the pagers.',
  phoneLoses: 'Not ready: a phone did not have what a pager had, or neither did. Find out why first.',
  notEnough: 'Not decided: fewer than {enough} bleeps by both ways.',
  phoneSlower:
    'Phones are usually more than {seconds} s behind the pagers. Look at network and provider first.',
  asGood: 'Nothing lost on phones, and as quick as the pagers: ready to be decided on.',
  none: 'No bleep in this time.',
  says: 'What that says',
} as const
