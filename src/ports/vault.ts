/** Keeps a secret that must be read again, under a key that does not lie in the database. */
export interface Vault {
  seal(text: string): string
  /** Undefined where it was sealed under another key, or changed since. */
  open(sealed: string): string | undefined
}
