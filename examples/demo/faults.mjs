// Authorizers that are broken on purpose. A promise that cannot be broken says nothing: with one of these some must be.

export const faults = {
  /** As in a program that makes one for each call: nothing is shared. */
  alone: {
    spoil(client, authorizer) {
      client.interceptors.request.use((config) => Object.assign(config, { authorizer: authorizer() }));
    },
  },
  /** Nothing is refreshed before it expires, so that requests wait for each new token. */
  late: { options: { refreshAheadMs: 0 } },
};
