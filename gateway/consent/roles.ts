import { typeRow, type Home, type Role } from '@fhir-fabric-gateway/chaincode/api';
import { forbidden } from '../fhir/errors.ts';

const PERSONAL = ['Patient', 'RelatedPerson'];

function mayEverRead(role: Role, type: string): boolean {
  if (type === 'AuditEvent') return true;
  const homes: readonly Home[] = typeRow(type)?.homes ?? [];
  if (homes.includes('directory') || homes.includes('definitional')) return true;
  switch (role) {
    case 'hr':
      return PERSONAL.includes(type) || homes.includes('administrative');
    case 'researcher':
      return homes.includes('administrative');
    default:
      return !homes.includes('administrative');
  }
}

/** Refuses with 403 what a role may never read, whatever is there: HR an Observation, a doctor a Group. */
export function assertRoleMayRead(role: Role, type: string): void {
  if (!mayEverRead(role, type)) throw forbidden(`The role ${role} may not read ${type}.`);
}
