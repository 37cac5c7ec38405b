import { createHash } from 'node:crypto'
import { policyFor } from './headers.ts'
import { linked } from './link.ts'

/** The phone app as it is sent: the page with all that it needs inside, the worker beside it, and what may run in the page. */
interface AppPage {
  readonly page: string
  readonly worker: string
  readonly policy: string
}

const STYLE = /[ \t]*<link rel="stylesheet" href="([^"]+)" \/>\n/g
const SCRIPT = /<script type="module" src="([^"]+)"><\/script>/

/**
 * One fetch opens the app: over a slow 3G network each further round costs seconds, and there are fifty files.
 * @param index the page that names what it needs
 * @param read the text of a file of the screens by its address
 * @param catalogue the sentences of the subjects that are spoken of
 */
export function appPage(
  index: string,
  read: (path: string) => string,
  catalogue: (told: (subject: string) => boolean) => string,
): AppPage {
  const with_ = (sentences: string) => (path: string) =>
    path === '/shared/catalogue.js' ? sentences : read(path)
  const told = (entry: string): string => {
    const silent = linked(entry, with_(''))
    const subjects = new Set(
      [...silent.matchAll(/\b(?:say|put)\(\s*'(\w+)\./g)].map(([, subject]) => subject),
    )
    return linked(entry, with_(catalogue((subject) => subjects.has(subject))))
  }
  const style = [...index.matchAll(STYLE)].map(([, path = '']) => read(path)).join('\n')
  const entry = SCRIPT.exec(index)?.[1] ?? '/app/main.js'
  // What would end the script in the middle of a text of it.
  const script = `\n${told(entry).replace(/<(\/script|script|!--)/gi, '\\x3c$1')}\n`
  const page = index
    .replace(STYLE, '')
    .replace(SCRIPT, () => `<style>${style}</style>\n    <script type="module">${script}</script>`)
  return {
    page,
    worker: told('/app/worker.js'),
    policy: policyFor({ script: digest(script), style: digest(style) }),
  }
}

/** As a content security policy names it (CSP Level 3, clause 2.3.1). */
const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
