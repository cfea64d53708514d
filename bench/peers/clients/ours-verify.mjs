import { cognitoVerifier } from '@axios-authorizer/cognito/verify';

export const oursVerify = {
  name: '@axios-authorizer/cognito/verify',
  packageName: '@axios-authorizer/cognito',
  used: '`cognitoVerifier`',
  isOurs: true,
  isVerifier: true,
  isNodeOnly: true,
  bundle: `import { cognitoVerifier } from '@axios-authorizer/cognito/verify';
    export const verify = cognitoVerifier({ userPoolId: POOL, tokenUse: 'access', clientId: 'app' });`,
  async openVerifier({ pool, jwksUri, known }) {
    const verify = cognitoVerifier({ ...pool, jwksUri });
    await verify(known);
    return verify;
  },
};
