import { html, nothing } from '../shared/dom.js'
import { clockSeconds } from '../shared/time.js'

/** @import { FeedView } from '../shared/types.d.ts' */

/** @type {Readonly<Record<FeedView['state'], string>>} */
const SAYS = { open: 'Open', silent: '! Silent', closed: '! Closed', failed: '! Failed' }

/**
 * @param {readonly FeedView[]} feeds
 * @param {readonly { code: string, sentence: string, remedy: string, detail?: string | undefined }[]} reasons
 */
export function feedsPage(feeds, reasons) {
  return html`<h1>Lines</h1>
    ${
      reasons.length === 0
        ? nothing
        : html`<section class="panel" aria-labelledby="ready-h">
          <h2 id="ready-h">Not fit to page</h2>
          <ul>
            ${reasons.map((r) => html`<li class="notice bad"><strong>${r.sentence}.</strong> ${r.remedy}.</li>`)}
          </ul>
        </section>`
    }
    <section class="panel" aria-labelledby="feeds-h">
      <h2 id="feeds-h">Feeds</h2>
      <div class="scroll" tabindex="0" role="group" aria-label="Feeds">
        <table>
          <caption class="away">Every feed and what to do about it</caption>
          <thead>
            <tr>
              <th scope="col">Feed</th><th scope="col">State</th><th scope="col">Last page</th>
              <th scope="col">What it means</th>
            </tr>
          </thead>
          <tbody>
            ${feeds.map(
              (f) =>
                html`<tr>
                  <th scope="row">${f.id}</th>
                  <td class=${f.state === 'open' ? '' : 'gap'}>${SAYS[f.state]}</td>
                  <td class="figure">${f.lastPage === undefined ? 'none yet' : clockSeconds(f.lastPage)}</td>
                  <td>${f.sentence}${f.remedy === undefined ? nothing : html`<br /><strong>${f.remedy}</strong>`}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`
}
