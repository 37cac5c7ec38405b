/// <reference lib="webworker" />
import { say } from '../shared/say.js'
import { report } from './line.js'
import { held, kept } from './store.js'

/** @import { InboxItem } from '../shared/types.d.ts' */
/** @import { Off } from './store.js' */

/** @typedef {InboxItem['alert']['class']} Class */

/**
 * What a push says: which attempt rang this device, and how urgent it is.
 * @typedef {object} Bell
 * @property {string} id
 * @property {Class} class
 * @property {string} [purpose]
 * @property {string} [place] only where the site allows it on its way through a provider
 * @property {string} [tag]
 */

const TITLE = {
  emergency: () => say('phone.emergencyTitle'),
  urgent: () => say('phone.urgentBleep'),
  routine: () => say('phone.bleepHeading'),
  test: () => say('phone.testCall'),
}

const ICON = { icon: '/app/icon-192.png', badge: '/app/icon-192.png' }
const OFF_TAG = 'off-duty'
/** How long a busy browser may take to list what was put up, milliseconds. */
const SETTLES = 10_000

/**
 * @param {Pick<PushMessageData, 'json'> | null} data
 * @returns {Bell | undefined}
 */
export function readBell(data) {
  try {
    const said = data?.json()
    if (typeof said?.id !== 'string' || !(said.class in TITLE)) return undefined
    const { id, purpose, place, tag } = said
    return { id, class: said.class, purpose, place, tag }
  } catch {
    return undefined
  }
}

/** The name under which providers and screens replace an older ring by a newer one. @param {string} alert */
const tagOf = (alert) => alert.replaceAll('-', '')

/**
 * What stands on a locked screen: the class, and the place where the site allows it in pushes; never the words.
 * @param {ServiceWorkerRegistration} registration
 */
