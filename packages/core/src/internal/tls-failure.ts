// What is wrong with a certificate, or with the TLS that is spoken: read from the codes and words of Node, undici, OpenSSL, Bun
// and Deno. A browser tells a page nothing of it: a bundle for browsers gets no-tls-failure.ts in the place of this.

export type TlsFailure = 'certificate' | 'client_certificate' | 'protocol';

/** What an error says, its words in lower case. */
export interface Said {
  readonly code: string;
  readonly said: string;
}

/** The peer's own words (TLS alerts, RFC 8446 section 6.2): it does not take the certificate that it was shown. */
const CLIENT_CERTIFICATE = /alert (?:\w+ )?certificate|alert unknown ca/;
/** EPROTO, or a code of its own: TLS spoken to something else, or in a version that the other side does not speak. */
const PROTOCOL =
  /wrong version number|unsupported protocol|alert protocol version|packet length too long|version too low|invalidcontenttype/;
/** Node's names of OpenSSL's verification results, and of its own check of the host name. */
const CERTIFICATE_CODE =
  /^(?!ERR_OSSL).*(?:CERT|CRL|UNABLE_TO|ERROR_IN|HOSTNAME_MISM|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH)/;
/** Deno and others give no code. */
const CERTIFICATE_WORDS =
  /invalid peer cert|self[- ]signed cert|certificate has expired|unable to (?:verify the first|get (?:local )?issuer) cert/;

export function tlsFailureOf(causes: readonly Said[]): TlsFailure | undefined {
  const words = causes.map(({ code, said }) => `${code.toLowerCase().replaceAll('_', ' ')} ${said}`); // a code reads like its words
  if (words.some((text) => CLIENT_CERTIFICATE.test(text))) return 'client_certificate';
  if (words.some((text) => PROTOCOL.test(text))) return 'protocol';
  const isOfServer =
    causes.some(({ code }) => CERTIFICATE_CODE.test(code)) || words.some((text) => CERTIFICATE_WORDS.test(text));
  return isOfServer ? 'certificate' : undefined;
}

const AGENT = '`httpsAgent` (of the built-in sources `transport.httpsAgent`)';
const TRUSTED = 'set NODE_EXTRA_CA_CERTS to a file that holds it (fetch knows that alone)';

/** What to do about it. */
export function tlsAdvice(failure: TlsFailure): string {
  if (failure === 'certificate')
    return `the certificate of the server is not accepted. If it is the right server, give ${AGENT} the CA that signed it, or ${TRUSTED}`;
  if (failure === 'client_certificate')
    return `the server does not accept the certificate of this client, or misses one: give ${AGENT} \`cert\` and \`key\`; a CA of your own goes there, too, or ${TRUSTED}`;
  return 'what answers there does not speak TLS, or in another version: check scheme and port of the URL, and of the proxy if there is one';
}
