// The edge cases are made for this project and lie in test/srp, where they are checked; are they those that were published?
import ours from '../srp/fixtures/edge-cases.json' with { type: 'json' };
import { published, withVectors } from './vectors.js';

withVectors('the edge cases', () => {
  it('are the published ones, every value (G1)', () => {
    expect(published('edge-cases')).toEqual(ours);
    expect([ours.password.length, ours.device.length]).toEqual([8, 1]);
  });
});
