/** What a statement takes and a column holds. */
export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** The tables of a SealedStore, whichever engine has them. Texts have `?` for values; what is changed is on disk. */
export interface Tables {
  all(text: string, values?: readonly Value[]): Promise<Row[]>;
  /** Answers how many rows it changed. */
  run(text: string, values?: readonly Value[]): Promise<number>;
  close(): Promise<void>;
}

/**
 * identity: a wallet's; `expires` is when its certificate ends. authority: an organisation's CA. issued: certificates that
 * the CA issued, so that all of an identity can be revoked. Times are in milliseconds since 1970.
 */
export const schema = ({ number, bytes, end }: Record<'number' | 'bytes' | 'end', string>): string => `
CREATE TABLE IF NOT EXISTS sealing (
  one ${number} PRIMARY KEY CHECK (one = 1), salt ${bytes} NOT NULL, proof ${bytes}
) ${end};
CREATE TABLE IF NOT EXISTS identity (
  msp_id TEXT NOT NULL, pseudonym TEXT NOT NULL, certificate TEXT NOT NULL, private_key ${bytes} NOT NULL,
  expires ${number}, PRIMARY KEY (msp_id, pseudonym)
) ${end};
CREATE TABLE IF NOT EXISTS authority (
  msp_id TEXT PRIMARY KEY, certificate TEXT NOT NULL, private_key ${bytes} NOT NULL
) ${end};
CREATE TABLE IF NOT EXISTS issued (
  msp_id TEXT NOT NULL, serial TEXT NOT NULL, pseudonym TEXT NOT NULL, expires ${number} NOT NULL, revoked ${number},
  PRIMARY KEY (msp_id, serial)
) ${end};
CREATE INDEX IF NOT EXISTS issued_pseudonym ON issued (msp_id, pseudonym);
`;
