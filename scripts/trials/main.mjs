// A program that loads every entry of every package as ES modules, and makes an authorised request.
import axios from 'axios';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic } from '@axios-authorizer/core';

const { tokenUrl, clientId, clientSecret, apiUrl, entries } = JSON.parse(process.env.SERVICE);
const loaded = await Promise.all(entries.map((entry) => import(entry)));
const clientAuth = clientSecretBasic({ clientId, clientSecret });
const client = axios.create({ baseURL: apiUrl });
attachAuth(client, new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth })));
const { status } = await client.get('/things');
console.log(`authorised ${status}, ${loaded.filter((one) => Object.keys(one).length > 0).length} entries`);
