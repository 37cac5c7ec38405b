/** Another node of ours, as it answers on its own door. */
export interface Neighbour {
  readonly node: string
  /** Fit to page. */
  readonly fit: boolean
  /** It is on a file of its own as well. */
  readonly apart: boolean
}

/** Asks the other nodes how they are, over the network and not by the database. */
export interface Neighbours {
  /** Those that answer within half a second; who says nothing is not among them. Never rejects. */
  ask(): Promise<readonly Neighbour[]>
}
