import { inflateRawSync } from 'node:zlib';
import type { Resource } from '../../fhir/resource.ts';
import { bytes, text, type DefinitionFile, type Row } from './database.ts';

/** A definition where it is kept. */
export interface Kept {
  file: DefinitionFile;
  num: number;
  url: string;
  version: string;
  row: Row;
}

const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/** The definition itself. A code system with very many concepts comes without them, and says so. */
export function contentOf({ file, num, row }: Kept): Resource {
  const resource = JSON.parse(inflateRawSync(bytes(row['content'])).toString('utf8')) as Resource;
  if (Number(row['concepts']) === 0) return resource;
  const count = Number(file.get('select count(*) as count from concept where system = ?', num)?.['count']);
  const meta = typeof resource['meta'] === 'object' && resource['meta'] !== null ? resource['meta'] : {};
  return { ...resource, meta: { ...meta, tag: [SUBSETTED] }, count };
}

/** Versions by their numbers where they have some, else as texts. */
const newest = (one: Kept, other: Kept): number =>
  other.version.localeCompare(one.version, 'en', { numeric: true }) || other.num - one.num;

/** Files of definitions; what the first has, the others are not asked for. */
export class Shelf {
  readonly files: readonly DefinitionFile[];
  constructor(files: readonly DefinitionFile[]) {
    this.files = files;
  }

  byId(type: string, id: string): Kept | undefined {
    for (const file of this.files) {
      const row = file.get('select * from resource where type = ? and id = ?', type, id);
      if (row) return keptOf(file, row);
    }
    return undefined;
  }

  /** The newest of a URL, or the version that is asked for: the whole of it, or its beginning (`5` for `5.0.1`). */
  byUrl(type: string, url: string, version?: string): Kept | undefined {
    for (const file of this.files) {
      const all = file
        .all('select * from resource where type = ? and url = ?', type, url)
        .map((row) => keptOf(file, row))
        .sort(newest);
      const found =
        version === undefined
          ? all[0]
          : (all.find((one) => one.version === version) ??
            all.find((one) => one.version.startsWith(`${version}.`)));
      if (found) return found;
    }
    return undefined;
  }

  /** By canonical: `url`, or `url|version`. */
  byCanonical(type: string, canonical: string): Kept | undefined {
    const [url = '', version] = canonical.split('|');
    return this.byUrl(type, url, version === '' ? undefined : version);
  }
}

export const keptOf = (file: DefinitionFile, row: Row): Kept => ({
  file,
  row,
  num: Number(row['num']),
  url: text(row['url']),
  version: text(row['version']),
});
