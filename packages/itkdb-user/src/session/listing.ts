// One page of a listing, as the database answers it: whole, or not to be used. A page that lacks items looks like the end of
// a listing, and a program that goes by it loses the rest without a word.
import { asString, recordOf } from '@axios-authorizer/core/extend';

/** Which page is asked for. */
export interface AskedPage {
  readonly pageIndex: number;
  /** Undefined: the database's own. */
  readonly pageSize: number | undefined;
}

/** As the database says it. */
export interface PageInfo {
  /** Which page, from 0. */
  readonly pageIndex: number;
  /** The most items of a page; undefined when neither side said. */
  readonly pageSize: number | undefined;
  /** How many items there are in all; undefined when the database does not say. */
  readonly total: number | undefined;
}

export interface Page extends PageInfo {
  readonly items: readonly unknown[];
}

/** @returns the page, or what is wrong with it in words that follow "the answer" */
export function pageIn(data: unknown, asked: AskedPage): Page | string {
  const { pageItemList, itemList, pageInfo } = recordOf(data);
  const items: unknown = pageItemList ?? itemList;
  if (!Array.isArray(items)) return 'holds no list (pageItemList, itemList)';
  const told = recordOf(pageInfo);
  const { pageIndex } = asked;
  const pageSize = countIn(told['pageSize']) || asked.pageSize; // a page of no items is no page
  const page = { items, pageIndex, pageSize, total: countIn(told['total']) };
  const other = countIn(told['pageIndex']);
  if (other !== undefined && other !== pageIndex) return `is page ${other}, and page ${pageIndex} was asked for`;
  return shortOf(page) ?? page;
}

function shortOf({ items, pageIndex, pageSize, total }: Page): string | undefined {
  if (total === undefined) return undefined;
  const left = total - pageIndex * (pageSize ?? 0);
  const due = pageSize === undefined ? left : Math.min(pageSize, left);
  return items.length < due ? `holds ${items.length} items where ${due} are due: it says ${total} in all` : undefined;
}

/** Whether no page follows. One that is full and says no total may have a successor, if the database counts pages at all. */
export function isLast({ items, pageIndex, pageSize, total }: Page): boolean {
  if (items.length === 0 || pageSize === undefined) return true;
  return total === undefined ? items.length < pageSize : (pageIndex + 1) * pageSize >= total;
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

/** On the config of a request for a page, so that nothing beneath the caller keeps a bad one. */
const ASKED = 'itkdbPage';

export function asksFor(asked: AskedPage): object {
  return { [ASKED]: asked };
}

export function askedBy(config: unknown): AskedPage | undefined {
  const { pageIndex, pageSize } = recordOf(recordOf(config)[ASKED]);
  return typeof pageIndex === 'number' ? { pageIndex, pageSize: countIn(pageSize) } : undefined;
}

/** The JSON in a body that came; undefined for what is none. */
export function jsonIn(data: unknown): { readonly value: unknown } | undefined {
  if (typeof data !== 'string') return { value: data };
  try {
    return { value: JSON.parse(data) as unknown };
  } catch {
    return undefined;
  }
}

/** What came in place of JSON, in words that follow "the answer". */
export function otherThanJson(headers: unknown, data: unknown): string {
  const type = asString(recordOf(headers)['content-type'])?.split(';')[0];
  return data === '' ? 'is empty' : `is no JSON, or not the whole of it${type === undefined ? '' : ` (${type})`}`;
}
