/** Does not compile where something is left that nobody has handled; a defect if it is ever reached. */
export function never(left: never): never {
  throw new Error(`not handled: ${JSON.stringify(left)}`)
}
