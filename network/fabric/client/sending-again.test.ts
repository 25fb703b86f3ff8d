import { SendingAgain } from './sending-again.ts';

const MINUTE = 60_000;

test('one that others have overtaken is lost, and may be sent again', () => {
  const again = new SendingAgain(MINUTE);
  const [first, second, third] = [again.taken(), again.taken(), again.taken()];
  again.committed(second);
  expect([first, third].map((which) => again.may(which, 1))).toEqual([true, true]);
  expect([first, third].map((which) => again.may(which, 2))).toEqual([true, false]);
});

test('while nothing is committed, one at a time is sent to find out', () => {
  const again = new SendingAgain(MINUTE);
  const [first, second] = [again.taken(), again.taken()];
  expect(again.may(first, 1)).toBe(true);
  expect(again.may(second, 2)).toBe(false);
  expect(again.may(second, 1 + MINUTE)).toBe(true);
});
