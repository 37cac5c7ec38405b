import { wipe } from './db.js'

/** Longest a worker is waited for; this page wipes as well. */
const PATIENCE = 2000

/** Leaves nothing on this phone: notifications, subscription, database, kept files, web storage. */
export async function leave() {
  const worker = navigator.serviceWorker?.controller
  if (worker) {
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = done
      worker.postMessage({ kind: 'wipe' }, [port2])
      setTimeout(done, PATIENCE)
    })
  }
  const registration = await navigator.serviceWorker?.getRegistration('/app/')
  const subscription = await registration?.pushManager?.getSubscription()
  await subscription?.unsubscribe().catch(() => false)
  await wipe()
  for (const name of await caches.keys()) await caches.delete(name)
  sessionStorage.clear()
  localStorage.clear()
}
