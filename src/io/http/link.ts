/** A module as its file says it: what it takes from which others, and what it gives. */
interface Module {
  readonly takes: readonly { readonly names: string; readonly from: string }[]
  readonly body: string
  readonly gives: readonly string[]
}

const TAKES = /^import\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"];?[ \t]*$/gm
const GIVES_LATER = /(^|;)export\s*\{([^}]*)\};?/gm
const GIVES = /^export ((?:async )?function\*?|const|class) ([\w$]+)/gm

/**
 * Puts modules together into one text that runs as they do, each in a function of its own and in the order in which they
 * need one another: a telephone at the end of a bad network fetches once, and what runs is what is in the files, line for
 * line. Only what our own modules use is understood: names taken and given, no circles, no defaults.
 * @param entry address of the module that is run last
 * @param read the text of a module by its address; throws for one that is not there
 */
export function linked(entry: string, read: (path: string) => string): string {
  const done = new Map<string, string>()
  const out: string[] = []
  const visit = (path: string): string => {
    const known = done.get(path)
    if (known !== undefined) return known
    const { takes, body, gives } = parted(read(path))
    const taken = takes.map(
      ({ names, from }) => `const {${names.replaceAll(' as ', ': ')}} = ${visit(resolved(from, path))}`,
    )
    const name = `m${done.size}`
    done.set(path, name)
    out.push(`const ${name} = (() => { // ${path}`, ...taken, body, `return {${gives.join(', ')}}})()`)
    return name
  }
  visit(entry)
  return out.join('\n')
}

const resolved = (from: string, path: string): string => new URL(from, `file://${path}`).pathname

function parted(text: string): Module {
  const takes: { names: string; from: string }[] = []
  const gives: string[] = []
  const body = text
    .replace(TAKES, (_, names: string, from: string) => {
      takes.push({ names, from })
      return ''
    })
    .replace(GIVES_LATER, (_, before: string, names: string) => {
      for (const one of names.split(',')) {
        const [own = '', given = own] = one.trim().split(/\s+as\s+/)
        if (own !== '') gives.push(own === given ? own : `${given}: ${own}`)
      }
      return before
    })
    .replace(GIVES, (_, sort: string, name: string) => {
      gives.push(name)
      return `${sort} ${name}`
    })
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
  const left = /^\s*(import\s*['"{*\w]|export\b)/m.exec(body)
  if (left !== null) throw new Error(`a form of module that is not understood: ${left[0]}`)
  return { takes, body, gives }
}
