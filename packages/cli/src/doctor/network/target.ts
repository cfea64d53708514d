// Where requests go: what the checks of the network need of a URL.

export interface Target {
  /** What it is to the person, such as "the FHIR server". */
  readonly what: string;
  readonly url: string;
}

/** One host and port. */
export interface Place {
  readonly what: string;
  readonly isTls: boolean;
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** As it is said, such as "id.example.org:443". */
  readonly shown: string;
}

/** Each host and port once, under its first name. */
export function placesOf(targets: readonly Target[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { what, url } of targets) {
    const { protocol, hostname, port: given } = new URL(url);
    const isTls = protocol === 'https:';
    const port = Number(given) || (isTls ? 443 : 80);
    const shown = `${hostname}:${port}`;
    if (!places.has(shown)) places.set(shown, { what, isTls, host: hostname.replace(/^\[|\]$/g, ''), port, shown });
  }
  return [...places.values()];
}

/** A URL as it is shown: a query may hold a secret. */
export function withoutQuery(url: string): string {
  return url.includes('?') ? `${url.split('?')[0]} with its query` : url;
}
