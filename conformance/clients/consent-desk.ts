import { resourceOf } from './answer.ts';
import type { Resource } from './resource.ts';
import type { Session } from './session.ts';

/**
 * What a patient does with Consents in a test, so that the record is left as it was found: `restore` revokes whatever
 * was put in force here.
 */
export class ConsentDesk {
  readonly #patient: Session;
  readonly #given = new Set<string>();

  constructor(patient: Session) {
    this.#patient = patient;
  }

  /** Puts a Consent in force; answers it as the server keeps it. */
  async give(consent: Resource): Promise<Resource & { id: string }> {
    const given = await this.#patient.create(consent);
    this.#given.add(given.id);
    return given;
  }

  /** Gives a status to a Consent that is there: `active` approves what was proposed, `inactive` revokes. */
  async setStatus(id: string, status: 'active' | 'inactive' | 'rejected'): Promise<void> {
    const current = resourceOf(await this.#patient.get(`Consent/${id}`));
    const answer = await this.#patient.request('PUT', `Consent/${id}`, { ...current, status });
    if (answer.status !== 200)
      throw new Error(`PUT Consent/${id} ${status}: ${answer.status} ${answer.text}`);
    if (status === 'active') this.#given.add(id);
    else this.#given.delete(id);
  }

  async revoke(id: string): Promise<void> {
    await this.setStatus(id, 'inactive');
  }

  async delete(id: string): Promise<void> {
    const answer = await this.#patient.request('DELETE', `Consent/${id}`);
    if (answer.status >= 300) throw new Error(`DELETE Consent/${id}: ${answer.status} ${answer.text}`);
    this.#given.delete(id);
  }

  async restore(): Promise<void> {
    for (const id of [...this.#given]) await this.revoke(id);
  }
}
