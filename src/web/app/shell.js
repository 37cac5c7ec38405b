import { VERSION } from './version.js'

/** What it takes to open the app without a network. Content is in the database, never here. */
const SHELL = `shell-${VERSION}`

const FILES = [
  '/app/',
  '/app/advice.js',
  '/app/alert.css',
  '/app/alert.js',
  '/app/answers.css',
  '/app/asking.js',
  '/app/answers.js',
  '/app/app.css',
  '/app/bells.js',
  '/app/db.js',
  '/app/duty.js',
  '/app/enrol.js',
  '/shared/refused.js',
  '/app/expire.js',
  '/app/forms.css',
  '/app/frame.js',
  '/app/handover.js',
  '/app/icon-192.png',
  '/app/icon.svg',
  '/app/inbox.css',
  '/app/icon-badge.js',
  '/app/inbox.js',
  '/app/install.js',
  '/app/leave.js',
  '/app/lift.js',
  '/app/line.js',
  '/app/listen.js',
  '/app/main.js',
  '/app/manifest.webmanifest',
  '/app/names.js',
  '/app/off.js',
  '/app/phone.js',
  '/app/push-address.js',
  '/app/push.js',
  '/app/ringer.js',
  '/app/selftest-page.js',
  '/app/selftest.js',
  '/app/stand.js',
  '/app/state.js',
  '/app/store.js',
  '/app/thread.js',
  '/app/urgent-first.js',
  '/app/write.js',
  '/app/ways.js',
  '/shared/api.js',
  '/shared/ask-form.js',
  '/shared/ask-item.js',
  '/shared/ask.css',
  '/shared/base.css',
  '/shared/catalogue.js',
  '/shared/dom.js',
  '/shared/events.js',
  '/shared/language.js',
  '/shared/marks.css',
  '/shared/ring.js',
  '/shared/say.js',
  '/shared/time.js',
  '/shared/tongue.js',
  '/shared/translate.js',
  '/shared/words.js',
  '/vendor/lit-html.js',
]

/**
 * Keeps every file of one version together: a page is never put together from two.
 * @returns {Promise<void>}
 */
export async function keepShell() {
  const shell = await caches.open(SHELL)
  await shell.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })))
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
