// Test runs: uploaded in one form, kept and answered in another, as recorded. The database does not mind the same one twice.

import { invalidDtoIn, isInvalid, isRequired } from '../fault.js';
import { isRecord } from './dto-in.js';
import { pageOf } from './listing.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { DtoIn } from './dto-in.js';
import type { ItkdbAsk } from '../ask.js';

interface TestRun {
  readonly id: string;
  readonly component: unknown;
  readonly stage: unknown;
  readonly testType: unknown;
  readonly state: 'ready';
  readonly passed: boolean;
  readonly problems: boolean;
  readonly properties: readonly object[];
  readonly defects: readonly object[];
  readonly comments: readonly object[];
  readonly results: readonly object[];
}

const usualPageSize = 1000;

export class ItkdbTestRuns {
  readonly #runs: TestRun[] = [];

  upload({ app, dtoIn }: ItkdbAsk): Answer {
    for (const name of ['component', 'testType']) {
      if (dtoIn[name] === undefined) {
        throw invalidDtoIn(app, { missingKeyMap: { [`$.${name}`]: isRequired } });
      }
    }
    const testRun = { id: `r${this.#runs.length}`, ...keptOf(dtoIn) };
    this.#runs.push(testRun);
    return { json: { testRun } };
  }

  /** By component, stage, type and state. */
  list(ask: ItkdbAsk): Answer {
    const { filterMap } = ask.dtoIn;
    if (!isRecord(filterMap)) {
      throw invalidDtoIn(ask.app, { invalidValueKeyMap: { '$.filterMap': isInvalid } });
    }
    const { code, serialNumber, stage, testType } = filterMap;
    const found = this.#runs.filter((run) => {
      const isOfComponent = run.component === (code ?? serialNumber);
      return isOfComponent && isIn(stage, run.stage) && isIn(testType, run.testType);
    });
    const itemAt = (index: number): object => ({ id: found[index]?.id, state: found[index]?.state });
    const { items, pageInfo } = pageOf(ask, { total: found.length, pageSize: usualPageSize, itemAt });
    return { json: { itemList: items, pageInfo } };
  }

  bulk({ dtoIn }: ItkdbAsk): Answer {
    return { json: { itemList: this.#runs.filter(({ id }) => isIn(dtoIn['testRun'], id)) } };
  }
}

function keptOf(dtoIn: DtoIn): Omit<TestRun, 'id'> {
  const { component, stage, testType, passed, problems, properties, defects, comments, results } = dtoIn;
  return {
    component,
    stage,
    testType,
    state: 'ready',
    passed: passed === true,
    problems: problems === true,
    properties: valuesOf(properties).map(([code, value]) => ({ code, value })),
    defects: listIn(defects).map((defect, index) => ({ code: `d${index}`, ...(isRecord(defect) && defect) })),
    comments: listIn(comments).map((comment, index) => ({ code: `m${index}`, comment })),
    results: valuesOf(results).map(([code, value]) => ({ code, dataType: 'float', value })),
  };
}

/** Whether the filter is silent about it, or names it. */
function isIn(filter: unknown, value: unknown): boolean {
  return filter === undefined || (Array.isArray(filter) && filter.includes(value));
}

function valuesOf(map: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(map) ? Object.entries(map) : [];
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
