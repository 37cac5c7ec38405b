import { VERSION } from './version.js'

/** What it takes to open the app without a network. Content is in the database, never here. */
const SHELL = `shell-${VERSION}`

const FILES = ['/app/', '/app/icon-192.png', '/app/icon.svg', '/app/manifest.webmanifest']

/**
 * Keeps the page, which is one file with all that it needs inside: it is never put together from two versions. What the
 * browser has just fetched is not sent again.
 * @returns {Promise<void>}
 */
export async function keepShell() {
  const shell = await caches.open(SHELL)
  await shell.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })))
}

/** Versions before this one. */
export async function dropOldShells() {
  for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name)
}

/**
 * The kept file, so that the app opens as fast without a network as with one; the server's where none is kept.
 * @param {Request} request
 */
export async function fromShell(request) {
  // Not opened: that would make it anew when a later version has just dropped it.
  return (await caches.match(request, { cacheName: SHELL, ignoreSearch: true })) ?? fetch(request)
}
