import type { AuditRecord } from './record.ts';

/** What an interaction touched, collected while it runs, so that the audit step can say whom it concerned. */
export class AuditTrail {
  /** Patient id → references (with version) of that patient's resources that were disclosed or written. */
  readonly patients = new Map<string, Set<string>>();
  /** References that are nobody's record: directory, attached, administrative. */
  readonly others = new Set<string>();
  /** What the audit says of the interaction when it is answered with this status. */
  recordsOf?: (status: number) => AuditRecord[];
  /** The status for which that is on disk already, together with what was written. */
  audited?: number;

  /** The interaction concerned a resource; `patient` is undefined for one that is in no record. */
  touch(patient: string | undefined, reference: string): void {
    if (patient === undefined) {
      this.others.add(reference);
      return;
    }
    const references = this.patients.get(patient);
    if (references) references.add(reference);
    else this.patients.set(patient, new Set([reference]));
  }
}
