// The same with require.
const axios = require('axios');
const { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic } = require('@axios-authorizer/core');

const { tokenUrl, clientId, clientSecret, apiUrl, entries } = JSON.parse(process.env.SERVICE);
const loaded = entries.map((entry) => require(entry));
const clientAuth = clientSecretBasic({ clientId, clientSecret });
const client = axios.create({ baseURL: apiUrl });
attachAuth(client, new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth })));
async function main() {
  const { status } = await client.get('/things');
  console.log(`authorised ${status}, ${loaded.filter((one) => Object.keys(one).length > 0).length} entries`);
}

void main();
