// Walks through the pages of a listing, item by item. Each page is a request of its own, so a listing outlives a login.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, recordOf, parseObject } from '@axios-authorizer/core/extend';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { BadJSON } from './exceptions.js';
import { asksFor, isLast, jsonIn, otherThanJson, pageIn } from './listing.js';
import type { AskedPage, Page, PageInfo } from './listing.js';

/** How far a listing has come, for a progress bar. */
export interface PageProgress {
  /** Items handed out so far. */
  readonly items: number;
  /** As the database counts them; undefined when it does not say. */
  readonly total: number | undefined;
  /** The page that was read last, from 0. */
  readonly pageIndex: number;
}

/** The options of {@link paginate}. */
export interface PaginateOptions {
  /** Items of a page, a whole number above 0. Default: the database's. */
  readonly pageSize?: number | undefined;
  /** The most items that are handed out. Default: all. */
  readonly limit?: number | undefined;
  /** Told after each page. Default: nobody. */
  readonly onProgress?: ((progress: PageProgress) => void) | undefined;
}

/** The items of a listing, in order; it asks for a page when the items of the one before are used up. */
export interface Listing<T> extends AsyncGenerator<T, void, undefined> {
  /** What the database said of the page that was read last; undefined before the first. */
  readonly pageInfo: PageInfo | undefined;
  /** How many items there are in all: reads the first page, unless it was read. @returns undefined when the database does not say */
  total(): Promise<number | undefined>;
}

/**
 * The items of `pageItemList` or `itemList`, page after page: all of them, or an error.
 * @param request as for `session.request`; its `data` is the command's input, whose `pageInfo` may say where to start
 * @throws ConfigurationError when an option cannot work; the iteration throws BadJSON for an answer that is no page or lacks
 *   items, and whatever a request throws
 * @example
 * ```ts
 * const session = new Session(); // of the user in the environment
 * const listing = paginate<{ code: string }>(session, { url: 'listComponents', data: { project: 'P' } });
 * const total = await listing.total();
 * const codes: string[] = [];
 * for await (const { code } of listing) codes.push(code);
 * ```
 */
export function paginate<T = unknown>(
  session: AxiosInstance,
  request: AxiosRequestConfig<unknown>,
  given?: PaginateOptions,
): Listing<T> {
  const table = { pageSize: 'any', limit: 'any', onProgress: 'function' } as const;
  const options = checkOptions(given, 'paginate', table);
  if (typeof Reflect.get(Object(session), 'request') !== 'function' || typeof request?.url !== 'string')
    throw new ConfigurationError('paginate needs a Session, and what to ask of it: { url, data }');
  const input = inputOf(request?.data);
  const own = recordOf(input['pageInfo']);
  const start = { pageIndex: own['pageIndex'] ?? 0, pageSize: options.pageSize ?? own['pageSize'] };
  assertCount(start.pageIndex, { name: 'pageInfo.pageIndex', least: 0 });
  assertCount(start.pageSize, { name: 'pageSize', least: 1 });
  assertCount(options.limit, { name: 'limit', least: 1 });
  const read = (asked: AskedPage): Promise<Page> =>
    readPage(session, { ...request, data: withPage(input, asked) }, asked);
  return new Pages<T>(read, { pageIndex: Number(start.pageIndex), pageSize: countOf(start.pageSize) }, options);
}

type Read = (asked: AskedPage) => Promise<Page>;

class Pages<T> implements Listing<T> {
  readonly #read: Read;
  readonly #start: AskedPage;
  readonly #items: AsyncGenerator<T, void, undefined>;
  #first: Promise<Page> | undefined;
  #pageInfo: PageInfo | undefined;

  constructor(read: Read, start: AskedPage, options: PaginateOptions) {
    this.#read = read;
    this.#start = start;
    this.#items = this.#walk(options);
  }

  get pageInfo(): PageInfo | undefined {
    return this.#pageInfo;
  }

  async total(): Promise<number | undefined> {
    return (await this.#firstPage()).total;
  }

  next(): Promise<IteratorResult<T, void>> {
    return this.#items.next();
  }

  return(): Promise<IteratorResult<T, void>> {
    return this.#items.return();
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    return this.#items.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#items.return();
  }

  async *#walk({ limit = Infinity, onProgress }: PaginateOptions): AsyncGenerator<T, void, undefined> {
    let items = 0;
    let page = await this.#firstPage();
    for (;;) {
      for (const item of page.items.slice(0, limit - items)) {
        items += 1;
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows what the command lists
        yield item as T;
      }
      onProgress?.({ items, total: page.total, pageIndex: page.pageIndex });
      if (items >= limit || isLast(page)) return;
      page = await this.#page({ pageIndex: page.pageIndex + 1, pageSize: page.pageSize });
    }
  }

  #firstPage(): Promise<Page> {
    this.#first ??= this.#page(this.#start);
    return this.#first;
  }

  async #page(asked: AskedPage): Promise<Page> {
    const page = await this.#read(asked);
    const { pageIndex, pageSize, total } = page;
    this.#pageInfo = { pageIndex, pageSize, total };
    return page;
  }
}

/** A session looks at what comes beneath its cache; any other client's answers are looked at here. */
async function readPage(session: AxiosInstance, request: AxiosRequestConfig<unknown>, asked: AskedPage): Promise<Page> {
  const response = await session.request<unknown>({ method: 'get', ...request, ...asksFor(asked) });
  const { data, headers } = response;
  const json = jsonIn(data);
  const page = json ? pageIn(json.value, asked) : otherThanJson(headers, data);
  if (typeof page !== 'string') return page;
  throw new BadJSON(response, { why: page });
}

/** @throws ConfigurationError for a body that has no members, and hence no place for a page */
function inputOf(data: unknown): Readonly<Record<string, unknown>> {
  if (data === undefined || data === null || data === '') return {};
  const input = typeof data === 'string' ? parseObject(data) : data;
  if (input !== undefined && isPlain(input)) return recordOf(input);
  throw new ConfigurationError("The `data` of a listing must be an object, the command's input, or its JSON");
}

function isPlain(input: unknown): boolean {
  const isView = ArrayBuffer.isView(input) || input instanceof URLSearchParams || input instanceof FormData;
  return typeof input === 'object' && !Array.isArray(input) && !isView;
}

/** The command's input with the page in it; the first page of the database's own size needs none. */
function withPage(input: Readonly<Record<string, unknown>>, { pageIndex, pageSize }: AskedPage): object {
  const own = recordOf(input['pageInfo']);
  if (pageIndex === 0 && pageSize === undefined && Object.keys(own).length === 0) return input;
  return { ...input, pageInfo: { ...own, pageIndex, ...(pageSize !== undefined && { pageSize }) } };
}

function assertCount(count: unknown, { name, least }: { readonly name: string; readonly least: number }): void {
  if (count !== undefined && !(Number.isInteger(count) && Number(count) >= least))
    throw new ConfigurationError(`${name} must be a whole number above ${least - 1}`);
}

function countOf(count: unknown): number | undefined {
  return typeof count === 'number' ? count : undefined;
}
