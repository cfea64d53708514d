import { CognitoJwtVerifier } from 'aws-jwt-verify';

export const awsJwtVerify = {
  name: 'aws-jwt-verify',
  packageName: 'aws-jwt-verify',
  used: '`CognitoJwtVerifier` with its own cache of key sets',
  isVerifier: true,
  isNodeOnly: true,
  bundle: `import { CognitoJwtVerifier } from 'aws-jwt-verify';
    export const verifier = CognitoJwtVerifier.create({ userPoolId: POOL, tokenUse: 'access', clientId: 'app' });`,
  /** @returns verify(token) */
  async openVerifier({ pool, jwks }) {
    const verifier = CognitoJwtVerifier.create(pool);
    verifier.cacheJwks(jwks);
    return (token) => verifier.verify(token);
  },
};
