import { create, entry, grant, newId, permit, remove, update } from './commands.ts';
import { DOCTOR, DOCTOR2, newPatient, newRecord } from './people.ts';
import type { Stage } from './suite.ts';

/** The functions of the contract, each through the port. */
export function functionTests(stage: Stage): void {
  test('a record is opened with its Patient and a first grant', async () => {
    const { hospital } = stage.engine;
    const { patient, owner } = await newPatient(hospital, stage.people);
    const query = { fn: 'QueryAsset', type: 'Patient', id: patient } as const;
    expect(await hospital.ledger.evaluate(owner, query)).toMatchObject({
      kind: 'entry',
      type: 'Patient',
      patient,
      version: 1,
      organisation: hospital.mspId,
    });
    expect(
      await hospital.ledger.evaluate(owner, { fn: 'AssetExists', type: 'Consent', id: `first-${patient}` }),
    ).toBe(true);
  });

  test('entries are created, updated and deleted, and every version stays readable to whom it concerns', async () => {
    const { hospital } = stage.engine;
    const { patient, owner } = await newPatient(hospital, stage.people);
    const { system } = stage.people;
    const id = newId();
    const exists = () => hospital.ledger.evaluate(owner, { fn: 'AssetExists', type: 'Flag', id });
    expect(await exists()).toBe(false);
    await hospital.ledger.submit(system, [create(entry(patient, 'Flag', id))]);
    await hospital.ledger.submit(system, [
      update(entry(patient, 'Flag', id, { content: Buffer.from('second') })),
    ]);
    expect(await exists()).toBe(true);
    expect(await hospital.ledger.evaluate(owner, { fn: 'QueryAsset', type: 'Flag', id })).toMatchObject({
      version: 2,
      content: { data: Buffer.from('second').toString('base64') },
    });
    await hospital.ledger.submit(system, [remove('Flag', id)]);
    expect(await exists()).toBe(false);
    const history = await hospital.ledger.evaluate(owner, { fn: 'GetAssetHistory', type: 'Flag', id });
    expect(history).toMatchObject([{ version: 3 }, { version: 2 }, { version: 1 }]);
    expect((history as object[])[0]).not.toHaveProperty('content');
  });

  test('of several entries those are answered that are there and may be read', async () => {
    const { hospital } = stage.engine;
    const { patient, owner } = await newPatient(hospital, stage.people);
    const other = await newRecord(hospital, stage.people);
    const [mine, theirs] = [newId(), newId()];
    await hospital.ledger.submit(stage.people.system, [
      create(entry(patient, 'Flag', mine), entry(other, 'Flag', theirs)),
    ]);
    const entries = [mine, theirs, newId()].map((id) => ({ type: 'Flag', id }));
    expect(await hospital.ledger.evaluate(owner, { fn: 'QueryAllAssets', entries })).toMatchObject([
      { id: mine },
    ]);
  });

  test('a Consent gives access, and takes it away again', async () => {
    const { hospital } = stage.engine;
    const { patient, owner } = await newPatient(hospital, stage.people);
    const consent = newId();
    const permissions = () =>
      hospital.ledger.evaluate(owner, { fn: 'CheckPermissions', patient, grantee: DOCTOR });
    expect(await permissions()).toEqual({});
    await hospital.ledger.submit(owner, [
      grant(patient, consent, { [DOCTOR]: permit(DOCTOR, { sections: ['vitals'] }) }),
    ]);
    expect(await permissions()).toEqual({ vitals: ['access', 'correct'] });
    await hospital.ledger.submit(owner, [
      { fn: 'RevokeAccess', entry: entry(patient, 'Consent', consent, { content: Buffer.from('inactive') }) },
    ]);
    expect(await permissions()).toEqual({});
  });

  test('a section that is made not private is open to read for those who work here', async () => {
    const { hospital } = stage.engine;
    const { patient, owner } = await newPatient(hospital, stage.people);
    const rule = { type: 'permit', sections: ['allergies'] } as const;
    await hospital.ledger.submit(owner, [
      { fn: 'EditPrivacy', entry: entry(patient, 'Consent', newId()), rule },
    ]);
    expect(
      await hospital.ledger.evaluate(owner, { fn: 'CheckPermissions', patient, grantee: DOCTOR2 }),
    ).toEqual({ allergies: ['access'] });
  });
}
