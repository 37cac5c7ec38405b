/** What the sign-in page is at. */
export interface Entry {
  /** What is offered here. */
  ways?: { keys: boolean; accounts: boolean; provider?: string; phones: boolean } | undefined
  /** Right so far; a code is wanted as well. */
  wants?: { name: string; password: string }
  setUp?: SetUp
}

/** An account that its person sets up, with the code that they were given. */
export interface SetUp {
  name: string
  code: string
  with?: { secret: string; qr: string; challenge: string; options: object }
  /** Chosen: a password and an app rather than a passkey. */
  by?: 'app'
}

/** What somebody signs in with. */
export interface OwnAccount {
  name: string
  /** Here, and not by a provider. */
  kept: boolean
  password: boolean
  app: boolean
  passkeys: { id: string; label: string; used?: string }[]
  sessions: { id: string; began: string; way: 'password' | 'passkey' | 'provider'; own: boolean }[]
}
