/** Exit codes, as sysexits.h names them where it has a name; scripts and the systemd unit rely on them. `nobody`: of `who`. */
export const EXIT = { good: 0, fault: 1, nobody: 2, usage: 64, configuration: 78 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
