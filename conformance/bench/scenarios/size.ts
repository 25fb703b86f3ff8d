import type { Resource } from '../../clients/resource.ts';
import type { Scenario } from '../bench.ts';
import type { Row, Table } from '../report/table.ts';
import { added } from '../servers/ledger-size.ts';
import { openRecords } from '../target/records.ts';
import { post, type Target } from '../target/target.ts';
import { fieldsOfRecord, linkedImages, picturesInside } from '../target/thesis-record.ts';

/** What the thesis measured by number of images: bytes of a record with links, and with the pictures inside. */
const MEASURED = [
  { images: 1, links: 750, inside: 60_870 },
  { images: 2, links: 857, inside: 121_103 },
  { images: 5, links: 1185, inside: 301_791 },
  { images: 10, links: 1725, inside: 602_937 },
  { images: 15, links: 2265, inside: 904_083 },
  { images: 20, links: 2805, inside: 1_205_229 },
];

/** Bytes of a picture. */
const PICTURE = 50_000;

/** How much the ledger stores of a record, by its number of images. */
export const size: Scenario = {
  about: "bytes stored on the embedded ledger of a record with 1 to 20 images, beside the thesis's",
  async run(bench) {
    const target = await bench.gateway();
    const links: Row[] = [];
    const inside: Row[] = [];
    for (const measured of MEASURED) {
      const { images } = measured;
      bench.say(`${images} images`);
      links.push(await recordRow(target, images, measured.links, (patient) => linkedImages(patient, images)));
      inside.push(
        await recordRow(target, images, measured.inside, (patient) =>
          picturesInside(patient, images, PICTURE),
        ),
      );
    }
    return [
      table('with links to the images, one ImagingStudy', links),
      table(`with pictures of ${PICTURE.toLocaleString('en-GB')} bytes inside, a Media each`, inside),
    ];
  },
};

/** Writes a record in three steps, and what each stored. */
async function recordRow(
  target: Target,
  images: number,
  thesis: number,
  radio: (patient: string) => Resource,
): Promise<Row> {
  let patient = '';
  const opening = await added(target, async () => {
    [patient = ''] = await openRecords(target, 1);
  });
  const fields = await added(target, () => post(target, fieldsOfRecord(patient)));
  const pictures = await added(target, () => post(target, radio(patient)));
  const steps = [opening, fields, pictures];
  const sum = (of: keyof typeof opening) => steps.reduce((total, step) => total + step[of], 0);
  return {
    ...{ images, thesis, stored: sum('values'), ratio: sum('values') / thesis },
    ...{ opening: opening.values, fields: fields.values, pictures: pictures.values },
    ...{ count: sum('count'), keys: sum('keys'), blocks: sum('blocks') },
  };
}

const table = (what: string, rows: readonly Row[]): Table => ({
  title: `Bytes of a record ${what}`,
  columns: [
    { key: 'images', title: 'images' },
    { key: 'thesis', title: "the thesis's" },
    { key: 'stored', title: 'private values' },
    { key: 'ratio', title: "to the thesis's", decimals: 2 },
    { key: 'opening', title: 'of these: Patient, first Consent' },
    { key: 'fields', title: 'the other fields' },
    { key: 'pictures', title: 'the images' },
    { key: 'count', title: 'number of values' },
    { key: 'keys', title: 'besides: their keys' },
    { key: 'blocks', title: 'blocks (hashes, signatures)' },
  ],
  rows,
  notes: [
    "Private values as `npm run ledger -- size` adds them up, those of three transactions: opening the record, its fields, its images. The thesis's figures are of the record alone: its user, here the Patient, lies elsewhere, and so do keys and blocks.",
  ],
});
