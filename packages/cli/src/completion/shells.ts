// The names of the shells alone, so that `--help` loads nothing else.

/** The shells that are known. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
