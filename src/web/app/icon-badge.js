/** How many wait for an answer, on the app's icon where the phone has such a thing. @param {number} open */
export function badge(open) {
  if (!('setAppBadge' in navigator)) return
  void (open === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(open)).catch(() => undefined)
}
