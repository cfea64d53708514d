// A plus sign is a blank in a form and a letter in base64: is one at the end of a secret taken out with the rest?
import { redact } from '../../src/extend.js';

it.each([
  ['+begins-with-one', 'You sent +begins-with-one', 'You sent [redacted]'],
  ['++begins-with-two', 'secret=%2B%2bbegins-with-two&x=1', 'secret=[redacted]&x=1'],
  ['ends-with-one+', '"ends-with-one+"', '"[redacted]"'],
  ['in+its-middle', 'in+its-middle+', '[redacted]+'],
  ['has-none-at-all', 'a+has-none-at-all+b', 'a+[redacted]+b'],
])('of %s nothing is left in "%s" (C11)', (secret, text, clean) => {
  expect(redact(text, [secret])).toBe(clean);
});
