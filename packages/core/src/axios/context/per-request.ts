// Credentials that depend on the request: a proof of possession (C23), or a hook `headers` that knows method and URL. They are made
// for each attempt and each hop, so no adapter may follow redirects by itself, which would repeat them.
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { isStream } from '../../internal/streams.js';
import { emitNotice } from '../../request/skipped.js';
import type { ProofOfPossession } from '../../token/proof.js';
import type { Sending } from './request-context.js';
import { limitTimeout } from './deadline.js';
import { copyHeaders } from '../headers.js';
import { stoppingHttp } from '../http/http-adapter.js';
import { bodyAgain } from '../request-body.js';
import { outgoing } from '../request-config.js';
import { answerOf, discard } from '../response.js';
import type { Answer } from '../response.js';

/** What sends each hop with credentials of its own. */
export function perRequestAdapter(sending: Sending, adapter: AxiosAdapter): AxiosAdapter {
  const { internals, url } = sending.context;
  const send =
    sending.kind === 'http' || sending.kind === 'custom'
      ? stoppingHttp(adapter, (hop) => outgoing(hop, url).url)
      : adapter;
  return internals.proof ? provenAdapter(sending, send, internals.proof) : send;
}

/** Sends each hop with a proof of its own, and once more where its server asks for another (RFC 9449 section 8). */
function provenAdapter(sending: Sending, send: AxiosAdapter, proof: ProofOfPossession): AxiosAdapter {
  const { context, token, bearer } = sending;
  let isRepeated = false;
  const again = async (hop: InternalAxiosRequestConfig, answer: Answer): Promise<boolean> => {
    const { lifecycle } = context.internals;
    const isOver = lifecycle.sessionOf(token) !== lifecycle.session; // such a request gets its 401 (C17)
    if (isRepeated || isOver || !(await isWhole(hop, sending))) return false;
    isRepeated = true;
    if (answer.response) discard(answer.response);
    limitTimeout(hop, context);
    return true;
  };
  return async (hop) => {
    if (!sending.isAllowed || !sending.names.includes(proof.header)) return send(hop);
    const request = { ...outgoing(hop, context.url), accessToken: bearer, token };
    const answer = await proof.exchange<Answer>(request, {
      send: (made) => {
        sending.headers = { ...sending.headers, [proof.header]: made };
        Reflect.set(hop.headers, proof.header, made);
        return answerOf(send(hop));
      },
      read: ({ response }) => response,
      again: (rejected) => again(hop, rejected),
      notice: (message) => emitNotice(context.internals, message),
    });
    if ('error' in answer) throw answer.error;
    return answer.response;
  };
}

/** Whether the body can be sent a second time; a stream is made anew. */
async function isWhole(hop: InternalAxiosRequestConfig, sending: Sending): Promise<boolean> {
  if (!isStream(hop.data)) return true;
  const { config, authAdapter, internals } = sending.context;
  const body = await bodyAgain(config, authAdapter.raw);
  if (typeof body === 'string') {
    emitNotice(internals, `Not sent again with another proof: ${body}`);
    return false;
  }
  hop.data = body.data;
  hop.headers = Object.assign(copyHeaders(body.headers), sending.headers);
  sending.appliedTo = hop.headers;
  return true;
}
