// Signs in by SRP that many times, one after the other, and prints what a sign-in cost this process in CPU milliseconds.
// Usage: node srp-client.mjs ours|bigint|reference COUNT, with the pool in USER_POOL_ID, COGNITO_ENDPOINT, CLIENT_ID, PASSWORD.

const { USER_POOL_ID: userPoolId, COGNITO_ENDPOINT: endpoint, CLIENT_ID: clientId, PASSWORD: password } = process.env;
const [, , which, count] = process.argv;
const WARM_UP = 5;
const username = 'ada';

const signIns = {
  async ours() {
    const { SRPAuthorizer } = await import('@axios-authorizer/cognito');
    return () => new SRPAuthorizer({ clientId }, { userPoolId, endpoint, username, password }).getToken();
  },
  /** As in a browser: there is no Diffie-Hellman of the platform. */
  bigint() {
    process.getBuiltinModule = undefined;
    return signIns.ours();
  },
  async reference() {
    // oxlint-disable-next-line typescript/no-deprecated -- all of it is; it is what people have
    const { AuthenticationDetails, CognitoUser, CognitoUserPool } = await import('amazon-cognito-identity-js');
    const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint });
    const details = new AuthenticationDetails({ Username: username, Password: password });
    return () =>
      new Promise((onSuccess, onFailure) => {
        new CognitoUser({ Username: username, Pool }).authenticateUser(details, { onSuccess, onFailure });
      });
  },
};

const signIn = await signIns[which]();
for (let done = 0; done < WARM_UP; done += 1) await signIn();
const before = process.cpuUsage();
for (let done = 0; done < Number(count); done += 1) await signIn();
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000 / Number(count));
