import { X509Certificate } from 'node:crypto';
import { createRoot, issueMember, issueTls, type KeyPair } from './ca.ts';
import { revocationList, revokedBy, serialOf } from './crl.ts';

let root: KeyPair;
beforeAll(async () => {
  root = await createRoot('ca.hospital.example', 'HospitalMSP');
});

const certificate = (pair: KeyPair) => new X509Certificate(pair.certificate);

test('a member’s certificate is issued by its organisation’s CA and says what the member is', async () => {
  const peer = certificate(await issueMember(root, 'peer0.hospital.example', 'peer'));
  expect(peer.checkIssued(certificate(root)) && peer.verify(certificate(root).publicKey)).toBe(true);
  expect(peer.subject).toBe('CN=peer0.hospital.example\nOU=peer');
  expect([certificate(root).ca, peer.ca]).toEqual([true, false]);
  // Fabric checks a chain as of the time from which the certificate is valid.
  expect(peer.validFromDate.getTime()).toBeGreaterThan(certificate(root).validFromDate.getTime());
});

test('a TLS certificate holds for its names and addresses and for no others, as server and as client', async () => {
  const tls = certificate(await issueTls(root, 'peer0.lab.example', ['peer0.lab.example', '127.0.0.1']));
  expect(tls.checkHost('peer0.lab.example')).toBe('peer0.lab.example');
  expect(tls.checkHost('peer0.hospital.example')).toBeUndefined();
  expect(tls.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect([...tls.keyUsage].sort()).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
});

test('a list of revoked certificates keeps those of the lists before it, each once', async () => {
  const serials = await Promise.all(
    ['a', 'b'].map(async (name) => serialOf((await issueMember(root, name, 'client')).certificate)),
  );
  const [first = '', second = ''] = serials;
  const before = await revocationList(root, [], [first]);
  expect(revokedBy(before)).toEqual([first]);
  const after = await revocationList(root, [before], [second.toUpperCase(), first]);
  expect(revokedBy(after).sort()).toEqual([...serials].sort());
  expect(after).toContain('-----BEGIN X509 CRL-----');
});
