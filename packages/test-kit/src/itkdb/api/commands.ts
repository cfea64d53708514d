// The commands of the database, behind its checks. A success always has a uuAppErrorMap: empty, with warnings, or not
// even an object.

import { getAttachment, getImage, getText } from './files.js';
import { isRecord } from './dto-in.js';
import { ItkdbFault } from '../fault.js';
import { ItkdbInventory } from './inventory.js';
import { ItkdbTestRuns } from './test-runs.js';
import { statusAnswer } from './statuses.js';
import { tagged } from '../ask.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { ItkdbAsk } from '../ask.js';
import type { ItkdbContext } from '../context.js';

type Command = (ask: ItkdbAsk) => Answer;

export class ItkdbCommands {
  readonly things: unknown[] = [];
  readonly warnings: Map<string, unknown> = new Map<string, unknown>();
  readonly inventory: ItkdbInventory;
  readonly #testRuns = new ItkdbTestRuns();
  readonly #context: ItkdbContext;
  #answersMade = 0;
  readonly #commands: ReadonlyMap<string, Command>;

  constructor(context: ItkdbContext) {
    this.#context = context;
    this.inventory = new ItkdbInventory(context.options);
    this.#commands = new Map<string, Command>([
      ['GET listComponents', (ask) => this.inventory.listComponents(ask)],
      ['GET listInstitutions', (ask) => this.inventory.listInstitutions(ask)],
      ['GET getComponent', (ask) => this.inventory.getComponent(ask)],
      ['GET getImage', getImage],
      ['GET getText', getText],
      ['GET getComponentAttachment', getAttachment],
      ['GET uu-app-binarystore', getAttachment],
      ['POST uploadTestRunResults', (ask) => this.#testRuns.upload(ask)],
      ['GET listTestRunsByComponent', (ask) => this.#testRuns.list(ask)],
      ['GET getTestRunBulk', (ask) => this.#testRuns.bulk(ask)],
      ['GET cache-control', (ask) => this.#cacheable(ask)],
      ['POST createThing', (ask) => this.#createThing(ask)],
    ]);
  }

  /** @throws ItkdbFault 404 when there is no such command for that method */
  answer(ask: ItkdbAsk): Answer {
    const answer = this.#commandFor(ask)(ask);
    const { json, status = 200 } = answer;
    if (status >= 300 || !isRecord(json)) {
      return answer;
    }
    const uuAppErrorMap = this.warnings.get(ask.command) ?? json['uuAppErrorMap'] ?? {};
    return { ...answer, json: { ...json, uuAppErrorMap } };
  }

  #commandFor({ request, command, app }: ItkdbAsk): Command {
    if (command === 'status') {
      return (ask) => statusAnswer(ask, `${this.#context.origins.login}/elsewhere`);
    }
    const { commands = {} } = this.#context.options;
    const added = Object.hasOwn(commands, command) ? commands[command] : undefined;
    const found = added === undefined ? this.#commands.get(`${request.method} ${command}`) : () => added;
    if (found === undefined) {
      throw new ItkdbFault(404, `${app}/useCaseDoesNotExist`, { message: 'Use case does not exist.' });
    }
    return found;
  }

  /** Whatever /cache-control/… says; `made` tells an answer from a cached one. */
  #cacheable(ask: ItkdbAsk): Answer {
    const { rest, dtoIn, identity: askedBy } = ask;
    const headers: Readonly<Record<string, string>> = rest === '' ? {} : { 'cache-control': rest };
    return tagged(ask, { of: { rest, dtoIn, askedBy }, headers }, () => {
      this.#answersMade += 1;
      return { json: { made: this.#answersMade, dtoIn, askedBy } };
    });
  }

  #createThing({ request, dtoIn }: ItkdbAsk): Answer {
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    this.things.push(isJson ? dtoIn : undefined);
    return { json: { thing: `t${this.things.length}`, dtoIn } };
  }
}
