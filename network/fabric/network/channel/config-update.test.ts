import { common } from '@hyperledger/fabric-protos';
import { groupAt, groupUpdate, valueUpdate } from './config-update.ts';

/** Channel → Application → HospitalMSP, with a value and a policy beside it. */
function channel(): common.ConfigGroup {
  const root = new common.ConfigGroup();
  root.setVersion(1);
  const application = new common.ConfigGroup();
  application.setVersion(3);
  application.setModPolicy('Admins');
  const hospital = new common.ConfigGroup();
  hospital.setVersion(2);
  const msp = new common.ConfigValue();
  msp.setVersion(4);
  msp.setModPolicy('Admins');
  msp.setValue(Buffer.from('old'));
  hospital.getValuesMap().set('MSP', msp);
  application.getGroupsMap().set('HospitalMSP', hospital);
  const policy = new common.ConfigPolicy();
  policy.setVersion(5);
  application.getPoliciesMap().set('Admins', policy);
  root.getGroupsMap().set('Application', application);
  return root;
}

const PATH = ['Application', 'HospitalMSP'];

/** The two sets of an update, for which the library's types say that they may be absent. */
function setsOf(update: common.ConfigUpdate): { read: common.ConfigGroup; write: common.ConfigGroup } {
  const [read, write] = [update.getReadSet(), update.getWriteSet()];
  if (!read || !write) throw new Error('an update without its sets');
  return { read, write };
}

test('a changed value goes up by one version, and every group on the way keeps its own', () => {
  const { read, write } = setsOf(valueUpdate('c', channel(), PATH, 'MSP', Buffer.from('new')));
  const value = groupAt(write, PATH).getValuesMap().get('MSP');
  expect([value?.getVersion(), value?.getModPolicy()]).toEqual([5, 'Admins']);
  expect(Buffer.from(value?.getValue_asU8() ?? []).toString()).toBe('new');
  for (const side of [read, write]) {
    expect([side.getVersion(), groupAt(side, ['Application']).getVersion()]).toEqual([1, 3]);
    expect(groupAt(side, PATH).getVersion()).toBe(2);
  }
  expect(groupAt(read, PATH).getValuesMap().getLength()).toBe(0);
});

test('a group with a new member goes up by one version and names every member that stays', () => {
  const added = new common.ConfigGroup();
  const { read, write } = setsOf(groupUpdate('c', channel(), ['Application'], 'ClinicMSP', added));
  const [before, after] = [groupAt(read, ['Application']), groupAt(write, ['Application'])];
  expect([before.getVersion(), after.getVersion(), after.getModPolicy()]).toEqual([3, 4, 'Admins']);
  expect([...after.getGroupsMap().keys()].sort()).toEqual(['ClinicMSP', 'HospitalMSP']);
  expect([...before.getGroupsMap().keys()]).toEqual(['HospitalMSP']);
  expect(after.getPoliciesMap().get('Admins')?.getVersion()).toBe(5);
});

test('what the configuration does not have is named', () => {
  expect(() => groupAt(channel(), ['Application', 'LabMSP'])).toThrow('Application/LabMSP');
  expect(() => valueUpdate('c', channel(), PATH, 'Endpoints', Buffer.alloc(0))).toThrow('Endpoints');
});
