import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { CodeSystem, CodeSystemConcept } from '@medplum/fhirtypes';
import type { Resource } from '../../fhir/resource.ts';
import { ConceptWriter } from './concept-writer.ts';
import { text, type DefinitionFile } from './database.ts';
import { foundValues } from './search-values.ts';

const ID = /^[A-Za-z0-9.-]{1,64}$/;
const MOST_OF_ID = 55;

/** Writes definitions into a file of them. */
export class DefinitionWriter {
  readonly #file: DefinitionFile;
  readonly #builtIn: DefinitionFile | undefined;

  /** `builtIn`: what the gateway has besides, whose ids are taken by what has the same URL alone. */
  constructor(file: DefinitionFile, builtIn?: DefinitionFile) {
    this.#file = file;
    this.#builtIn = builtIn;
  }

  /** Everything that `work` writes, or nothing when it throws. */
  async together<T>(work: () => Promise<T>): Promise<T> {
    this.#file.exec('begin immediate');
    try {
      const result = await work();
      this.#file.exec('commit');
      return result;
    } catch (error) {
      this.#file.exec('rollback');
      throw error;
    }
  }

  /** Begins a code system whose concepts come one by one; it gets its place when it is `put`. */
  beginConcepts(): { num: number; concepts: ConceptWriter } {
    const last = this.#file.get('select coalesce(max(num), 0) as num from resource');
    const num = Number(last?.['num']) + 1;
    const placeholder = `\n${num}`;
    this.#file.run("insert into resource values (?, '', ?, '', '', 0, x'')", ...[num, placeholder]);
    return { num, concepts: new ConceptWriter(this.#file, num) };
  }

  /**
   * Puts a definition in the place of that with the same URL and version. `begun`: where its concepts are already.
   * Answers its id: its own, or one made from it where another definition of the type has that.
   */
  put(resource: Resource, begun?: { num: number; concepts: ConceptWriter }): string {
    const { resourceType: type } = resource;
    const url = String(resource['url']);
    const version = String(resource['version'] ?? '');
    this.remove(type, url, version);
    const id = this.#freeId(type, String(resource['id'] ?? ''), url, version);
    const stored: Resource = { ...resource, id };
    let place = begun;
    if (type === 'CodeSystem' && !begun && Array.isArray(resource['concept'])) {
      place = this.beginConcepts();
      for (const concept of resource['concept'] as unknown as CodeSystemConcept[])
        place.concepts.write(concept);
      // They are kept once: with the resource, as long as that is read in one piece.
    }
    place?.concepts.finish(resource as unknown as CodeSystem);
    const content = deflateRawSync(JSON.stringify(stored));
    const values = [type, id, url, version, begun ? 1 : 0, content] as const;
    const num = place
      ? (this.#file.run(
          'update resource set type = ?, id = ?, url = ?, version = ?, concepts = ?, content = ? where num = ?',
          ...[...values, place.num],
        ),
        place.num)
      : this.#file.run(
          'insert into resource (type, id, url, version, concepts, content) values (?, ?, ?, ?, ?, ?)',
          ...values,
        );
    this.#values(num, stored);
    return id;
  }

  #values(num: number, resource: Resource): void {
    const { concept: _, ...indexed } = resource;
    for (const { parameter, value, system, low, high } of foundValues(indexed as Resource))
      this.#file.run('insert into found values (?, ?, ?, ?, ?, ?)', parameter, value, system, num, low, high);
  }

  /** Removes the definition of a URL, of one version or of all; answers how many there were. */
  remove(type: string | undefined, url: string, version?: string): number {
    const rows = this.#file.all(
      'select num from resource where url = ? and (? is null or type = ?) and (? is null or version = ?)',
      ...[url, type ?? null, type ?? null, version ?? null, version ?? null],
    );
    for (const { num } of rows) {
      const concepts = `select num from concept where system = ${Number(num)}`;
      this.#file.exec(`
        delete from word where rowid in (${concepts});
        delete from edge where child in (${concepts});
        delete from property where concept in (${concepts});
        delete from designation where concept in (${concepts});
        delete from concept where system = ${Number(num)};
        delete from found where resource = ${Number(num)};
        delete from resource where num = ${Number(num)};
      `);
    }
    return rows.length;
  }

  #freeId(type: string, wanted: string, url: string, version: string): string {
    const hash = createHash('sha256').update(`${url}|${version}`).digest('hex').slice(0, 8);
    const named = 'select url from resource where type = ? and id = ?';
    const builtIn = (id: string) => this.#builtIn?.get(named, type, id)?.['url'] ?? url;
    const taken = (id: string) => this.#file.get(named, type, id) !== undefined || builtIn(id) !== url;
    if (ID.test(wanted) && !taken(wanted)) return wanted;
    const beginning = wanted.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, MOST_OF_ID);
    return beginning === '' ? hash : `${beginning}-${hash}`;
  }

  /** What there is: type, URL, version and how many concepts. */
  list(): { type: string; url: string; version: string; concepts: number }[] {
    return this.#file
      .all(
        `select type, url, version, (select count(*) from concept where system = resource.num) as concepts
         from resource order by type, url, version`,
      )
      .map((row) => ({
        type: text(row['type']),
        url: text(row['url']),
        version: text(row['version']),
        concepts: Number(row['concepts']),
      }));
  }
}
