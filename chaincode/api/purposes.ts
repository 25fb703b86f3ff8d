/**
 * The purposes of use of v3-ActReason: a code, and those that are part of it.
 * https://hl7.org/fhir/R4/v3/PurposeOfUse/vs.html
 */
const PARTS: Readonly<Record<string, string>> = {
  PurposeOfUse: 'HMARKT HOPERAT HPAYMT HRESCH PATRQT PUBHLTH TREAT',
  HOPERAT: `CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP HSYSADMIN
    MEMADMIN MILCDM PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV TRAIN`,
  HSYSADMIN: 'LABELING METAMGT',
  SYSDEV: 'HTEST',
  HPAYMT: 'CLMATTCH COVAUTH COVERAGE REMITADV',
  COVERAGE: 'ELIGDTRM ELIGVER ENROLLM MILDCRG',
  HRESCH: 'BIORCH CLINTRCH DSRCH POARCH TRANSRCH',
  CLINTRCH: 'CLINTRCHNPC CLINTRCHPC PRECLINTRCH',
  PATRQT: 'FAMRQT PWATRNY SUPNWK',
  PUBHLTH: 'DISASTER THREAT',
  TREAT: 'CLINTRL COC ETREAT POPHLTH',
  ETREAT: 'BTG ERTREAT',
};

const WIDER: ReadonlyMap<string, string> = new Map(
  Object.entries(PARTS).flatMap(([wider, parts]) => parts.split(/\s+/).map((part) => [part, wider] as const)),
);

/** Every code of v3-ActReason that is a purpose of use. */
export const PURPOSES: ReadonlySet<string> = new Set(['PurposeOfUse', ...WIDER.keys()]);

/** True when what is done for `asked` is done for `named`: it is that purpose, or part of it. */
export function purposeCovers(named: string, asked: string): boolean {
  for (let at: string | undefined = asked; at !== undefined; at = WIDER.get(at))
    if (at === named) return true;
  return false;
}