export function createNotices(registration) {
  /**
   * What was put up last under each name: until it has settled, and while one takes the place of another, the browser may
   * list neither, and a call that stands must not be taken for one that was taken down.
   * @type {Map<string, { title: string, data: { version?: number } | undefined, at: number }>}
   */
  const latest = new Map()

  /** What stands under a name. @param {string} tag @returns {Promise<{ title: string, data: { version?: number } | undefined } | undefined>} */
  const standing = async (tag) => {
    const [listed] = await registration.getNotifications({ tag })
    if (listed !== undefined) return listed
    const last = latest.get(tag)
    return last !== undefined && Math.abs(Date.now() - last.at) < SETTLES ? last : undefined
  }

  /**
   * A silent notification may not even name a way to shake (Notifications API, clause 2.4).
   * @param {string} title
   * @param {NotificationOptions & { renotify?: boolean, vibrate?: number[] }} options
   */
  const put = (title, { vibrate, ...rest }) => {
    const shakes = vibrate === undefined || rest.silent === true ? {} : { vibrate }
    latest.set(rest.tag ?? '', { title, data: rest.data, at: Date.now() })
    return registration.showNotification(title, { ...ICON, ...rest, ...shakes })
  }

  /** Takes down all, or what stands under a name. @param {string} [tag] @returns {Promise<boolean>} whether anything stood */
  const clear = async (tag) => {
    const stood = tag !== undefined && (await standing(tag)) !== undefined
    for (const n of await registration.getNotifications(tag === undefined ? {} : { tag })) n.close()
    if (tag === undefined) latest.clear()
    else latest.delete(tag)
    return stood
  }

  /**
   * What is under way for each name. Two pushes of one bleep come in one moment; what one puts up the other must neither
   * take for its own nor take down.
   * @type {Map<string, Promise<unknown>>}
   */
  const turns = new Map()
  /**
   * @template T
   * @param {string} tag
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  const inTurn = (tag, work) => {
    const done = (turns.get(tag) ?? Promise.resolve()).catch(() => undefined).then(work)
    turns.set(tag, done)
    return done
  }

  const notices = {
    clear,

    /** Somebody has taken it down, or opened it. @param {string} tag */
    gone: (tag) => void latest.delete(tag),

    /**
     * A row of the inbox that this device has not shown before. True when something stands on the screen for it.
     * @param {InboxItem} item
     * @param {string | undefined} place
     */
    async item(item, place) {
      const tag = tagOf(item.alert.id)
      if (item.ring && item.purpose === 'cancel') {
        // Somebody is running: as loud as the call was. Why stands in the app, not on a locked screen.
        await put(say('phone.standDown'), {
          ...looks(item.alert.class, undefined, false),
          ...{ body: say('phone.youAreNotNeededOn'), tag },
          data: { alert: item.alert.id, attempt: item.attempt },
        })
        if (item.attempt !== undefined) await report(item.attempt, 'presented')
        return true
      }
      if (item.ring) {
        await put(TITLE[item.alert.class](), {
          ...looks(item.alert.class, place, true),
          tag,
          data: { alert: item.alert.id, version: item.alert.version, attempt: item.attempt },
        })
        if (item.attempt !== undefined) await report(item.attempt, 'presented')
        return true
      }
      if (!(await clear(tag)) || (item.purpose !== 'stand-down' && item.purpose !== 'cancel')) return false
      await put(say('phone.standDown'), {
        body: say('phone.youAreNotNeededOn'),
        tag,
        silent: true,
        data: { alert: item.alert.id },
      })
      return true
    },

    /**
     * A push that brought nothing new: the same bleep by another way, one already answered, or one whose words cannot be
     * pulled now. Only the last may sound. Something is always put up, because a browser takes push away from a worker
     * that shows nothing; what is known already is taken down again.
     * @param {Bell} bell
     */
    async again(bell) {
      const tag = bell.tag ?? bell.id
      const old = await standing(tag)
      const known = (await held()).some((h) => tagOf(h.id) === tag)
      await put(old?.title ?? TITLE[bell.class](), {
        ...looks(bell.class, bell.place, old?.data?.version !== undefined),
        ...(known ? { silent: true, renotify: false } : {}),
        data: old?.data,
        tag,
      })
      if (known && old === undefined) await clear(tag)
    },

    /** The shift is over, and what was told in it is gone from here. */
    async offDuty() {
      const off = /** @type {Off | undefined} */ (await kept('off'))
      if ((await held()).length === 0) await clear()
      await put(off?.handset === undefined ? say('phone.offDuty') : say('phone.endOfShift'), {
        body: say('phone.offDutyDone'),
        tag: OFF_TAG,
        silent: true,
      })
      // Late news of a shift that somebody knows to be over, or that another has followed.
      if (off === undefined || off.read) await clear(OFF_TAG)
    },

    /** The roll-call of the shift: no sound, and a tap goes to where sound is tried. */
    async rollCall() {
      await put(say('phone.onCallNow'), {
        body: say('phone.thisPhoneCanBeReached'),
        tag: 'roll-call',
        silent: true,
        data: { page: '#/test' },
      })
    },

    /** Somebody offers or has given a role; which one, and by whom, stands in the app. */
    async handOver() {
      await put(say('phone.handOverTitle'), {
        ...looks('routine', undefined, false),
        ...{ body: say('phone.handOverBody'), tag: 'hand-over', data: { page: '#/duty' } },
      })
    },

    /** Taken up in this person's name: whether by them, they say in the app. */
    async newPhone() {
      await put(say('phone.newPhone'), {
        ...looks('routine', undefined, false),
        ...{ body: say('phone.newPhoneOpen'), tag: 'new-phone', data: { page: '#/duty' } },
      })
    },

    /** A call of one's own was answered; by whom stands in the app, and only there it counts as told. */
    async askNews() {
      await put(say('phone.askNewsTitle'), {
        ...looks('routine', undefined, false),
        ...{ body: say('phone.askNewsBody'), tag: 'ask-news', data: { page: '#/ask' } },
      })
    },

    /** A push for a device that is nobody's any more. */
    async signedOut() {
      await put(say('phone.signedOut'), {
        body: say('phone.thisPhoneIsNotEnrolled'),
        tag: OFF_TAG,
        silent: true,
      })
    },

    /**
     * What became of an answer given from the notification, so that nobody has to open the app to be sure of it.
     * @param {string} alert
     * @param {'accepted' | 'declined'} answer
     * @param {boolean} sent
     */
    async answered(alert, answer, sent) {
      const said = answer === 'accepted' ? say('phone.youAreComing') : say('phone.youCannotCome')
      await put(sent ? said : say('phone.notSentYetHeading'), {
        body: sent ? say('phone.yourAnswerWasTaken') : say('phone.itIsSentWhenThis', { said }),
        tag: tagOf(alert),
        silent: true,
        data: { alert },
      })
    },
  }
  return {
    ...notices,
    /** @type {typeof notices.item} */
    item: (item, place) => inTurn(tagOf(item.alert.id), () => notices.item(item, place)),
    /** @type {typeof notices.again} */
    again: (bell) => inTurn(bell.tag ?? bell.id, () => notices.again(bell)),
  }
}

/**
 * @param {Class} c
 * @param {string | undefined} place
 * @param {boolean} answerable
 */
function looks(c, place, answerable) {
  const loud = c === 'emergency' || c === 'urgent'
  return {
    body: place ?? (c === 'test' ? say('phone.thisIsOnlyATest') : say('phone.unlockToRead')),
    renotify: true,
    requireInteraction: loud,
    ...(loud ? { vibrate: [400, 150, 400, 150, 400] } : {}),
    ...(answerable
      ? {
          actions:
            c === 'test'
              ? [{ action: 'accepted', title: say('phone.gotIt') }]
              : [
                  { action: 'accepted', title: say('phone.imComing') },
                  { action: 'declined', title: say('phone.iCant') },
                ],
        }
      : {}),
  }
}
