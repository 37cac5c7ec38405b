/** The languages that the screens speak, by BCP 47 tag. What one does not say yet is said in English. */
export const LANGUAGES = ['en-GB', 'cy'] as const
export type Language = (typeof LANGUAGES)[number]

/** What each language calls itself, so that nobody has to know the other to find their own. */
export const OWN_NAMES: Readonly<Record<Language, string>> = { 'en-GB': 'English', cy: 'Cymraeg' }
