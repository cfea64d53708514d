// An answer as axios hands it out, to make exceptions of.
import { AxiosHeaders } from 'axios';
import type { AxiosResponse } from 'axios';

export function answer(status: number, data: unknown, url = 'getComponent'): AxiosResponse {
  const config = { url, method: 'get', headers: new AxiosHeaders({ 'x-sent': 'what-was-sent' }) };
  return { status, data, statusText: '', headers: {}, config };
}

export function envelope(key: string, entry: object = {}): object {
  return { uuAppErrorMap: { [key]: { id: '0', type: 'error', message: 'Told.', trace: 'at Server.rb:5', ...entry } } };
}
