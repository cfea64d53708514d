// A server component that calls an API, beside a client component that has the browser's entries in its bundle.
import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic } from '@axios-authorizer/core';
import { fileTokenStore } from '@axios-authorizer/core/node';
import { Here } from './here.js';

export const dynamic = 'force-dynamic';

export default async function Page() {
  const { tokenUrl, clientId, clientSecret, apiUrl } = JSON.parse(process.env.SERVICE);
  const clientAuth = clientSecretBasic({ clientId, clientSecret });
  const client = axios.create({ baseURL: apiUrl });
  attachAuth(client, new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth })));
  const { status } = await client.get('/things');
  return (
    <main>
      {`authorised ${status} ${typeof fileTokenStore}`}
      <Here />
    </main>
  );
}
