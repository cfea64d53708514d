// Walks through the pages of a listing, item by item. Each page is a request of its own, so a listing outlives a login.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, recordOf, parseObject } from '@axios-authorizer/core/extend';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';

export interface PageProgress {
  /** Items handed out so far. */
  readonly items: number;
  /** As the database counts them; undefined when it does not say. */
  readonly total: number | undefined;
  readonly pageIndex: number;
}

export interface PaginateOptions {
  /** Items of a page, a whole number above 0. Default: the database's. */
  readonly pageSize?: number | undefined;
  /** The most items that are handed out. Default: all. */
  readonly limit?: number | undefined;
  /** Told after each page. */
  readonly onProgress?: ((progress: PageProgress) => void) | undefined;
}

interface Page {
  readonly items: readonly unknown[];
  readonly pageIndex: number;
  readonly pageSize: number | undefined;
  readonly total: number | undefined;
}

/**
 * The items of `pageItemList` or `itemList`, page after page.
 * @param request as for `session.request`; its `data` is the command's input, without `pageInfo`
 * @throws ConfigurationError when an option cannot work; whatever a request throws
 */
export async function* paginate<T = unknown>(
  session: AxiosInstance,
  request: AxiosRequestConfig<unknown>,
  given?: PaginateOptions,
): AsyncGenerator<T, void, undefined> {
  const table = { pageSize: 'any', limit: 'any', onProgress: 'function' } as const;
  const options = checkOptions(given, 'paginate', table);
  if (typeof Reflect.get(Object(session), 'request') !== 'function')
    throw new ConfigurationError('paginate needs a Session, and what to ask of it: { url, data }');
  const { pageSize, limit = Infinity, onProgress } = options;
  assertCount(pageSize, 'pageSize');
  assertCount(options.limit, 'limit');
  let items = 0;
  for (let pageIndex = 0; items < limit; pageIndex++) {
    const page = await readPage(session, request, { pageIndex, pageSize });
    for (const item of page.items.slice(0, limit - items)) {
      items += 1;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows what the command lists
      yield item as T;
    }
    onProgress?.({ items, total: page.total, pageIndex });
    if (isLast(page)) return;
  }
}

async function readPage(session: AxiosInstance, request: AxiosRequestConfig<unknown>, asked: Asked): Promise<Page> {
  const { pageIndex } = asked;
  const { data } = await session.request<unknown>({ method: 'get', ...request, data: inputOf(request.data, asked) });
  const { pageItemList, itemList, pageInfo } = recordOf(data);
  const listed = pageItemList ?? itemList;
  const { pageSize: size, total } = recordOf(pageInfo);
  return { items: Array.isArray(listed) ? listed : [], pageIndex, pageSize: countIn(size), total: countIn(total) };
}

interface Asked {
  readonly pageIndex: number;
  readonly pageSize: number | undefined;
}

/** The command's input with the page in it; the first page of the database's own size needs none. */
function inputOf(data: unknown, { pageIndex, pageSize }: Asked): Readonly<Record<string, unknown>> {
  const input = typeof data === 'string' ? (parseObject(data) ?? {}) : recordOf(data);
  const own = recordOf(input['pageInfo']);
  const pageInfo = { ...own, ...(pageSize !== undefined && { pageSize }), ...(pageIndex > 0 && { pageIndex }) };
  const isNeeded = Object.keys(pageInfo).length > 0;
  return { ...input, ...(isNeeded && { pageInfo: { pageIndex, ...pageInfo } }) };
}

/** Without a page size or a total there is one page. */
function isLast({ items, pageIndex, pageSize, total }: Page): boolean {
  if (items.length === 0 || pageSize === undefined || total === undefined) return true;
  return (pageIndex + 1) * pageSize >= total;
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function assertCount(count: number | undefined, name: string): void {
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new ConfigurationError(`${name} must be a whole number above 0`);
}
