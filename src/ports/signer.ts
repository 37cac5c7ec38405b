/** Signs for the site, so that others can tell that a document came from here and was not changed since. */
export interface Signer {
  /** The public key (Ed25519), SPKI in base64. */
  readonly key: string
  /** The signature over a text in UTF-8, base64. */
  sign(text: string): string
}
