/** Changes with every file of the screens; the server writes it anew at its start. */
export const VERSION = 'source'
