// What the database knows: components that can change, and institutions that do not.

import { invalidDtoIn, isInvalid, isRequired, ItkdbFault } from '../fault.js';
import { pageOf } from './listing.js';
import { tagged } from '../ask.js';
import type { ItkdbPage } from './listing.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { ItkdbAsk } from '../ask.js';
import type { ItkdbOptions } from '../options.js';

interface Component {
  readonly code: string;
  readonly serialNumber: string;
  readonly state: 'ready';
  readonly componentType: { readonly code: string; readonly name: string };
  readonly version: number;
}

/** As recorded. */
const usualPageSize = 1000;

export class ItkdbInventory {
  readonly #components: number;
  readonly #institutions: number;
  readonly #pageSize: number;
  readonly #totals: boolean;
  readonly #versions = new Map<string, number>();

  constructor({ components = 70, institutions = 3, pageSize = usualPageSize, totals = true }: ItkdbOptions) {
    this.#totals = totals;
    this.#components = components;
    this.#institutions = institutions;
    this.#pageSize = pageSize;
  }

  listComponents(ask: ItkdbAsk): Answer {
    const listed = { total: this.#components, pageSize: this.#pageSize };
    const { items, pageInfo } = pageOf(ask, { ...listed, itemAt: (index) => this.#componentAt(index) });
    return { json: { pageItemList: items, pageInfo: this.#told(pageInfo) } };
  }

  listInstitutions(ask: ItkdbAsk): Answer {
    const listed = { total: this.#institutions, pageSize: this.#pageSize };
    const { items, pageInfo } = pageOf(ask, { ...listed, itemAt: institutionAt });
    return { json: { itemList: items, pageInfo: this.#told(pageInfo) } };
  }

  #told({ total, ...where }: ItkdbPage['pageInfo']): object {
    return this.#totals ? { ...where, total } : where;
  }

  /** Says besides, for tests of caches, who asked and with what. */
  getComponent(ask: ItkdbAsk): Answer {
    const component = this.#componentOf(ask);
    const { dtoIn, identity: askedBy } = ask;
    const json = { ...component, dtoIn, askedBy };
    return tagged(ask, { of: json }, () => ({ json }));
  }

  touch(code: string): void {
    const component = this.#find(code);
    if (component === undefined) {
      throw new Error(`There is no component ${code} to touch`);
    }
    this.#versions.set(component.code, component.version + 1);
  }

  #componentOf({ app, dtoIn }: ItkdbAsk): Component {
    const wanted = dtoIn['component'];
    if (wanted === undefined) {
      throw invalidDtoIn(app, { missingKeyMap: { '$.component': isRequired } });
    }
    if (typeof wanted !== 'string') {
      throw invalidDtoIn(app, { invalidValueKeyMap: { '$.component': isInvalid } });
    }
    const found = this.#find(wanted);
    if (found === undefined) {
      throw new ItkdbFault(400, `${app}/componentDoesNotExist`, { message: 'Component does not exist.' });
    }
    return found;
  }

  /** By code or serial number, which both end in the index. */
  #find(wanted: string): Component | undefined {
    const index = Number(/\d+$/.exec(wanted)?.[0].slice(-7) ?? this.#components);
    const candidate = index < this.#components ? this.#componentAt(index) : undefined;
    return candidate?.code === wanted || candidate?.serialNumber === wanted ? candidate : undefined;
  }

  #componentAt(index: number): Component {
    const code = `c${index}`;
    const serialNumber = `20UXXTEST${String(index).padStart(7, '0')}`;
    const componentType = { code: 'MODULE', name: 'Module' };
    return { code, serialNumber, state: 'ready', componentType, version: this.#versions.get(code) ?? 1 };
  }
}

function institutionAt(index: number): object {
  return { code: `I${index}`, name: `Institution ${index}` };
}
