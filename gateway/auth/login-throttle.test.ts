import { LoginThrottle } from './login-throttle.ts';

const OWNER = 'owner@demo.example';
let now = 0;
const throttle = (): LoginThrottle => {
  now = 1_000_000;
  return new LoginThrottle(() => now);
};
const attempts = (
  subject: LoginThrottle,
  count: number,
  address: (at: number) => string,
  user = OWNER,
): number[] => Array.from({ length: count }, (_, at) => subject.attempt(user, address(at)));

test('five wrong passwords are free, then each costs a longer wait, up to a quarter of an hour', () => {
  const subject = throttle();
  expect(attempts(subject, 6, () => '192.0.2.1')).toEqual([0, 0, 0, 0, 0, 0]);
  expect(subject.attempt(OWNER, '192.0.2.1')).toBe(1);
  const waits: number[] = [];
  for (let at = 0; at < 12; at += 1) {
    const wait = subject.attempt(OWNER, '192.0.2.1');
    waits.push(wait);
    now += wait * 1000;
    subject.attempt(OWNER, '192.0.2.1');
  }
  expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(waits.at(-1)).toBe(15 * 60);
});

test('upper case and blanks make no new account to guess at', () => {
  const subject = throttle();
  attempts(subject, 6, () => '192.0.2.1');
  expect(subject.attempt(` ${OWNER.toUpperCase()} `, '192.0.2.1')).toBeGreaterThan(0);
});

test('attempts side by side count before their passwords are known to be wrong', () => {
  const subject = throttle();
  expect(attempts(subject, 20, () => '192.0.2.1').filter((wait) => wait === 0)).toHaveLength(6);
});

test('a right password forgets the wrong ones', () => {
  const subject = throttle();
  attempts(subject, 5, () => '192.0.2.1');
  subject.succeeded(OWNER, '192.0.2.1');
  expect(attempts(subject, 5, () => '192.0.2.1')).toEqual([0, 0, 0, 0, 0]);
});

/** Wrong passwords for so many accounts, one each. */
const guessAtMany = (subject: LoginThrottle, accounts: number, address = '192.0.2.1'): number[] =>
  Array.from({ length: accounts }, (_, at) => subject.attempt(`user${at}@demo.example`, address));

test('an address that tries one account after the other has fifty attempts, then one each five seconds', () => {
  const subject = throttle();
  expect(guessAtMany(subject, 51)).toEqual([...new Array<number>(50).fill(0), 5]);
  expect(subject.attempt('fresh@demo.example', '192.0.2.2')).toBe(0);
  now += 3_000;
  expect(subject.attempt('fresh@demo.example', '192.0.2.1')).toBe(2);
  now += 2_000;
  expect(subject.attempt('fresh@demo.example', '192.0.2.1')).toBe(0);
  expect(subject.attempt('another@demo.example', '192.0.2.1')).toBe(5);
  now += 250_000;
  expect(guessAtMany(subject, 51).filter((wait) => wait === 0)).toHaveLength(50);
});

test('whoever logged in from an address before gets in there, whatever others at that address guess', () => {
  const subject = throttle();
  subject.attempt(OWNER, '192.0.2.1');
  subject.succeeded(OWNER, '192.0.2.1');
  guessAtMany(subject, 500);
  expect(subject.attempt('stranger@demo.example', '192.0.2.1')).toBeGreaterThan(0);
  for (let login = 0; login < 20; login += 1) {
    expect(subject.attempt(OWNER, '192.0.2.1')).toBe(0);
    subject.succeeded(OWNER, '192.0.2.1');
  }
  now += 31 * 24 * 60 * 60_000;
  guessAtMany(subject, 500);
  expect(subject.attempt(OWNER, '192.0.2.1')).toBeGreaterThan(0);
});

test('guesses at an account that is known at the address cost as much as at any other', () => {
  const subject = throttle();
  subject.attempt(OWNER, '192.0.2.1');
  subject.succeeded(OWNER, '192.0.2.1');
  expect(attempts(subject, 20, () => '192.0.2.1').filter((wait) => wait === 0)).toHaveLength(6);
});

test('a first login gives an address several attempts back, and does not pay for guessing for ever', () => {
  const subject = throttle();
  guessAtMany(subject, 49);
  expect(subject.attempt(OWNER, '192.0.2.1')).toBe(0);
  subject.succeeded(OWNER, '192.0.2.1');
  expect(guessAtMany(subject, 10).filter((wait) => wait === 0)).toHaveLength(5);
  for (let login = 0; login < 20; login += 1) {
    subject.attempt(OWNER, '192.0.2.1');
    subject.succeeded(OWNER, '192.0.2.1');
    expect(subject.attempt('next@demo.example', '192.0.2.1')).toBeGreaterThan(0);
  }
});

test('the addresses of one IPv6 network are one', () => {
  const subject = throttle();
  attempts(subject, 6, (at) => `2001:db8:1:2::${at + 1}`);
  expect(subject.attempt(OWNER, '2001:db8:1:2:ffff:1:2:3')).toBeGreaterThan(0);
  expect(subject.attempt(OWNER, '2001:db8:1:3::1')).toBe(0);
});

test('under attack from everywhere the owner waits a minute at most, and not at all where they logged in before', () => {
  const subject = throttle();
  subject.attempt(OWNER, '198.51.100.7');
  subject.succeeded(OWNER, '198.51.100.7');
  for (let at = 0; at < 500; at += 1) {
    now += Math.max(1000, subject.attempt(OWNER, `10.0.${at >> 8}.${at & 255}`) * 1000);
    subject.attempt(OWNER, `10.1.${at >> 8}.${at & 255}`);
  }
  expect(subject.attempt(OWNER, '203.0.113.5')).toBeLessThanOrEqual(60);
  expect(subject.attempt(OWNER, '198.51.100.7')).toBe(0);
});
