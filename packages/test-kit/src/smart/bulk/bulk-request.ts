// What a bulk export must be asked with (Bulk Data Access, "bulk data kick-off request").

import { fhirJson, outcome } from './outcome.js';
import type { Answer, Received } from '@axios-authorizer/testing/extend';

const formats: readonly (string | null)[] = ['application/fhir+ndjson', 'application/ndjson', 'ndjson', null];

/** The OperationOutcome for a request that no export may begin with; undefined for a proper one. */
export function checkKickOff({ method, url, headers }: Received): Answer | undefined {
  const { searchParams } = new URL(url, 'http://127.0.0.1');
  if (method !== 'GET' && method !== 'POST') {
    return outcome(405, 'not-supported', 'An export is asked for with GET or POST');
  }
  if (!names(headers.accept, fhirJson)) {
    return outcome(400, 'invalid', `Accept must be ${fhirJson}`);
  }
  if (!names([headers['prefer'] ?? []].flat().join(), 'respond-async')) {
    return outcome(400, 'invalid', 'Prefer must be respond-async');
  }
  return formats.includes(searchParams.get('_outputFormat'))
    ? undefined
    : outcome(400, 'not-supported', 'Files are ndjson only');
}

/** Whether a header that is a list has `wanted` in it, whatever its parameters. */
function names(header: string | undefined, wanted: string): boolean {
  const members = (header ?? '').toLowerCase().split(',');
  return members.some((member) => member.split(';')[0]?.trim() === wanted);
}
