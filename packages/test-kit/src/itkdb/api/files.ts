// Binary data and plain text, which a client must hand over as they are, from a cache as well.

import { Readable } from 'node:stream';
import { tagged } from '../ask.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { ItkdbAsk } from '../ask.js';

/** What getImage sends: a PNG of one pixel, whose first byte is no UTF-8. */
export const itkdbImage: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** What getText sends. */
export const itkdbText = 'a measurement, ±0.5 µm\n';

export function getImage(ask: ItkdbAsk): Answer {
  const headers = { 'content-type': 'image/png' };
  return tagged(ask, { of: 'image', headers }, () => ({ body: Readable.from([itkdbImage]) }));
}

export function getText(ask: ItkdbAsk): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return tagged(ask, { of: 'text', headers }, () => ({ text: itkdbText }));
}

/** The image as somebody uploaded it, with a name that is not ASCII. */
export function getAttachment(ask: ItkdbAsk): Answer {
  const name = `attachment; filename="pixel.png"; filename*=UTF-8''1%C2%B5m.png`;
  const headers = { 'content-type': 'image/png', 'content-disposition': name };
  return tagged(ask, { of: 'attachment', headers }, () => ({ body: Readable.from([itkdbImage]) }));
}
