/**
 * What a patient's Consents let somebody see, once more, from the design's words alone: plain loops over Consents,
 * resources and a request. It shares no code with the gateway, so that a mistake of one is not a mistake of both. Slow,
 * and only for what cases.ts makes up.
 */

export interface Coding {
  system?: string;
  code?: string;
}
export interface Concept {
  coding?: Coding[];
}
export interface Period {
  start?: string;
  end?: string;
}

export interface Provision {
  type?: string;
  period?: Period;
  actor?: { role?: Concept; reference?: { reference?: string } }[];
  action?: Concept[];
  securityLabel?: Coding[];
  purpose?: Coding[];
  class?: Coding[];
  code?: Concept[];
  dataPeriod?: Period;
  provision?: Provision[];
}

export interface Data {
  resourceType: string;
  id?: string;
  meta?: { security?: Coding[] };
  category?: Concept[];
  code?: Concept;
  effectiveDateTime?: string;
  onsetDateTime?: string;
  period?: Period;
  dateTime?: string;
  contained?: Data[];
}

export interface Consent extends Data {
  status?: string;
  scope?: Concept;
  performer?: { reference?: string }[];
  provision?: Provision;
}

export interface Reader {
  role: 'doctor' | 'lab' | 'system' | 'hr' | 'patient';
  person?: string;
  organization?: string;
  purpose: string;
  /** HR: of the organisation that keeps the record. Patient: of this very record. */
  ofTheRecord: boolean;
  /** Ids of Consents that this reader wrote. */
  wrote: readonly string[];
}

const DAY = 86_400_000;

function spanOf(period: Period | undefined): [number, number] | undefined {
  if (period?.start === undefined && period?.end === undefined) return undefined;
  const from = period.start === undefined ? -Infinity : Date.parse(period.start);
  const to = period.end === undefined ? Infinity : Date.parse(period.end) + DAY - 1;
  return [from, to];
}

function dateOf(data: Data): [number, number] | undefined {
  const day = data.effectiveDateTime ?? data.onsetDateTime ?? data.dateTime;
  if (day !== undefined) return spanOf({ start: day.slice(0, 10), end: day.slice(0, 10) });
  return spanOf(data.period);
}

function sectionOf(data: Data): string {
  if (data.resourceType === 'Patient') return 'personal';
  if (data.resourceType === 'Consent') return 'consent';
  if (data.resourceType === 'Condition') return 'diagnosis';
  if (data.resourceType === 'AllergyIntolerance') return 'allergies';
  if (data.resourceType === 'DocumentReference') return 'notes';
  if (data.resourceType === 'Encounter') return 'visits';
  for (const category of data.category ?? []) {
    for (const { code } of category.coding ?? []) {
      if (code === 'laboratory') return 'report';
      if (code === 'vital-signs') return 'vitals';
    }
  }
  return 'other';
}

/** The labels that are on it, and those that the codes which cases.ts uses bring. */
function labelsOf(data: Data): string[] {
  const labels = (data.meta?.security ?? []).map(({ code }) => String(code));
  const says: Data[] = [data];
  for (const next of says) says.push(...(next.contained ?? []));
  for (const { code } of says.flatMap((one) => one.code?.coding ?? [])) {
    if (code === '86406008') labels.push('HIV', 'R');
    if (code === '370143000') labels.push('PSY', 'R');
    if (code === '75516001') labels.push('PSY', 'PSYTHPN', 'V');
  }
  return labels;
}

const PURPOSES: Record<string, string[]> = {
  TREAT: ['TREAT', 'ETREAT', 'BTG', 'POPHLTH'],
  ETREAT: ['ETREAT', 'BTG'],
  BTG: ['BTG'],
  HPAYMT: ['HPAYMT'],
  HRESCH: ['HRESCH', 'CLINTRCH'],
  CLINTRCH: ['CLINTRCH'],
};

function labelHolds(label: string, labels: string[]): boolean {
  if (label !== 'N') return labels.includes(label);
  // Whatever nobody calls restricted is normal.
  return !labels.includes('R') && !labels.includes('V');
}

/** Whether the provision is about this reader, this purpose and this moment, whatever the data. */
function isAbout(provision: Provision, reader: Reader, now: number): boolean {
  if (provision.actor) {
    let named = false;
    for (const { role, reference } of provision.actor) {
      const as = role?.coding?.[0]?.code;
      const who = reference?.reference;
      if (who === undefined) continue;
      if (who === reader.person) named = true;
      if (who === reader.organization && reader.role === 'system') named = true;
      if (who === reader.organization && as === 'IRCP' && ['doctor', 'lab'].includes(reader.role))
        named = true;
    }
    if (!named) return false;
  }
  if (provision.action && !provision.action.some(({ coding }) => coding?.[0]?.code === 'access'))
    return false;
  if (provision.purpose) {
    const covered = provision.purpose.flatMap(({ code }) => PURPOSES[String(code)] ?? []);
    if (!covered.includes(reader.purpose)) return false;
  }
  const period = spanOf(provision.period);
  return !period || (period[0] <= now && now <= period[1]);
}

