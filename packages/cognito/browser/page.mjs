// A page that signs in at the hosted UI: what a visitor's browser runs. Its settings come from the site that serves it.
import { createCognitoClient, hostedUi } from '@axios-authorizer/cognito';

const { domain, clientId } = globalThis.settings;
const ui = hostedUi({ domain, clientId, redirectUri: `${location.origin}/callback`, scope: 'openid things/read' });
const { authorizer } = createCognitoClient({ domain, clientId, grant: 'refresh_token' }, { baseURL: domain });

async function comeBack() {
  // twice, as React does in development
  const [token] = await Promise.all([ui.callback(location.href), ui.callback(location.href)]);
  await authorizer.setToken(token);
  const { scope } = await authorizer.getToken({ force: true });
  return { scope };
}

globalThis.outcome =
  location.pathname === '/callback'
    ? comeBack().catch(({ code, kind }) => ({ code, kind }))
    : Promise.resolve({ home: true });
globalThis.ui = ui;
globalThis.signIn = async (asked) => location.assign((await ui.signInUrl(asked)).url);
