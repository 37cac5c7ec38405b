/** A kind id in words: `adult-arrest` → `Adult arrest`. Sites choose ids that read well. */
export function titleOf(kind: string): string {
  const words = kind.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
