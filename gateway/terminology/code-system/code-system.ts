import type { CodeSystem } from '@medplum/fhirtypes';
import type { Concept, ConceptDetails, LoadedCodeSystem } from '../port.ts';
import { optionalText, text, type DefinitionFile, type Row } from '../store/database.ts';
import { contentOf, type Kept } from '../store/shelf.ts';

const COLUMNS = 'c.num, c.code, c.display, c.definition, c.inactive, c.abstract';

/** A row of `concept` as the concept that it is. */
export function conceptOf(row: Row): Concept {
  const display = optionalText(row['display']);
  const definition = optionalText(row['definition']);
  return {
    code: text(row['code']),
    inactive: row['inactive'] === 1,
    abstract: row['abstract'] === 1,
    ...(display !== undefined && { display }),
    ...(definition !== undefined && { definition }),
  };
}

/** Numbers of a concept and of all below it, or above it, as a query that takes the concept's number. */
export const DESCENDANTS =
  'with recursive d(num) as (select ? union select e.child from edge e join d on e.parent = d.num) select num from d';
export const ANCESTORS =
  'with recursive d(num) as (select ? union select e.parent from edge e join d on e.child = d.num) select num from d';

/** A code system whose concepts are in a file. */
export class KeptCodeSystem implements LoadedCodeSystem {
  readonly file: DefinitionFile;
  readonly num: number;
  readonly url: string;
  readonly version?: string;
  readonly name: string;
  readonly content: CodeSystem['content'];
  readonly #insensitive: boolean;

  constructor(kept: Kept) {
    // Of the definition's head only: its concepts may be many.
    const head = headOf(kept);
    this.file = kept.file;
    this.num = kept.num;
    this.url = kept.url;
    if (kept.version !== '') this.version = kept.version;
    this.name = head.name;
    this.content = head.content;
    this.#insensitive = head.insensitive;
  }

  get whole(): boolean {
    return this.content === 'complete';
  }

  /** The row of a code: as it is written, or, where case is said not to matter, in any case. */
  row(code: string): Row | undefined {
    const rows = this.file.all(
      `select ${COLUMNS} from concept c where c.system = ? and c.code = ? collate nocase`,
      this.num,
      code,
    );
    return rows.find((row) => row['code'] === code) ?? (this.#insensitive ? rows[0] : undefined);
  }

  concept(code: string): Concept | undefined {
    const row = this.row(code);
    return row && conceptOf(row);
  }

  details(code: string): ConceptDetails | undefined {
    const row = this.row(code);
    if (!row) return undefined;
    const num = Number(row['num']);
    const related = (wanted: 'child' | 'parent', given: 'child' | 'parent') =>
      this.file
        .all(
          `select ${COLUMNS} from edge e join concept c on c.num = e.${wanted} where e.${given} = ? order by c.num limit ${MOST_RELATED}`,
          num,
        )
        .map(conceptOf);
    return {
      ...conceptOf(row),
      designations: this.designations(num),
      properties: this.file
        .all('select code, kind, content from property where concept = ? order by rowid', num)
        .map((one) => ({
          code: text(one['code']),
          kind: text(one['kind']),
          value: JSON.parse(text(one['content'])) as unknown,
        })),
      parents: related('parent', 'child'),
      children: related('child', 'parent'),
    };
  }

  designations(num: number): ConceptDetails['designations'] {
    return this.file
      .all('select language, value, use from designation where concept = ? order by rowid', num)
      .map((row) => {
        const language = optionalText(row['language']);
        const use = optionalText(row['use']);
        return {
          ...(language !== undefined && { language }),
          ...(use !== undefined && { use: JSON.parse(use) as object }),
          value: text(row['value']),
        };
      });
  }

  isBelow(code: string, ancestor: string): boolean {
    const [below, above] = [this.row(code), this.row(ancestor)];
    if (!below || !above) return false;
    const found = this.file.get(
      `select 1 as found where ? in (${ANCESTORS})`,
      Number(above['num']),
      Number(below['num']),
    );
    return found !== undefined;
  }

  /** Codes of a concept and of those above or below it, at most `most` of them. */
  related(code: string, direction: 'above' | 'below', most: number): string[] | undefined {
    const row = this.row(code);
    if (!row) return undefined;
    return this.file
      .all(
        `select c.code from concept c where c.num in (${direction === 'below' ? DESCENDANTS : ANCESTORS}) limit ${most}`,
        Number(row['num']),
      )
      .map((one) => text(one['code']));
  }
}

/** Children that a look-up names. */
const MOST_RELATED = 1000;

interface Head {
  name: string;
  content: CodeSystem['content'];
  insensitive: boolean;
}

const heads = new WeakMap<DefinitionFile, Map<string, Head>>();
const KEPT_HEADS = 500;

/** What is asked of a code system again and again, read from its definition once. */
function headOf(kept: Kept): Head {
  const known = heads.get(kept.file) ?? new Map<string, Head>();
  heads.set(kept.file, known);
  const key = `${kept.num} ${kept.url} ${kept.version}`;
  const found = known.get(key);
  if (found) return found;
  const { name, title, content, caseSensitive } = contentOf(kept);
  const head: Head = {
    name: String(name ?? title ?? kept.url),
    content: content as CodeSystem['content'],
    insensitive: caseSensitive === false,
  };
  if (known.size >= KEPT_HEADS) known.clear();
  known.set(key, head);
  return head;
}
