import type { LabelTable } from './table.ts';

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** ICD-10 as the WHO publishes it, and the modifications of it that FHIR names. */
const icd10 = (...codes: string[]): Record<string, readonly string[]> => ({
  'http://hl7.org/fhir/sid/icd-10': codes,
  'http://hl7.org/fhir/sid/icd-10-cm': codes,
  'http://fhir.de/CodeSystem/bfarm/icd-10-gm': codes,
});

/**
 * A start, of the codes that are met most: the categories are those that IHE's Privacy Consent on FHIR asks for at
 * least, and those that v3-ActCode has besides. Which codes count where a gateway stands is for its operator to say
 * (SECURITY_LABELS). Of medicines the ingredients are here. A label that an author put on brings the wider ones.
 * https://terminology.hl7.org/ValueSet-v3-InformationSensitivityPolicy.html
 */
export const DEFAULT_LABELS: LabelTable = {
  rows: [
    {
      labels: ['HIV'],
      confidentiality: 'R',
      codes: {
        [LOINC]: ['75622-1', '56888-1', '7917-8', '29893-5', '68961-2', '20447-9', '25836-8', '69668-2'],
        [SNOMED]: ['86406008', '62479008', '165816005', '91947003'],
        [RXNORM]: ['11413', '68244', '195085', '190521', '276237', '53654', '1433868'],
        ...icd10('B20*', 'B21*', 'B22*', 'B23*', 'B24*', 'Z21*', 'R75*', 'O98.7*'),
        [ACT_CODE]: ['HIV'],
      },
    },
    {
      labels: ['ETHUD', 'SUD', 'ETH'],
      confidentiality: 'R',
      codes: {
        [LOINC]: ['74013-4', '75626-2', '72109-2', '11331-6'],
        [SNOMED]: ['7200002', '15167005'],
        [RXNORM]: ['3554', '82819'],
        ...icd10('F10*'),
        [ACT_CODE]: ['ETHUD'],
      },
    },
    {
      labels: ['OPIOIDUD', 'SUD', 'ETH'],
      confidentiality: 'R',
      codes: {
        [SNOMED]: ['75544000', '5602001'],
        [RXNORM]: ['1819', '6813'],
        ...icd10('F11*'),
        [ACT_CODE]: ['OPIOIDUD'],
      },
    },
    {
      labels: ['SUD', 'ETH'],
      confidentiality: 'R',
      codes: {
        [LOINC]: ['82667-7'],
        [SNOMED]: ['66214007', '191816009', '26416006'],
        ...icd10('F12*', 'F13*', 'F14*', 'F15*', 'F16*', 'F18*', 'F19*'),
        [ACT_CODE]: ['SUD', 'ETH'],
      },
    },
    {
      labels: ['PSYTHPN', 'PSY'],
      confidentiality: 'V',
      codes: { [SNOMED]: ['75516001'], [ACT_CODE]: ['PSYTHPN'] },
    },
    {
      labels: ['PSY'],
      confidentiality: 'R',
      codes: {
        [LOINC]: ['44249-1', '44261-6', '55757-9', '55758-7', '69737-5', '70274-6', '28627-7', '34788-0'],
        [SNOMED]: ['35489007', '370143000', '58214004', '13746004', '197480006', '47505003', '74732009'],
        [RXNORM]: ['6448', '5093', '2626', '61381', '51272', '35636', '89013', '36437', '4493'],
        ...icd10('F2*', 'F3*', 'F40*', 'F41*', 'F42*', 'F43*', 'F44*', 'F45*', 'F48*', 'F60*', 'F61*'),
        [ACT_CODE]: ['PSY'],
      },
    },
    {
      labels: ['STD', 'SEX'],
      confidentiality: 'R',
      codes: {
        [LOINC]: ['20507-0', '21613-5', '24111-7', '43304-5', '43305-2'],
        [SNOMED]: ['8098009', '76272004', '15628003'],
        ...icd10(
          'A50*',
          'A51*',
          'A52*',
          'A53*',
          'A54*',
          'A55*',
          'A56*',
          'A57*',
          'A58*',
          'A59*',
          'A63*',
          'A64*',
        ),
        [ACT_CODE]: ['STD'],
      },
    },
    {
      labels: ['SEX'],
      confidentiality: 'R',
      codes: { [LOINC]: ['76690-7'], [ACT_CODE]: ['SEX'] },
    },
    {
      labels: ['SDV'],
      confidentiality: 'R',
      codes: {
        [LOINC]: ['76499-3', '76504-0'],
        [SNOMED]: ['706893006'],
        ...icd10('T74*', 'T76*', 'Y07*'),
        [ACT_CODE]: ['SDV'],
      },
    },
    {
      labels: ['SICKLE'],
      confidentiality: 'R',
      codes: { [SNOMED]: ['417357006', '127040003'], ...icd10('D57*'), [ACT_CODE]: ['SICKLE'] },
    },
    { labels: ['GDIS'], confidentiality: 'R', codes: { [LOINC]: ['51969-4'], [ACT_CODE]: ['GDIS'] } },
  ],
};
