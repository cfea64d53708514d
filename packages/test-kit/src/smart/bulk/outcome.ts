// FHIR servers speak of what went wrong in a resource of their own, not in OAuth's JSON.

import type { Answer } from '@axios-authorizer/testing/extend';

export const fhirJson = 'application/fhir+json';

/** A FHIR resource as an answer. */
export function resource(json: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers: { 'content-type': fhirJson, ...headers }, json };
}

/** An OperationOutcome with one issue; `code` is FHIR's issue type. */
export function outcome(status: number, code: string, diagnostics: string): Answer {
  const issue = [{ severity: 'error', code, diagnostics }];
  return { ...resource({ resourceType: 'OperationOutcome', issue }), status };
}
