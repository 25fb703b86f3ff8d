import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { describeError } from './log.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test.each<[string, unknown]>([
  ['a parser’s', thrownBy(() => JSON.parse('{"family":"Secret"x'))],
  [
    'a database’s',
    Object.assign(new Error('Key (name)=(Secret) exists'), { code: '23505', detail: '(Secret)' }),
  ],
  ['one inside another', new Error('the answer was Secret', { cause: new TypeError('Secret is no number') })],
  ['what is no error', { name: 'Secret' }],
])(
  'the log says where an error was thrown and of what kind it is, and nothing of what it quotes: %s',
  (_, error) => {
    const said = JSON.stringify(describeError(error));
    expect(said).not.toContain('Secret');
    expect(said).toContain('"type":');
  },
);

test('codes and places are kept, and messages that say nothing of people', () => {
  expect(describeError(new LedgerError('STALE'))).toMatchObject({
    type: 'LedgerError',
    code: 'STALE',
    message: 'STALE',
  });
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  expect(describeError(refused)).toMatchObject({ code: 'ECONNREFUSED', message: refused.message });
  expect(describeError(new RangeError('x')).at).toContain('log.test.ts');
});
