/** How urgent a bleep is, the most urgent first. */
export const CLASSES = ['emergency', 'urgent', 'routine', 'test'] as const
export type Class = (typeof CLASSES)[number]
