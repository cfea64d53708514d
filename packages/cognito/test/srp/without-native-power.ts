// Browsers have no createDiffieHellman. What runs inside here has none either.

/** Runs `work` as where there is only BigInt. */
export async function withBigIntAlone<R>(work: () => R | Promise<R>): Promise<R> {
  const own = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule');
  Object.defineProperty(process, 'getBuiltinModule', { value: undefined, configurable: true });
  try {
    return await work();
  } finally {
    if (own) Object.defineProperty(process, 'getBuiltinModule', own);
    else Reflect.deleteProperty(process, 'getBuiltinModule');
  }
}

/** The ways to a power: as Node has it, and as a browser has it. */
export const ways: readonly (readonly [way: string, within: typeof withBigIntAlone])[] = [
  ['the native power', async (work) => work()],
  ['BigInt alone', withBigIntAlone],
];
