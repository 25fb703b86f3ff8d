import { LedgerError, type Command, type IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import { assets, create, entry, grant, newId, permit } from './commands.ts';
import { DOCTOR, LAB, newPatient, newRecord, TECHNICIAN } from './people.ts';
import type { Stage } from './suite.ts';

/** Who may do what: decided by the certificate and the ledger, and told by a code alone. */
export function rightsTests(stage: Stage): void {
  /** The code of the refusal; OK when there is none. */
  async function outcome(who: IdentityRef, ...commands: Command[]): Promise<string> {
    const { hospital, lab } = stage.engine;
    const { ledger } = who.mspId === lab.mspId ? lab : hospital;
    try {
      await ledger.submit(who, commands);
      return 'OK';
    } catch (error) {
      expect(error).toBeInstanceOf(LedgerError);
      expect(error).toMatchObject({ message: (error as LedgerError).code });
      return (error as LedgerError).code;
    }
  }

  test('a doctor writes with a grant, and not before, nor after it was revoked', async () => {
    const { patient, owner } = await newPatient(stage.engine.hospital, stage.people);
    const { doctor, doctor2 } = stage.people;
    const consent = newId();
    const note = () => create(entry(patient, 'Condition', newId()));
    expect(await outcome(doctor, note())).toBe('NOT_GRANTED');
    expect(await outcome(owner, grant(patient, consent, { [DOCTOR]: permit(DOCTOR) }))).toBe('OK');
    expect(await outcome(doctor, note())).toBe('OK');
    expect(await outcome(doctor2, note())).toBe('NOT_GRANTED');
    expect(await outcome(owner, { fn: 'RevokeAccess', remove: { type: 'Consent', id: consent } })).toBe('OK');
    expect(await outcome(doctor, note())).toBe('NOT_GRANTED');
  });

  test('the lab writes its own sections of a record of the hospital, with a grant, and no others', async () => {
    const { patient, owner } = await newPatient(stage.engine.hospital, stage.people);
    const { lab } = stage.people;
    const report = () => create(entry(patient, 'DiagnosticReport', newId(), { section: 'report' }));
    expect(await outcome(lab, report())).toBe('NOT_GRANTED');
    const grants = { [TECHNICIAN]: permit(TECHNICIAN), [LAB]: permit(`${LAB}|CST`) };
    expect(await outcome(owner, grant(patient, newId(), grants))).toBe('OK');
    expect(await outcome(lab, report())).toBe('OK');
    expect(await outcome(lab, create(entry(patient, 'Condition', newId())))).toBe('FORBIDDEN');
  });

  test('HR writes nothing medical, and nobody another organisation’s', async () => {
    const patient = await newRecord(stage.engine.hospital, stage.people);
    const { hr, labHr } = stage.people;
    expect(await outcome(hr, create(entry(patient, 'Observation', newId())))).toBe('FORBIDDEN');
    const { mspId } = stage.engine.hospital;
    const intruder = { kind: 'identity', mspId, pseudonym: newId(), role: 'hr', status: 'active' } as const;
    expect(await outcome(labHr, assets(intruder))).toBe('FORBIDDEN');
  });

  test('who is not registered, was disabled, or has another CA’s certificate is refused', async () => {
    const { hospital } = stage.engine;
    const patient = await newRecord(hospital, stage.people);
    const note = () => create(entry(patient, 'Condition', newId()));
    const nobody = await hospital.enroll('system');
    expect(await outcome(nobody, note())).toBe('BAD_IDENTITY');
    const account = { kind: 'identity', ...nobody, role: 'system' } as const;
    expect(await outcome(stage.people.hr, assets({ ...account, status: 'active' }))).toBe('OK');
    expect(await outcome(nobody, note())).toBe('OK');
    const disabled = { ...account, status: 'disabled' } as const;
    expect(await outcome(stage.people.hr, { fn: 'UpdateAsset', asset: disabled })).toBe('OK');
    expect(await outcome(nobody, note())).toBe('BAD_IDENTITY');
    expect(await outcome(await stage.engine.stranger(), note())).toBe('BAD_IDENTITY');
    expect(await outcome({ mspId: hospital.mspId, pseudonym: 'no one' }, note())).toBe('BAD_IDENTITY');
  });

  test('what a query may not tell, and what is no command, has a code as well', async () => {
    const { hospital } = stage.engine;
    const patient = await newRecord(hospital, stage.people);
    const query = { fn: 'QueryAsset', type: 'Patient', id: patient } as const;
    const { doctor, system } = stage.people;
    await expect(hospital.ledger.evaluate(doctor, query)).rejects.toMatchObject({ code: 'NOT_GRANTED' });
    await expect(hospital.ledger.evaluate(system, { ...query, id: newId() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const noQuery = { fn: 'QueryAsset', type: 'patient' } as never;
    await expect(hospital.ledger.evaluate(system, noQuery)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await outcome(system, { fn: 'CreateAssets', assets: [] })).toBe('BAD_REQUEST');
    expect(await outcome(system)).toBe('BAD_REQUEST');
  });
}
