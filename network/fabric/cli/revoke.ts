import { readFileSync } from 'node:fs';
import { serialOf } from '../network/certificates/crl.ts';
import { revoke } from '../network/revoke.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand, UsageError } from './run.ts';

const USAGE =
  'node network/fabric/cli/revoke.ts --organisation <name> --certificate <PEM file> | --serial <hexadecimal> | --crl <PEM file of its CA>';

await runCommand(async () => {
  const { organisation, certificate, serial, crl } = readArguments(USAGE, {
    organisation: { type: 'string' },
    certificate: { type: 'string' },
    serial: { type: 'string' },
    crl: { type: 'string' },
  }).values;
  const given = [certificate, serial, crl].filter((option) => option !== undefined);
  if (organisation === undefined || given.length !== 1) throw new UsageError(`usage: ${USAGE}`);
  const revoked = await revoke(
    networkOf(readEnvironment(process.env)),
    organisation,
    crl !== undefined
      ? { list: readFileSync(crl, 'utf8') }
      : { serials: [serial ?? serialOf(readFileSync(certificate ?? '', 'utf8'))] },
  );
  console.log(`The channel refuses ${revoked.length} certificate(s) of ${organisation}:`);
  for (const number of revoked) console.log(number);
  return 0;
});
