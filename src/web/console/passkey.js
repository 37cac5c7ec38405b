/** Passkeys as the browser gives them (WebAuthn level 3): the server's JSON in, the browser's JSON out. */

/** Whether this browser has what it takes; a page without TLS off this machine has not. */
export const hasPasskeys = () =>
  'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/**
 * Lets the person choose a passkey and prove it; undefined when they thought better of it.
 * @param {object} options
 */
export function provePasskey(options) {
  return taken(
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        /** @type {PublicKeyCredentialRequestOptionsJSON} */ (options),
      ),
    }),
  )
}

/**
 * Makes a new passkey; undefined when they thought better of it.
 * @param {object} options
 */
export function makePasskey(options) {
  return taken(
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        /** @type {PublicKeyCredentialCreationOptionsJSON} */ (options),
      ),
    }),
  )
}

/** @param {Promise<Credential | null>} asked */
async function taken(asked) {
  try {
    const made = await asked
    return made instanceof PublicKeyCredential ? made.toJSON() : undefined
  } catch {
    return undefined
  }
}
