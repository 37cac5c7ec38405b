/** What the machine says of the process that runs on it. */
export interface Machine {
  /** Bytes of memory that the process holds. */
  memory(): number
  /** Bytes still free where the database lies; absent where it lies on another machine. */
  readonly free?: () => Promise<number>
  /** Whether something keeps its clock; undefined where it cannot say. Never throws. */
  readonly keepsTime?: () => boolean | undefined
}
