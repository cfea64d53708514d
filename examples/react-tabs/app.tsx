// A page whose tabs share one session. The upper half keeps the session, the lower half shows things.
import {
  attachAuth,
  Authorizer,
  isAuthenticationError,
  publicClient,
  refreshTokenSource,
} from '@axios-authorizer/core';
import { webTokenStore } from '@axios-authorizer/core/browser';
import axios from 'axios';
import { Suspense, use, useActionState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';

const { origin } = location;
const clientAuth = publicClient({ clientId: 'shop' });
const source = refreshTokenSource({ tokenUrl: `${origin}/token`, revocationUrl: `${origin}/revoke`, clientAuth });
const store = webTokenStore({ name: 'shop' });
const authorizer = new Authorizer(source, { store, onSessionEnd });
const api = axios.create({ baseURL: `${origin}/api` });
attachAuth(api, authorizer);

/** The number of this session; undefined while nobody is signed in. */
let session: number | undefined;
let begun = 0;
const listeners = new Set<() => void>();

function setSession(next: number | undefined): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Goes on with the session in the store: of before a reload, or of another tab. @returns what is wrong, if anything */
async function restore(): Promise<string> {
  try {
    await authorizer.getToken();
    if (authorizer.authenticated) setSession(session ?? (begun += 1));
    return '';
  } catch (error) {
    return isAuthenticationError(error) && error.kind === 'session' ? '' : 'The shop cannot be reached';
  }
}
const restored = restore();
store.subscribe?.(() => void restore()); // another tab has signed in, signed out or refreshed

/** The server has ended the session, or another tab has, where somebody else may have signed in. */
function onSessionEnd(): void {
  setSession(undefined);
  void restore();
}

interface Grant {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

async function signIn(_last: string, form: FormData): Promise<string> {
  try {
    const { data } = await axios.post<Grant>('/login', Object.fromEntries(form));
    const expiresAt = new Date(Date.now() + data.expires_in * 1000);
    await authorizer.setToken({ accessToken: data.access_token, refreshToken: data.refresh_token, expiresAt });
    setSession((begun += 1));
    return '';
  } catch {
    return 'That did not work';
  }
}

async function signOut(): Promise<void> {
  await authorizer.logout();
  setSession(undefined);
}

function App() {
  const problem = use(restored);
  const current = useSyncExternalStore(subscribe, () => session);
  if (current !== undefined) return <Orders key={current} />; // nothing of one person is left for the next
  return problem ? <p role="alert">{problem}</p> : <SignIn />;
}

function SignIn() {
  const [problem, action, isPending] = useActionState(signIn, '');
  return (
    <form action={action}>
      <input name="username" aria-label="Name" autoComplete="username" required />
      <input name="password" aria-label="Password" type="password" autoComplete="current-password" required />
      <button disabled={isPending}>Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  );
}

interface Shown {
  readonly orders: readonly string[];
  readonly problem: string;
}

async function loadOrders({ orders }: Shown): Promise<Shown> {
  try {
    return { orders: (await api.get<string[]>('/orders')).data, problem: '' };
  } catch {
    return { orders, problem: 'Try again later' };
  }
}

function Orders() {
  const [{ orders, problem }, load, isPending] = useActionState(loadOrders, { orders: [], problem: '' });
  return (
    <form action={load}>
      <button disabled={isPending}>Show the orders</button>
      <button formAction={signOut}>Sign out</button>
      <p role="alert">{problem}</p>
      <ul>
        {orders.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
    </form>
  );
}

createRoot(document.body).render(
  <Suspense fallback="One moment …">
    <App />
  </Suspense>,
);
