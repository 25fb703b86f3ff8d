/** An organisation of the ledger, as the configuration names it. */
export interface OrganisationSettings {
  mspId: string;
  /** Id of its Organization resource. */
  organization: string;
  name: string;
}

const DEMO_ORGANISATIONS: readonly OrganisationSettings[] = [
  { mspId: 'HospitalMSP', organization: 'hospital', name: 'Demo Hospital' },
  { mspId: 'LabMSP', organization: 'lab', name: 'Demo Imaging Lab' },
];

/**
 * `ORGANISATIONS`: `HospitalMSP=hospital=Name of the hospital;LabMSP=lab=Name of the lab`; the first founds the ledger.
 * What is wrong goes to `problems`.
 */
export function readOrganisations(
  text: string | undefined,
  demo: boolean,
  problems: string[],
): readonly OrganisationSettings[] {
  if (text === undefined) {
    if (!demo)
      problems.push('ORGANISATIONS is missing: MSP=id=name of each organisation, separated by semicolons');
    return DEMO_ORGANISATIONS;
  }
  return text.split(';').map((one) => {
    const [mspId = '', organization = '', name = ''] = one.split('=').map((part) => part.trim());
    if (!/^[A-Za-z0-9]+$/.test(mspId) || !/^[A-Za-z0-9.-]{1,64}$/.test(organization) || name === '') {
      problems.push(`ORGANISATIONS: "${one}" is not MSP=id=name`);
    }
    return { mspId, organization, name };
  });
}
