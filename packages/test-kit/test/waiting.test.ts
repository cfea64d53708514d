// Can a test hold something up, and wait for what has no promise, without sleeping?

import { gate, until } from '@axios-authorizer/test-kit';

test('a gate lets everybody through once it is open, now and later', async () => {
  const { opened, open } = gate();
  const through = jest.fn();
  const early = opened.then(through);
  await new Promise(setImmediate);
  expect(through).not.toHaveBeenCalled();
  open();
  await early;
  await opened;
  expect(through).toHaveBeenCalledTimes(1);
});

test('until resolves as soon as the condition holds', async () => {
  let turns = 0;
  await until(() => (turns += 1) > 3);
  expect(turns).toBe(4);
});

test('until names what it waited for when it gives up', async () => {
  const now = jest.spyOn(performance, 'now');
  now.mockReturnValueOnce(0).mockReturnValueOnce(60_001);
  await expect(until(() => false, 'the second request')).rejects.toThrow('in vain for the second request');
  now.mockRestore();
});
