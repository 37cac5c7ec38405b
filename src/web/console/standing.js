/** @import { SiteView, SupervisedView } from '../shared/types.d.ts' */

/**
 * What stands beside the watched things that are ill: a refused reload, the end of a certificate, a copy that is too old.
 * Nothing is told twice.
 * @param {SiteView['reasons']} reasons
 * @param {readonly SupervisedView[]} ill
 */
export function standsBeside(reasons, ill) {
  return reasons.filter(
    (r) =>
      !ill.some(
        (t) => t.why?.code === r.code && (r.subject === t.subject || r.detail?.startsWith(t.subject)),
      ),
  )
}
