// Which answers of the database mean that the bearer is no longer good.
import type { AxiosResponse } from 'axios';
import { errorMapOf } from '../session/error-map.js';

const SERVER_ERROR = 'uu-app-server/internalServerError';

/** 401; and the 500 that a bearer gets whose signature cannot be read. 403 is about rights, and renews nothing. */
export function isRefusedBearer({ status, data }: Pick<AxiosResponse, 'status' | 'data'>): boolean {
  if (status === 401) return true;
  return status === 500 && (errorMapOf(data)[SERVER_ERROR]?.message?.includes('Signature verification') ?? false);
}
