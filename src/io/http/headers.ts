/**
 * Nothing runs or loads but our own files: no inline script or style, no other host, no frame around us. `lit-html` is
 * the one place that turns strings into markup, and browsers with trusted types hold it to that.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html bleepd',
].join('; ')

/** The same for a page that brings its own script and style, known by their digests: nothing else in it runs. */
export function policyFor({ script, style }: { readonly script: string; readonly style: string }): string {
  return POLICY.replace("script-src 'self'", `script-src 'self' '${script}'`).replace(
    "style-src 'self'",
    `style-src 'self' '${style}'`,
  )
}

/** A report is one file to keep and print: its style and drawings are inside it, and nothing in it runs or loads. */
export const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'x-frame-options': 'DENY',
}

export const TLS_HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
}
