'use client';

import { Authorizer } from '@axios-authorizer/core';
import { webTokenStore } from '@axios-authorizer/core/browser';
import { authorizedFetch } from '@axios-authorizer/core/fetch';

export function Here() {
  return <p>{[Authorizer, webTokenStore, authorizedFetch].map((one) => typeof one).join(' ')}</p>;
}
