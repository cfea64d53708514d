// What a page or an app on a phone does: it signs in at a token endpoint, and calls an API through axios and through fetch.
import axios from 'axios';
import { SRPAuthorizer } from '@axios-authorizer/cognito';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic } from '@axios-authorizer/core';
import { webTokenStore } from '@axios-authorizer/core/browser';
import { dpopProof } from '@axios-authorizer/core/dpop';
import { authorizedFetch } from '@axios-authorizer/core/fetch';

const { tokenUrl, clientId, clientSecret, apiUrl } = globalThis.service;
const authorizer = new Authorizer(
  clientCredentialsSource({ tokenUrl, clientAuth: clientSecretBasic({ clientId, clientSecret }) }),
);
const client = axios.create({ baseURL: apiUrl });
attachAuth(client, authorizer);
const send = authorizedFetch(authorizer, { allow: apiUrl });

async function main() {
  const { status } = await client.get('/things');
  const answer = await send(`${apiUrl}/things`);
  const others = [SRPAuthorizer, webTokenStore, dpopProof].map((one) => typeof one);
  console.log(`authorised ${status} ${answer.status} ${others.join(' ')}`);
}

void main();
