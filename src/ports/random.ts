/** Randomness as an input: the daemon's comes from the operating system, a test's from a seed. */
export interface Random {
  bytes(count: number): Uint8Array
}
