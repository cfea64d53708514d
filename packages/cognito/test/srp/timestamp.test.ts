// Is the time right at the boundaries of its parts? A wrong one is answered like a wrong password.
import { srpTimestamp } from '../../src/srp/timestamp.js';

it.each([
  ['1970-01-01T00:00:00.000Z', 'Thu Jan 1 00:00:00 UTC 1970'],
  ['1969-12-31T23:59:59.999Z', 'Wed Dec 31 23:59:59 UTC 1969'],
  ['1999-12-31T23:59:59.999Z', 'Fri Dec 31 23:59:59 UTC 1999'],
  ['2000-01-01T00:00:00.000Z', 'Sat Jan 1 00:00:00 UTC 2000'],
  ['2000-02-29T12:00:00.000Z', 'Tue Feb 29 12:00:00 UTC 2000'],
  ['2023-02-28T23:59:59.999Z', 'Tue Feb 28 23:59:59 UTC 2023'],
  ['2023-03-01T00:00:00.000Z', 'Wed Mar 1 00:00:00 UTC 2023'],
  ['2024-02-29T00:00:00.000Z', 'Thu Feb 29 00:00:00 UTC 2024'],
  ['2024-02-29T23:59:59.999Z', 'Thu Feb 29 23:59:59 UTC 2024'],
  ['2024-03-01T00:00:00.000Z', 'Fri Mar 1 00:00:00 UTC 2024'],
  ['2024-09-09T09:09:09.009Z', 'Mon Sep 9 09:09:09 UTC 2024'],
  ['2024-09-10T00:00:00.000Z', 'Tue Sep 10 00:00:00 UTC 2024'],
  ['2024-12-31T23:59:59.999Z', 'Tue Dec 31 23:59:59 UTC 2024'],
  ['2025-01-01T00:00:00.000Z', 'Wed Jan 1 00:00:00 UTC 2025'],
  ['2038-01-19T03:14:08.000Z', 'Tue Jan 19 03:14:08 UTC 2038'],
  ['2100-02-28T23:59:59.999Z', 'Sun Feb 28 23:59:59 UTC 2100'],
  ['2100-03-01T00:00:00.000Z', 'Mon Mar 1 00:00:00 UTC 2100'],
])('%s is %s (G1)', (instant, timestamp) => {
  expect(srpTimestamp(Date.parse(instant))).toBe(timestamp);
});

it.each(Array.from({ length: 9 }, (_, index) => index + 1))('day %i has no zero before it (G1)', (day) => {
  expect(srpTimestamp(Date.UTC(2024, 4, day))).toMatch(new RegExp(`^[A-Z][a-z]{2} May ${day} 00:00:00 UTC 2024$`));
});

it('a fraction of a millisecond is cut off (G1)', () => {
  expect(srpTimestamp(Date.UTC(2024, 0, 3) + 999.999)).toBe('Wed Jan 3 00:00:00 UTC 2024');
});

it('through four years it agrees with the time as HTTP writes it, but for the zero (G1)', () => {
  const hourMs = 3_600_000;
  for (let at = Date.UTC(2023, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * hourMs + 61_001) {
    const [, weekday, day, month, year, time] =
      /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(new Date(at).toUTCString()) ?? [];
    expect(srpTimestamp(at)).toBe(`${weekday} ${month} ${Number(day)} ${time} UTC ${year}`);
  }
});
