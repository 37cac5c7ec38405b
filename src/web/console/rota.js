import { explain } from '../shared/api.js'
import { html, nothing } from '../shared/dom.js'
import { clock, day, now } from '../shared/time.js'

/** @import { DirectoryView, OfferView, RotaView } from '../shared/types.d.ts' */
/** @import { Api } from '../shared/api.js' */

/**
 * @typedef {object} RotaPage
 * @property {Api} api
 * @property {RotaView} rota
 * @property {readonly OfferView[]} offers
 * @property {DirectoryView | undefined} directory
 * @property {boolean} forces
 * @property {() => Promise<void>} reload
 * @property {(text: string) => void} notice
 */

/** Gaps first, because they are what somebody must do something about. @param {RotaPage} page */
export function rotaPage(page) {
  const { rota } = page
  return html`${unclaimed(rota)}
    <h1>Rota, ${day(rota.from)} ${clock(rota.from)} to ${day(rota.to)} ${clock(rota.to)}</h1>
    <div class="split">
      <div>
        <section class="panel" aria-labelledby="now-h">
          <h2 id="now-h">Who is on now</h2>
          <div class="scroll" tabindex="0" role="group" aria-label="Who is on now">
            <table>
              <caption class="away">Each role with its holders and what comes next</caption>
              <thead>
                <tr><th scope="col">Role</th><th scope="col">Held by</th><th scope="col">Next change</th></tr>
              </thead>
              <tbody>
                ${rota.roles.map((r) => {
                  const next = r.duties.find((d) => Date.parse(d.from) > now())
                  return html`<tr>
                    <th scope="row">${r.name}${r.crash ? html` <span class="quiet">crash</span>` : nothing}</th>
                    <td>
                      ${
                        r.holders.length === 0
                          ? html`<span class=${r.crash ? 'gap' : 'quiet'}>${r.crash ? '! Nobody' : 'Nobody'}</span>`
                          : r.holders.map((h) => h.name ?? h.person).join(', ')
                      }
                    </td>
                    <td>
                      ${
                        next === undefined
                          ? html`<span class="quiet">none</span>`
                          : html`<span class="figure">${clock(next.from)}</span> ${next.name}`
                      }
                    </td>
                  </tr>`
                })}
              </tbody>
            </table>
          </div>
        </section>
      </div>
      <div>
        <section class="panel" aria-labelledby="gaps-h">
          <h2 id="gaps-h">To mend before the shift</h2>
          ${
            rota.flaws.length === 0
              ? html`<p>No gap and no double cover in this time.</p>`
              : html`<ul>
                ${rota.flaws.map(
                  (f) =>
                    html`<li>
                      <span class=${f.reason === 'rota-double' ? 'double' : f.crash ? 'gap' : ''}
                        >${f.crash && f.reason === 'rota-gap' ? '! ' : ''}${f.name}:
                        ${f.reason === 'rota-gap' ? 'nobody' : 'double cover'}</span
                      >
                      <span class="quiet figure">${day(f.from)} ${clock(f.from)} to ${clock(f.to)}</span>
                    </li>`,
                )}
              </ul>`
          }
        </section>
        <section class="panel" aria-labelledby="offers-h">
          <h2 id="offers-h">Hand-overs waiting</h2>
          ${
            page.offers.length === 0
              ? html`<p>None.</p>`
              : html`<ul>
                ${page.offers.map(
                  (o) =>
                    html`<li><strong>${o.name}</strong>: ${o.fromName ?? 'rota'} → ${o.toName}, since ${clock(o.at)}</li>`,
                )}
              </ul>`
          }
          ${page.forces ? force(page) : nothing}
        </section>
      </div>
    </div>`
}

/** A crash role that nobody carries is an alarm whether or not anybody calls. @param {RotaView | undefined} rota */
export function unclaimed(rota) {
  if (rota === undefined || rota.unclaimed.length === 0) return nothing
  return html`<div class="notice bad alarm" role="alert">
    <strong>! Nobody carries ${rota.unclaimed.map((u) => u.name).join(', ')}.</strong>
    Put somebody on now: a call would go without them.
  </div>`
}

/** Switchboard puts somebody on a role: for a bleep that nobody took. @param {RotaPage} page */
function force(page) {
  /** @param {SubmitEvent} event */
  const put = async (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    try {
      await page.api.send('POST', `/handovers/${form.get('role')}`, { to: form.get('to'), force: true })
    } catch (error) {
      page.notice(explain(error))
    }
    await page.reload()
  }
  return html`<h2>Put somebody on a role now</h2>
    <form class="form" @submit=${put}>
      <label for="force-role">Role</label>
      <select id="force-role" name="role">
        ${page.directory?.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
      </select>
      <label for="force-to">Person</label>
      <select id="force-to" name="to">
        ${page.directory?.people.map((p) => html`<option value=${p.person}>${p.name} (${p.staffGroup})</option>`)}
      </select>
      <button>Put them on now</button>
    </form>`
}
