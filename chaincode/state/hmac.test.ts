import { createHmac, randomBytes } from 'node:crypto';
import { hmacSha256 } from './hmac.ts';

test('is HMAC-SHA256 as RFC 2104 has it', () => {
  for (const length of [0, 1, 32, 64]) {
    const key = randomBytes(length);
    const hmac = hmacSha256(key);
    for (const message of ['', 'Observation/1', 'ö'.repeat(1000)]) {
      expect(hmac(message)).toEqual(createHmac('sha256', key).update(message).digest());
    }
  }
});

test('refuses a key that it would have to hash first', () => {
  expect(() => hmacSha256(randomBytes(65))).toThrow(RangeError);
});
