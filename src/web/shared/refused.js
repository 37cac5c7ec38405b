import { say } from './say.js'

/** Why a sign-in provider did not let somebody in, as our own address says it. @param {string} code */
export function whyRefused(code) {
  if (code === 'provider-down') return say('entry.providerDown')
  if (code === 'sign-in-no-role') return say('entry.noRole')
  if (code === 'sign-in-no-person') return say('entry.noPerson')
  return say('entry.providerRefused')
}
