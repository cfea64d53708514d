// What a session does to a request besides authorising it (the cache, the look at what came) lies over the authorised
// transport as layers of adapters. A layer holds the whole of its request in its hands, so that whatever goes wrong in it,
// of whoever's code, is known to be of that request.
import axios from 'axios';
import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** Answers a request, by asking `next` or without. */
export type LayerAdapter = (config: InternalAxiosRequestConfig, next: AxiosAdapter) => Promise<AxiosResponse>;

/** Called when a request begins, which others may take their time to send. */
export type Layer = (begun: InternalAxiosRequestConfig) => LayerAdapter;

type AdapterSetting = InternalAxiosRequestConfig['adapter'];

/**
 * Puts `layers`, the outermost first, over what `attach` puts under the requests of a client. axios runs the interceptor
 * that was added last first, unless a request says otherwise (`transitional.legacyInterceptorReqResOrdering`).
 */
export function useLayers(client: AxiosInstance, layers: readonly Layer[], attach: () => void): void {
  const beneath = new WeakMap<object, { readonly next: AdapterSetting }>();
  const useLayer = (layer: Layer, isTurned: boolean): void => {
    const put = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => over(config, layer, beneath);
    const runWhen = (config: InternalAxiosRequestConfig): boolean => isTurnedRound(config) === isTurned;
    client.interceptors.request.use(put, null, { synchronous: true, runWhen });
  };
  for (const layer of layers) useLayer(layer, false);
  client.interceptors.response.use(null, (error: unknown) => {
    for (const config of configsIn(error)) takeOff(config, beneath);
    throw error;
  });
  attach();
  for (const layer of layers.toReversed()) useLayer(layer, true);
}

function isTurnedRound({ transitional }: InternalAxiosRequestConfig): boolean {
  return transitional?.legacyInterceptorReqResOrdering === false;
}

type Beneath = WeakMap<object, { readonly next: AdapterSetting }>;

function over(config: InternalAxiosRequestConfig, layer: Layer, beneath: Beneath): InternalAxiosRequestConfig {
  const { adapter: next } = config;
  const answer = layer(config);
  const adapter: AxiosAdapter = (sent) => {
    if (sent.adapter === adapter) putBack(sent, next);
    return answer(sent, axios.getAdapter(next));
  };
  beneath.set(adapter, { next });
  return Object.assign(config, { adapter });
}

/** A request that failed before it was sent still has the layers on its config. */
function takeOff(config: InternalAxiosRequestConfig, beneath: Beneath): void {
  for (let adapter = config.adapter; typeof adapter === 'function';) {
    const under = beneath.get(adapter);
    if (under === undefined) return;
    putBack(config, under.next);
    adapter = under.next;
  }
}

function putBack(config: InternalAxiosRequestConfig, adapter: AdapterSetting): void {
  if (adapter === undefined) delete config.adapter;
  else config.adapter = adapter;
}

function configsIn(error: unknown): readonly InternalAxiosRequestConfig[] {
  return axios.isAxiosError(error) && error.config !== undefined ? [error.config] : [];
}
