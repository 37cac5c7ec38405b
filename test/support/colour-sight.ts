/*
 * How colours look to somebody who sees no green (deuteranopia, one man in a hundred; deuteranomaly, the weaker form of it,
 * one in twenty): Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision
 * deficiency", severity 1.0, over linear light.
 */
export type Rgb = readonly [number, number, number]

const DEUTERANOPIA = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
] as const

const linear = (part: number): number => {
  const c = part / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}

/** Red, green and blue as linear light from 0 to 1, as such eyes see them. @param colour from 0 to 255 each */
function seenWithoutGreen(colour: Rgb): Rgb {
  const [r, g, b] = [linear(colour[0]), linear(colour[1]), linear(colour[2])]
  const part = ([x, y, z]: readonly [number, number, number]) =>
    Math.min(1, Math.max(0, x * r + y * g + z * b))
  return [part(DEUTERANOPIA[0]), part(DEUTERANOPIA[1]), part(DEUTERANOPIA[2])]
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b

/** Contrast as WCAG counts it, from 1 to 21, to such eyes. */
export function contrastWithoutGreen(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(seenWithoutGreen(one)), luminance(seenWithoutGreen(other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
