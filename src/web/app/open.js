/**
 * The windows of this app. A browser may have other pages of this server open, such as the board: they are none of it.
 * @param {Clients} clients
 */
export async function windowsOf(clients) {
  const all = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  return all.filter(({ url }) => new URL(url).pathname.startsWith('/app/'))
}

/**
 * Brings the app to the front at a place of its own: the window that is open, or a new one.
 * @param {Clients} clients
 * @param {string} target
 */
export async function openApp(clients, target) {
  const [open] = await windowsOf(clients)
  if (open === undefined) await clients.openWindow(target)
  else {
    open.postMessage({ kind: 'open', target })
    await open.focus()
  }
}
