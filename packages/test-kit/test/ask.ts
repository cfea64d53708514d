// What every suite here needs to talk to the servers: plain requests, and answers already read.

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the body is no JSON. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Asked> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

export function postForm(url: string, form: Record<string, string>, authorization?: string): Promise<Asked> {
  const headers = authorization === undefined ? {} : { authorization };
  return ask(url, { method: 'POST', body: new URLSearchParams(form), headers });
}

export function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** 'failed' when the connection broke or was refused before an answer. */
export function outcome(asked: Promise<unknown>): Promise<'answered' | 'failed'> {
  return asked.then(
    () => 'answered',
    () => 'failed',
  );
}

/** RFC 6749, 2.3.1: both parts form-encoded, then Basic. */
export function basic(id: string, secret: string): string {
  const [encodedId, encodedSecret] = [id, secret].map((part) => new URLSearchParams({ part }).toString().slice(5));
  return `Basic ${Buffer.from(`${encodedId}:${encodedSecret}`).toString('base64')}`;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
