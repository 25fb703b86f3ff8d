import type { IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import { FhirError } from '../fhir/errors.ts';
import type { Row } from '../database/port.ts';
import { number, optionalText, text } from '../database/rows.ts';
import type { AuthDatabase } from './database.ts';
import { assertPassword, type PasswordHasher } from './passwords.ts';
import type { TokenState } from './token-state.ts';

export type AccountRole = Exclude<Role, 'system' | 'researcher'>;

/** What people say about themselves; HR and they can change it. The thesis's user. */
export interface Profile {
  /** The name that pages and the audit show. */
  display: string;
  given?: string;
  family?: string;
  /** `1998-11-20` */
  birthday?: string;
  contact?: string;
  address?: string;
}

export interface NewAccount extends Profile {
  /** An e-mail address. Upper and lower case are one. */
  username: string;
  password: string;
  role: AccountRole;
  /** The identity on the ledger, which was made before. */
  identity: IdentityRef;
  /** `Patient/1` for a patient, else `Practitioner/2` or the like. */
  fhirUser: string;
  /** `Organization/5`: where this person works. */
  organization?: string;
}

export interface Account extends Omit<NewAccount, 'password'> {
  id: string;
  /** The Patient's id, for the role `patient`. */
  patient?: string;
  status: 'active' | 'disabled';
  /** Milliseconds since 1970. */
  created: number;
  /** Grows with every change. */
  revision: number;
}

const ROLES: readonly AccountRole[] = ['patient', 'doctor', 'lab', 'hr'];
const REFERENCE = /^(Patient|Practitioner|PractitionerRole|RelatedPerson|Person)\/[A-Za-z0-9.-]{1,64}$/;
const E_MAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;

/** A user name as it is kept and looked for. */
export const normalizeUsername = (username: string): string =>
  username.normalize('NFKC').trim().toLowerCase();

function accountOf(row: Row): Account {
  const role = ROLES.find((known) => known === row.role);
  if (!role) throw new Error('an account has an unknown role');
  const fhirUser = text(row, 'fhir_user');
  const optional = {
    organization: optionalText(row, 'organization'),
    given: optionalText(row, 'given'),
    family: optionalText(row, 'family'),
    birthday: optionalText(row, 'birthday'),
    contact: optionalText(row, 'contact'),
    address: optionalText(row, 'address'),
    patient: role === 'patient' ? fhirUser.slice('Patient/'.length) : undefined,
  };
  return {
    id: text(row, 'id'),
    username: text(row, 'username'),
    role,
    identity: { mspId: text(row, 'msp_id'), pseudonym: text(row, 'pseudonym') },
    fhirUser,
    display: text(row, 'display'),
    status: row.status === 'active' ? 'active' : 'disabled',
    created: number(row, 'created'),
    revision: number(row, 'revision'),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

const taken = (): FhirError =>
  new FhirError(409, {
    code: 'duplicate',
    diagnostics: 'This username or identity has an account already.',
  });
const unprocessable = (diagnostics: string): FhirError => new FhirError(422, { code: 'value', diagnostics });

function check(account: Omit<NewAccount, 'identity'>): void {
  if (!E_MAIL.test(account.username.trim())) throw unprocessable('A username is an e-mail address.');
  if (!ROLES.includes(account.role)) throw unprocessable(`${account.role} is no role of a person.`);
  if (!REFERENCE.test(account.fhirUser))
    throw unprocessable(`fhirUser is a reference to a person, like Practitioner/2.`);
  if ((account.role === 'patient') !== account.fhirUser.startsWith('Patient/')) {
    throw unprocessable('A patient, and nobody else, has a Patient as fhirUser.');
  }
  const { display, given, family, birthday, contact, address, organization } = account;
  for (const value of [display, given, family, birthday, contact, address, organization]) {
    // A text of PostgreSQL has none.
    if (value?.includes('\0')) throw unprocessable('A text of an account has a character that is none.');
  }
}

export class AccountStore {
  readonly #db: AuthDatabase;
  readonly #passwords: PasswordHasher;
  readonly #tokens: TokenState;
  readonly #now: () => number;

  constructor(db: AuthDatabase, passwords: PasswordHasher, tokens: TokenState, now: () => number) {
    this.#db = db;
    this.#passwords = passwords;
    this.#tokens = tokens;
    this.#now = now;
  }

  /** Throws what `create` would, for who has something to do before it that can't be undone. */
  async assertPossible(account: Omit<NewAccount, 'identity'>): Promise<void> {
    check(account);
    assertPassword(account.password);
    if (await this.findByUsername(account.username)) throw taken();
  }

  /** Throws a FhirError 422 for what can't be an account, 409 when user name or identity is taken. */
  async create(account: NewAccount): Promise<Account> {
    check(account);
    const passwordHash = await this.#passwords.hash(account.password);
    const username = normalizeUsername(account.username);
    const id = crypto.randomUUID();
    const columns: Record<string, string | number | null> = {
      id,
      username,
      password_hash: passwordHash,
      role: account.role,
      msp_id: account.identity.mspId,
      pseudonym: account.identity.pseudonym,
      fhir_user: account.fhirUser,
      organization: account.organization ?? null,
      display: account.display,
      given: account.given ?? null,
      family: account.family ?? null,
      birthday: account.birthday ?? null,
      contact: account.contact ?? null,
      address: account.address ?? null,
      status: 'active',
      created: this.#now(),
      revision: 1,
    };
    const names = Object.keys(columns);
    const text = `INSERT INTO account (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`;
    const inserted = await this.#db.durably([{ text, values: Object.values(columns), needed: true }]);
    const created = inserted ? await this.get(id) : undefined;
    if (!created) throw taken();
    return created;
  }

  async get(id: string): Promise<Account | undefined> {
    const row = await this.#db.get('SELECT * FROM account WHERE id = ?', [id]);
    return row && accountOf(row);
  }

  async findByUsername(username: string): Promise<Account | undefined> {
    const row = await this.#find(username);
    return row && accountOf(row);
  }

  async list(): Promise<Account[]> {
    return (await this.#db.all('SELECT * FROM account ORDER BY username')).map(accountOf);
  }

  /** The account, if the password is its own and it is active. The answer takes as long whatever the reason is. */
  async authenticate(username: string, password: string): Promise<Account | undefined> {
    const row = await this.#find(username);
    const matches = await this.#passwords.verify(row && text(row, 'password_hash'), password);
    const account = matches ? await this.findByUsername(username) : undefined;
    return account?.status === 'active' ? account : undefined;
  }

  /** Ends every session and token of the account as well: whoever knew the old password is out. */
  async setPassword(id: string, password: string): Promise<void> {
    const passwordHash = await this.#passwords.hash(password);
    await this.#change(id, 'password_hash = ?', passwordHash);
  }

  /** From the next request on, no token of this account is good and nobody can log in with it. */
  async disable(id: string): Promise<void> {
    await this.#change(id, 'status = ?', 'disabled');
  }

  /** Lets a disabled account log in again. */
  async enable(id: string): Promise<void> {
    await this.#change(id, 'status = ?', 'active');
  }

  /** What is no address has no account; there is nothing to ask the database then. */
  async #find(username: string): Promise<Row | undefined> {
    const name = normalizeUsername(username);
    return E_MAIL.test(name) ? this.#db.get('SELECT * FROM account WHERE username = ?', [name]) : undefined;
  }

  async #change(id: string, assignment: string, value: string): Promise<void> {
    const text = `UPDATE account SET ${assignment}, revision = revision + 1 WHERE id = ?`;
    const changed = await this.#db.durably([
      { text, values: [value, id], needed: true },
      this.#tokens.deletionOfAccount(id),
    ]);
    if (!changed) throw new FhirError(404, { code: 'not-found', diagnostics: 'There is no such account.' });
  }
}
