import { randomUUID } from 'node:crypto';
import { SignJWT, importJWK, type JWK } from 'jose';

interface Outcome {
  issue?: { code?: string; expression?: string[] }[];
}

/** What an answer says is wrong, without what it quotes. */
function issuesIn(text: string): string {
  try {
    const { issue = [] } = JSON.parse(text) as Outcome;
    return issue.map(({ code, expression = [] }) => [code, ...expression].join(' ')).join(', ');
  } catch {
    return 'no OperationOutcome';
  }
}

/** A system as it stands outside: it gets its token by SMART Backend Services and speaks FHIR over HTTP. */
export class BackendClient {
  readonly #baseUrl: string;
  readonly #id: string;
  readonly #key: JWK;
  #token: { value: string; until: number } | undefined;

  constructor(baseUrl: string, id: string, key: JWK) {
    this.#baseUrl = baseUrl;
    this.#id = id;
    this.#key = key;
  }

  /** A request below the FHIR base; rejects with status and issue codes when it is no success. */
  async fhir<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.#baseUrl}/fhir/R4${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${await this.#accessToken()}`,
        ...(body && { 'Content-Type': 'application/fhir+json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const [, type = ''] = path.split(/[/?]/);
    if (!response.ok) throw new Error(`${method} /${type}: ${response.status} ${issuesIn(text)}`);
    return JSON.parse(text) as T;
  }

  /** https://hl7.org/fhir/smart-app-launch/backend-services.html */
  async #accessToken(): Promise<string> {
    if (this.#token && this.#token.until > Date.now()) return this.#token.value;
    const discovery = await fetch(`${this.#baseUrl}/.well-known/openid-configuration`);
    const { token_endpoint } = (await discovery.json()) as { token_endpoint: string };
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES384', kid: this.#key.kid ?? '', typ: 'JWT' })
      .setIssuer(this.#id)
      .setSubject(this.#id)
      .setAudience(token_endpoint)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('4m')
      .sign(await importJWK(this.#key, 'ES384'));
    const response = await fetch(token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'system/*.cruds',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    const answer = (await response.json()) as { access_token?: string; expires_in?: number; error?: string };
    if (answer.access_token === undefined)
      throw new Error(`no token for ${this.#id}: ${answer.error ?? response.status}`);
    this.#token = { value: answer.access_token, until: Date.now() + ((answer.expires_in ?? 60) - 30) * 1000 };
    return this.#token.value;
  }
}
