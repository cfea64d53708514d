// Is the time written as the published clients write it?
import { srpTimestamp } from '../../src/srp/timestamp.js';
import { published, withVectors } from './vectors.js';

withVectors('the timestamp', () => {
  it('is pycognito’s in all its cases (G1)', () => {
    const { cases } = published('timestamps');
    expect(cases).toHaveLength(7);
    for (const [instant, timestamp] of cases) expect(srpTimestamp(Date.parse(instant))).toBe(timestamp);
  });

  it('is cognito-srp-helper’s (G1)', () => {
    const { data, notes } = published('cognito-srp-helper');
    expect(srpTimestamp(notes.timestamp_ms)).toBe(data.timestamp);
  });
});
