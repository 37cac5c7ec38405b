import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { tick } from './marks.js'
import { field } from './pick.js'
import { WAY } from './way-names.js'

/** @import { ReadinessView } from '../shared/types.d.ts' */
/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */

/** @param {Read} read @param {State} state */
export const loadReady = (read, state) =>
  read('readiness', '/readiness', (/** @type {ReadinessView} */ view) => {
    state.readiness = view
  })

const STATE = { proved: say('ready.proved'), 'not-since': say('ready.notSince'), none: say('ready.noPhone') }
const STANDING = {
  well: say('ready.well'),
  ill: say('ready.ill'),
  unproved: say('ready.unproved'),
  absent: say('ready.absent'),
}

/** The first steps, then what has to be shown before a role goes live, then what never was. @param {PageContext} page */
export function readyPage(page) {
  const view = page.state.readiness
  if (view === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  return html`<h1>${say('ready.title')}</h1>
    ${
      view.ready
        ? html`<p><span class="good">${tick()}</span> ${say('ready.allReady')}</p>`
        : html`<p class="notice bad">${say('ready.notReady')}</p>`
    }
    <p><a href="#/who">${say('ready.whoTitle')}</a></p>
    ${firstSteps(page, view.begin)} ${roles(view)} ${leans(view)} ${neverProved(view)}`
}

/** @param {PageContext} page @param {ReadinessView['begin']} begin */
function firstSteps(page, begin) {
  const done = begin.account && begin.lines > 0 && begin.phones > 0
  return html`<section class="panel" aria-labelledby="begin-h">
    <h2 id="begin-h">${say('ready.begin')}</h2>
    ${
      done
        ? html`<p><span class="good">${tick()}</span> ${say('ready.beginDone')}</p>`
        : html`<ol class="steps">
            ${step(begin.account, say('ready.account'), begin.account ? say('ready.accountThere') : ownAccount(page))}
            ${step(begin.lines > 0, say('ready.line'), lines(begin))}
            ${step(
              begin.phones > 0,
              say('ready.phone'),
              begin.phones > 0
                ? say('ready.phonesThere', { n: begin.phones })
                : html`<a class="button main" href="#/devices">${say('ready.phoneEnrol')}</a>`,
            )}
          </ol>`
    }
  </section>`
}

/** @param {boolean} done @param {string} name @param {unknown} how */
const step = (done, name, how) =>
  html`<li>
    <h3>${done ? html`<span class="good">${tick()}</span>` : '○'} ${name} <span class="away">${done ? say('ready.tick') : say('ready.todo')}</span></h3>
    <div>${how}</div>
  </li>`

/** Made with the administrator's key, and set up at once in this browser. @param {PageContext} page */
function ownAccount({ api, attempt, may }) {
  if (!may('account.first')) return html`<p>${say('ready.accountSays')} ${say('ready.accountByAdmin')}</p>`
  /** @param {SubmitEvent} event */
  const make = (event) => {
    event.preventDefault()
    return once(event, () =>
      attempt(async () => {
        /** @type {{ name: string, code: string }} */
        const made = await api.send('POST', '/account/first', { name: field(event, 'name') })
        location.hash = `#set-up=${encodeURIComponent(made.name)}&code=${made.code}`
        location.reload()
        return ''
      }),
    )
  }
  return html`<p>${say('ready.accountSays')}</p>
    <form class="form" @submit=${make}>
      <label for="first-name">${say('ready.accountName')}</label>
      <input id="first-name" name="name" required minlength="2" maxlength="64" autocomplete="username" />
      <button class="main">${say('ready.accountMake')}</button>
    </form>`
}

/** @param {ReadinessView['begin']} begin */
function lines({ lines: n, ports }) {
  return html`<p>${say('ready.linesThere', { n })}</p>
    ${
      ports.length === 0
        ? html`<p class="quiet">${say('ready.noPorts')}</p>`
        : html`<p>${say('ready.portsFound')}</p>
            <ul class="plain">
              ${ports.map(({ path, feed }) => html`<li>${feed === undefined ? html`${say('ready.portFree', { path })} <code>bleepd doctor ${path}</code>` : say('ready.portUsed', { path, feed })}</li>`)}
            </ul>`
    }
    ${n > 0 ? nothing : html`<p>${say('ready.lineSays')}</p>`}`
}

/** Who holds each, now and next. @param {Pick<ReadinessView, 'roles' | 'pagers'>} view */
export function roles({ roles: all, pagers }) {
  return html`<section class="panel" aria-labelledby="roles-h">
    <h2 id="roles-h">${say('ready.roles')}</h2>
    ${all.length > 0 ? crashRoles(all) : pagers.length > 0 ? nothing : html`<p>${say('ready.noCrashRole')}</p>`}
    ${
      pagers.length === 0
        ? nothing
        : html`<h3>${say('ready.leftToPagers')}</h3>
            <ul class="plain">${pagers.map(({ name, sentence }) => html`<li><strong>${name}</strong> <span class="quiet">${translate(sentence)}</span></li>`)}</ul>`
    }
  </section>`
}

/** @param {ReadinessView['roles']} all */
function crashRoles(all) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${say('ready.roles')}>
      <table>
        <thead>
          <tr><th scope="col">${say('ready.role')}</th><th scope="col">${say('ready.holder')}</th><th scope="col">${say('ready.rings')}</th></tr>
        </thead>
        <tbody>
          ${all.map(
            (r) =>
              html`<tr>
                <th scope="row">${r.name}</th>
                <td>${r.holder === undefined ? html`<span class="gap">${say('ready.nobody')}</span>` : (r.holderName ?? r.holder)}
                  ${r.next && r.from !== undefined ? html`<span class="quiet">${say('ready.next', { from: `${day(r.from)} ${clock(r.from)}` })}</span>` : nothing}</td>
                <td class=${r.state === 'proved' ? '' : r.next ? 'quiet' : 'gap'}>${STATE[r.state]} <span class="quiet">${r.ways.map(({ channel }) => WAY[channel] ?? channel).join(', ')}</span></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}

/** @param {ReadinessView} view */
function leans({ lines: feeds, store, clock: time, backup, restored: drill, broker }) {
  const things = /** @type {const} */ ([
    [say('ready.database'), store],
    [say('ready.clock'), time],
    [say('ready.backup'), backup],
    [say('ready.broker'), broker],
  ])
  return html`<section class="panel" aria-labelledby="leans-h">
    <h2 id="leans-h">${say('ready.leans')}</h2>
    <table>
      <tbody>
        ${feeds.map(
          (f) =>
            html`<tr><th scope="row">${f.name ?? f.id}</th><td class=${f.state === 'open' && f.heard ? '' : 'gap'}>${f.sentence}${f.heard ? nothing : ` · ${say('ready.lineNeverHeard')}`}</td></tr>`,
        )}
        ${things.map(([name, is]) => html`<tr><th scope="row">${name}</th><td class=${is === 'ill' ? 'gap' : ''}>${STANDING[is]}</td></tr>`)}
        ${backup === 'absent' ? nothing : html`<tr><th scope="row">${say('ready.drill')}</th>${restored(drill)}</tr>`}
      </tbody>
    </table>
  </section>`
}

/** What came of restoring the newest copy elsewhere. @param {ReadinessView['restored']} drill */
function restored(drill) {
  if (drill === undefined) return html`<td>${say('ready.unproved')}</td>`
  const at = `${day(drill.at)} ${clock(drill.at)}`
  return drill.good
    ? html`<td>${put('ready.drillGood', { at, n: drill.bleeps ?? 0 })}${drill.newest === undefined ? nothing : put('ready.drillNewest', { at: `${day(drill.newest)} ${clock(drill.newest)}` })}</td>`
    : html`<td class="gap">${put('ready.drillBad', { at })} ${drill.troubles.join('; ')}</td>`
}

/** @param {ReadinessView} view */
function neverProved({ neverProved: all }) {
  return html`<section class="panel" aria-labelledby="never-h">
    <h2 id="never-h">${say('ready.neverProved')}</h2>
    ${
      all.length === 0
        ? html`<p><span class="good">${tick()}</span> ${say('ready.allProved')}</p>`
        : html`<p>${say('ready.neverProvedSays')}</p>
            <div class="scroll" tabindex="0" role="group" aria-label=${say('ready.neverProved')}>
              <table>
                <thead>
                  <tr><th scope="col">${say('ready.what')}</th><th scope="col">${say('ready.why')}</th><th scope="col">${say('ready.howToProve')}</th></tr>
                </thead>
                <tbody>
                  ${all.map((one) => html`<tr><th scope="row">${one.sort === 'way' ? (WAY[one.label] ?? one.label) : one.label}</th><td>${translate(one.sentence)}</td><td>${translate(one.how)}</td></tr>`)}
                </tbody>
              </table>
            </div>`
    }
  </section>`
}
