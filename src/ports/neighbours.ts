/** Another node of ours, as it answers on its own door. */
export interface Neighbour {
  readonly node: string
  /** Fit to page. */
  readonly fit: boolean
  /** It is on a file of its own as well. */
  readonly apart: boolean
  /** It took the question and has not answered: busy, stopped, or behind a hole. */
  readonly slow?: boolean
}

/** Asks the other nodes how they are, over the network and not by the database. */
export interface Neighbours {
  /** Those that are there; who cannot be reached at all is not among them. Answers within a second, never rejects. */
  ask(): Promise<readonly Neighbour[]>
}
