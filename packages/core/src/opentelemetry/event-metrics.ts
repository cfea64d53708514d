// What is counted and measured of each event.
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import type { AuthEvent } from '../token/observer.js';
import { ADOPTED, failureAttributes, REASON, resendAttributes, seconds, serverAttributes } from './attributes.js';
import { ERROR_TYPE, SKIP_REASON, STATUS_CODE, storeAttributes } from './attributes.js';
import type { Event } from './attributes.js';
import { createInstruments } from './instruments.js';
import type { Instruments } from './instruments.js';
import type { Speakers } from './speakers.js';
import { TokenLives } from './token-lives.js';

export interface EventMetricsOptions {
  /** The instrumentation scope. */
  readonly scope: string;
  /** Where to measure now. */
  readonly provider: () => MeterProvider;
  /** On every measurement. */
  readonly attributes: Attributes;
  readonly speakers: Speakers;
}

export class EventMetrics {
  readonly #options: EventMetricsOptions;
  readonly #lives: TokenLives;
  #made: { readonly provider: MeterProvider; readonly instruments: Instruments } | undefined;

  constructor(options: EventMetricsOptions) {
    this.#options = options;
    this.#lives = new TokenLives(options.speakers);
  }

  tell(event: AuthEvent): void {
    const instruments = this.#instruments();
    switch (event.type) {
      case 'acquired':
        return this.#acquired(instruments, event);
      case 'failed':
        return this.#failed(instruments, event);
      case 'waited':
        return instruments.waitDuration.record(seconds(event.durationMs), this.#options.attributes);
      case 'unauthorized':
        return instruments.rejections.add(
          1,
          this.#with({ ...serverAttributes(event.url), [STATUS_CODE]: event.status }),
        );
      case 'resent':
        return instruments.resends.add(1, this.#with({ ...serverAttributes(event.url), ...resendAttributes(event) }));
      case 'skipped':
        return instruments.skips.add(1, this.#with({ [SKIP_REASON]: event.reason }));
      case 'store':
        return this.#stored(instruments, event);
      case 'acquiring':
      case 'notice':
    }
  }

  #acquired({ tokens, acquisitionDuration, tokenAge, remainingLife }: Instruments, event: Event<'acquired'>): void {
    const { reason, adopted, durationMs } = event;
    const attributes = this.#with({ [REASON]: reason });
    tokens.add(1, { ...attributes, [ADOPTED]: adopted });
    acquisitionDuration.record(seconds(durationMs), attributes);
    const { ageMs, leftMs } = this.#lives.replacedBy(event);
    if (ageMs !== undefined) tokenAge.record(seconds(ageMs), attributes);
    if (leftMs !== undefined) remainingLife.record(seconds(leftMs), attributes);
  }

  #failed({ failures, acquisitionDuration }: Instruments, event: Event<'failed'>): void {
    failures.add(1, this.#with(failureAttributes(event)));
    const attributes = this.#with({ [REASON]: event.reason, [ERROR_TYPE]: event.code });
    acquisitionDuration.record(seconds(event.durationMs), attributes);
  }

  #stored({ storeDuration, storeFailures }: Instruments, event: Event<'store'>): void {
    const attributes = this.#with(storeAttributes(event));
    storeDuration.record(seconds(event.durationMs), attributes);
    if (event.failure !== undefined) storeFailures.add(1, attributes);
  }

  /** Made once for each provider: that of a program which starts its SDK late takes the place of none. */
  #instruments(): Instruments {
    const provider = this.#options.provider();
    if (this.#made?.provider !== provider)
      this.#made = { provider, instruments: createInstruments(provider.getMeter(this.#options.scope)) };
    return this.#made.instruments;
  }

  #with(attributes: Attributes): Attributes {
    return { ...this.#options.attributes, ...attributes };
  }
}
