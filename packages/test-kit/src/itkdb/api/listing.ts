// Listings come in pages: the request says which page and how large, the answer says how many items there are in all.

import { invalidDtoIn, isInvalid } from '../fault.js';
import { isRecord } from './dto-in.js';
import type { ItkdbAsk } from '../ask.js';

export interface ItkdbPage {
  readonly items: readonly object[];
  readonly pageInfo: { readonly pageIndex: number; readonly pageSize: number; readonly total: number };
}

interface Listed {
  readonly total: number;
  /** Of a page when the request names no size. */
  readonly pageSize: number;
  readonly itemAt: (index: number) => object;
}

/** The page that pageInfo asks for, empty beyond the last. @throws ItkdbFault 400 when it asks for no page */
export function pageOf(ask: ItkdbAsk, { total, pageSize: usual, itemAt }: Listed): ItkdbPage {
  const asked = ask.dtoIn['pageInfo'] ?? {};
  const { pageIndex = 0, pageSize = usual } = isRecord(asked) ? asked : { pageIndex: undefined, pageSize: asked };
  if (!isCount(pageIndex, 0) || !isCount(pageSize, 1)) {
    throw invalidDtoIn(ask.app, { invalidValueKeyMap: { '$.pageInfo': isInvalid } });
  }
  const from = pageIndex * pageSize;
  const length = Math.max(0, Math.min(pageSize, total - from));
  const items = Array.from({ length }, (_, offset) => itemAt(from + offset));
  return { items, pageInfo: { pageIndex, pageSize, total } };
}

function isCount(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least;
}
