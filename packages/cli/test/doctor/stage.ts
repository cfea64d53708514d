// What the faults of all servers have in common: what is set up for one of them, and taken down again.
import { Agent } from 'node:https';
import { certificateAuthority, serverCertificate, startLoopback, until } from '@axios-authorizer/test-kit';
import type { CertificateOptions, LoopbackHandler, LoopbackServer } from '@axios-authorizer/test-kit';
import { ManualClock } from '@axios-authorizer/test-kit';
import type { Subject } from '../../src/doctor/check.js';
import type { ExamineOptions } from '../../src/doctor/examine.js';

/** Runs what is given to it when the examination is over. */
export type Defer = (stop: () => unknown) => void;

export interface Stage {
  readonly subject: Subject;
  readonly options?: ExamineOptions;
  /** What happens while doctor looks. */
  readonly meanwhile?: () => Promise<void>;
}

export type StartStage = (defer: Defer) => Promise<Stage | Subject>;

export const secret = 'a-secret-that-nobody-may-see';

/** A server of any behaviour. */
export async function loopback(defer: Defer, handle: LoopbackHandler): Promise<LoopbackServer> {
  const server = await startLoopback(handle);
  defer(() => server.stop());
  return server;
}

/** An origin where nothing listens any more. */
export async function nowhere(): Promise<string> {
  const server = await startLoopback(() => undefined);
  await server.stop();
  return server.origin;
}

export interface Tls {
  readonly tls: { readonly key: string; readonly cert: string };
  /** Of a client that knows the authority. */
  readonly transport: { readonly httpsAgent: Agent };
}

/** A certificate, and a client that trusts whoever signed it. */
export function certificate(options: CertificateOptions = {}): Tls {
  const authority = certificateAuthority('A company of its own');
  const tls = serverCertificate({ authority, ...options });
  return { tls, transport: { httpsAgent: new Agent({ ca: authority.cert }) } };
}

/** Time that runs out once a request has arrived which is never answered. */
export function hanging(subject: Subject, requests: () => number): Stage {
  const clock = new ManualClock(Date.now());
  const before = requests();
  return {
    subject,
    options: { clock },
    meanwhile: async () => {
      await until(() => requests() > before);
      await clock.advance(15_000);
    },
  };
}