function holdsFor(provision: Provision, data: Data): boolean {
  if (provision.class && !provision.class.some(({ code }) => code === data.resourceType)) return false;
  const section = sectionOf(data);
  if (provision.code && !provision.code.some(({ coding }) => coding?.[0]?.code === section)) return false;
  const labels = labelsOf(data);
  if (
    provision.securityLabel &&
    !provision.securityLabel.some(({ code }) => labelHolds(String(code), labels))
  )
    return false;
  const covered = spanOf(provision.dataPeriod);
  if (!covered) return true;
  const date = dateOf(data);
  if (provision.type === 'permit')
    return date !== undefined && covered[0] <= date[0] && date[1] <= covered[1];
  return date === undefined || (covered[0] <= date[1] && date[0] <= covered[1]);
}

type Word = 'permit' | 'deny' | undefined;

function says(provision: Provision, data: Data, reader: Reader, now: number): Word {
  if (!isAbout(provision, reader, now) || !holdsFor(provision, data)) return undefined;
  const nested = (provision.provision ?? []).map((each) => says(each, data, reader, now));
  if (nested.includes('deny')) return 'deny';
  if (nested.includes('permit')) return 'permit';
  return provision.type === 'permit' ? 'permit' : 'deny';
}

/** Between Consents deny wins. */
function together(consents: Consent[], data: Data, reader: Reader, now: number): Word {
  const words = consents.map(({ provision, scope }) => {
    const research = scope?.coding?.[0]?.code === 'research';
    if (research && !provision?.purpose && !(PURPOSES['HRESCH'] ?? []).includes(reader.purpose))
      return undefined;
    return provision && says(provision, data, reader, now);
  });
  return words.includes('deny') ? 'deny' : words.includes('permit') ? 'permit' : undefined;
}

/** Agreements to be treated, and advance directives, open nothing. */
const inForce = (consents: Consent[]): Consent[] =>
  consents.filter(({ status, scope }) => {
    const about = scope?.coding?.[0]?.code;
    return status === 'active' && (about === 'patient-privacy' || about === 'research');
  });
const opensASection = ({ provision }: Consent): boolean => provision?.type === 'permit' && !provision.actor;

function permitted(consents: Consent[], data: Data, reader: Reader, now: number): boolean {
  const active = inForce(consents);
  const granted = together(
    active.filter((one) => !opensASection(one)),
    data,
    reader,
    now,
  );
  if (granted) return granted === 'permit';
  if (reader.role === 'system') return false;
  return together(active.filter(opensASection), data, reader, now) === 'permit';
}

const permitsAnything = (provision: Provision, reader: Reader, now: number): boolean =>
  isAbout(provision, reader, now) &&
  (provision.type === 'permit' ||
    (provision.provision ?? []).some((nested) => permitsAnything(nested, reader, now)));

/** Some permit, of anything, that names the reader. */
function hasAGrant(consents: Consent[], reader: Reader, now: number): boolean {
  return inForce(consents).some(({ provision, scope, ...rest }) => {
    if (!provision || opensASection({ provision, ...rest })) return false;
    const research = scope?.coding?.[0]?.code === 'research';
    if (research && !provision.purpose && !(PURPOSES['HRESCH'] ?? []).includes(reader.purpose)) return false;
    return permitsAnything(provision, reader, now);
  });
}

function denied(consents: Consent[], data: Data, reader: Reader, now: number): boolean {
  const granting = inForce(consents).filter((one) => !opensASection(one));
  return together(granting, data, reader, now) === 'deny';
}

function names(provision: Provision | undefined, reader: Reader): boolean {
  if (!provision) return false;
  const here = (provision.actor ?? []).some(({ reference }) => {
    const who = reference?.reference;
    return who !== undefined && (who === reader.person || who === reader.organization);
  });
  return here || (provision.provision ?? []).some((nested) => names(nested, reader));
}

/** Whether the reader sees this of the record, `consents` being all that the patient has, in force or not. */
export function sees(reader: Reader, data: Data | Consent, consents: Consent[], now: number): boolean {
  if (reader.role === 'patient') return reader.ofTheRecord;
  if (reader.role === 'hr') return reader.ofTheRecord && data.resourceType === 'Patient';
  for (const contained of data.contained ?? []) {
    if (!permitted(consents, contained, reader, now)) return false;
  }
  if (data.resourceType === 'Consent') {
    if (reader.wrote.includes(String(data.id))) return true;
    const provision = 'provision' in data ? data.provision : undefined;
    return (
      names(provision, reader) && hasAGrant(consents, reader, now) && !denied(consents, data, reader, now)
    );
  }
  if (permitted(consents, data, reader, now)) return true;
  // Whoever has any grant sees whose it is.
  return (
    data.resourceType === 'Patient' &&
    hasAGrant(consents, reader, now) &&
    !denied(consents, data, reader, now)
  );
}
