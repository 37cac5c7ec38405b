import { say } from '../shared/say.js'

/** @import { Card } from '../shared/types.d.ts' */

/** How far a page can be trusted, in words. @type {Readonly<Record<Card['quality'], string>>} */
export const QUALITY = {
  clean: say('call.readWhole'),
  corrected: say('call.readWhole'),
  doubtful: say('call.inDoubt'),
  damaged: say('call.partLost'),
  unterminated: say('call.endNotHeard'),
}
