// The names of the forms in which a token is printed; alone, so that `--help` loads nothing else.

export const FORMATS = ['text', 'json', 'env', 'header', 'curl-config', 'exec-credential'] as const;

export type Format = (typeof FORMATS)[number];

/** The variable in which a token goes to other programs, unless another is named. */
export const TOKEN_VARIABLE = 'ACCESS_TOKEN';
