import { AttemptStore } from '../attempt-store.ts';
import { openAuthDatabase, type AuthDatabase } from '../database.ts';
import { LoginThrottle } from '../login-throttle.ts';

const OWNER = 'owner@demo.example';
const KEY = Buffer.alloc(32, 1);

/** So many attempts, one after the other; how long each would have to wait. */
async function attempts(
  subject: LoginThrottle,
  count: number,
  address: (at: number) => string,
  user = OWNER,
): Promise<number[]> {
  const waits: number[] = [];
  for (let at = 0; at < count; at += 1) waits.push(await subject.attempt(user, address(at)));
  return waits;
}

/** Wrong passwords for so many accounts, one each. */
async function guessAtMany(
  subject: LoginThrottle,
  accounts: number,
  address = '192.0.2.1',
): Promise<number[]> {
  const waits: number[] = [];
  for (let at = 0; at < accounts; at += 1)
    waits.push(await subject.attempt(`user${at}@demo.example`, address));
  return waits;
}

/** Login throttling on a database of each engine: `newDatabase` answers the URL of a new one. */
export function throttleSuite(newDatabase: () => Promise<string>): void {
  let now = 0;
  let url: string;
  const opened: AuthDatabase[] = [];
  beforeEach(async () => {
    now = 1_000_000;
    url = await newDatabase();
  });
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close();
  });

  /** A throttle of the test's database; a second one is another replica, or the same after a restart. */
  const throttle = async (): Promise<LoginThrottle> => {
    const db = await openAuthDatabase(url);
    opened.push(db);
    return new LoginThrottle(new AttemptStore(db, KEY), () => now);
  };

  test('five wrong passwords are free, then each costs a longer wait, up to a quarter of an hour', async () => {
    const subject = await throttle();
    expect(await attempts(subject, 6, () => '192.0.2.1')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await subject.attempt(OWNER, '192.0.2.1')).toBe(1);
    const waits: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      const wait = await subject.attempt(OWNER, '192.0.2.1');
      waits.push(wait);
      now += wait * 1000;
      await subject.attempt(OWNER, '192.0.2.1');
    }
    expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(waits.at(-1)).toBe(15 * 60);
  });

  test('upper case and blanks make no new account to guess at', async () => {
    const subject = await throttle();
    await attempts(subject, 6, () => '192.0.2.1');
    expect(await subject.attempt(` ${OWNER.toUpperCase()} `, '192.0.2.1')).toBeGreaterThan(0);
  });

  test('attempts side by side count before their passwords are known to be wrong', async () => {
    const [one, other] = [await throttle(), await throttle()];
    const waits = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : other).attempt(OWNER, '192.0.2.1')),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(6);
  });

  test('what one replica counted holds at the others, and after a restart', async () => {
    await attempts(await throttle(), 6, () => '192.0.2.1');
    const other = await throttle();
    expect(await other.attempt(OWNER, '192.0.2.1')).toBeGreaterThan(0);
    now += 60_000;
    await other.attempt(OWNER, '192.0.2.1');
    await other.succeeded(OWNER, '192.0.2.1');
    expect(await (await throttle()).attempt(OWNER, '192.0.2.1')).toBe(0);
  });

  test('who tried what from where is not readable', async () => {
    await (await throttle()).attempt(OWNER, '192.0.2.1');
    const [db] = opened;
    const rows = (await db?.all('SELECT * FROM attempts')) ?? [];
    const kept = rows.flatMap((row) => Object.values(row)).map((value) => Buffer.from(String(value)));
    expect(rows).toHaveLength(3);
    expect(Buffer.concat(kept).toString('latin1')).not.toMatch(/owner|192/);
  });

  test('what no longer counts is forgotten', async () => {
    const subject = await throttle();
    await subject.attempt(OWNER, '192.0.2.1');
    await subject.succeeded(OWNER, '192.0.2.1');
    const [db] = opened;
    if (!db) throw new Error('no database');
    await new AttemptStore(db, KEY).deleteExpired(now + 2 * 60 * 60_000);
    expect(await db.all('SELECT id FROM attempts')).toHaveLength(1);
    now += 2 * 60 * 60_000;
    await guessAtMany(subject, 60);
    expect(await subject.attempt(OWNER, '192.0.2.1')).toBe(0);
  });

  test('a right password forgets the wrong ones', async () => {
    const subject = await throttle();
    await attempts(subject, 5, () => '192.0.2.1');
    await subject.succeeded(OWNER, '192.0.2.1');
    expect(await attempts(subject, 5, () => '192.0.2.1')).toEqual([0, 0, 0, 0, 0]);
  });

  test('an address that tries one account after the other has fifty attempts, then one each five seconds', async () => {
    const subject = await throttle();
    expect(await guessAtMany(subject, 51)).toEqual([...new Array<number>(50).fill(0), 5]);
    expect(await subject.attempt('fresh@demo.example', '192.0.2.2')).toBe(0);
    now += 3_000;
    expect(await subject.attempt('fresh@demo.example', '192.0.2.1')).toBe(2);
    now += 2_000;
    expect(await subject.attempt('fresh@demo.example', '192.0.2.1')).toBe(0);
    expect(await subject.attempt('another@demo.example', '192.0.2.1')).toBe(5);
    now += 250_000;
    expect((await guessAtMany(subject, 51)).filter((wait) => wait === 0)).toHaveLength(50);
  });

  test('whoever logged in from an address before gets in there, whatever others at that address guess', async () => {
    const subject = await throttle();
    await subject.attempt(OWNER, '192.0.2.1');
    await subject.succeeded(OWNER, '192.0.2.1');
    await guessAtMany(subject, 500);
    expect(await subject.attempt('stranger@demo.example', '192.0.2.1')).toBeGreaterThan(0);
    for (let login = 0; login < 20; login += 1) {
      expect(await subject.attempt(OWNER, '192.0.2.1')).toBe(0);
      await subject.succeeded(OWNER, '192.0.2.1');
    }
    now += 31 * 24 * 60 * 60_000;
    await guessAtMany(subject, 500);
    expect(await subject.attempt(OWNER, '192.0.2.1')).toBeGreaterThan(0);
  });

  test('guesses at an account that is known at the address cost as much as at any other', async () => {
    const subject = await throttle();
    await subject.attempt(OWNER, '192.0.2.1');
    await subject.succeeded(OWNER, '192.0.2.1');
    expect((await attempts(subject, 20, () => '192.0.2.1')).filter((wait) => wait === 0)).toHaveLength(6);
  });

  test('a first login gives an address several attempts back, and does not pay for guessing for ever', async () => {
    const subject = await throttle();
    await guessAtMany(subject, 49);
    expect(await subject.attempt(OWNER, '192.0.2.1')).toBe(0);
    await subject.succeeded(OWNER, '192.0.2.1');
    expect((await guessAtMany(subject, 10)).filter((wait) => wait === 0)).toHaveLength(5);
    for (let login = 0; login < 20; login += 1) {
      await subject.attempt(OWNER, '192.0.2.1');
      await subject.succeeded(OWNER, '192.0.2.1');
      expect(await subject.attempt('next@demo.example', '192.0.2.1')).toBeGreaterThan(0);
    }
  });

  test('the addresses of one IPv6 network are one', async () => {
    const subject = await throttle();
    await attempts(subject, 6, (at) => `2001:db8:1:2::${at + 1}`);
    expect(await subject.attempt(OWNER, '2001:db8:1:2:ffff:1:2:3')).toBeGreaterThan(0);
    expect(await subject.attempt(OWNER, '2001:db8:1:3::1')).toBe(0);
  });

  test('under attack from everywhere the owner waits a minute at most, and not at all where they logged in before', async () => {
    const subject = await throttle();
    await subject.attempt(OWNER, '198.51.100.7');
    await subject.succeeded(OWNER, '198.51.100.7');
    for (let at = 0; at < 500; at += 1) {
      now += Math.max(1000, (await subject.attempt(OWNER, `10.0.${at >> 8}.${at & 255}`)) * 1000);
      await subject.attempt(OWNER, `10.1.${at >> 8}.${at & 255}`);
    }
    expect(await subject.attempt(OWNER, '203.0.113.5')).toBeLessThanOrEqual(60);
    expect(await subject.attempt(OWNER, '198.51.100.7')).toBe(0);
  });
}
