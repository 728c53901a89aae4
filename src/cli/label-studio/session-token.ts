import type { AxiosInstance } from 'axios';
import { z } from 'zod';
import { DatasetGanError } from '../../errors.ts';
import { defaultHttp, isLoopback } from '../../label-studio/connection/transport.ts';

const TOKEN = z.looseObject({ token: z.string() });
const TOKENS = z.array(TOKEN);

/**
 * Makes a personal access token by logging in as a browser does, for a Label Studio that we run ourselves. A user has at most one: an
 * older one is revoked, since Label Studio shows a token only when it is made.
 * @throws DatasetGanError `label-studio-unauthorized` for a wrong login
 */
export async function makePersonalAccessToken(
  base: string,
  login: { readonly email: string; readonly password: string },
  options: { readonly http?: AxiosInstance; readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const session = new Session(base, options.http ?? defaultHttp, options.signal);
  await session.logIn(login);
  for (let attempt = 0; attempt < 2; attempt++) {
    const made = await session.request('POST', '/api/token/', {});
    if (made.status === 201) return TOKEN.parse(made.data).token;
    if (made.status !== 409) break;
    const list = await session.request('GET', '/api/token/');
    for (const { token } of TOKENS.parse(list.data)) await session.request('POST', '/api/token/blacklist/', { refresh: token });
  }
  throw new DatasetGanError(
    'label-studio-error',
    `Label Studio at ${base} does not create a personal access token for ${login.email}.`,
    {
      fix: 'Turn personal access tokens on under Organization, API Tokens Settings.',
    },
  );
}

/** A logged-in browser's cookies. */
class Session {
  readonly #base: string;
  readonly #http: AxiosInstance;
  readonly #signal: AbortSignal | undefined;
  readonly #cookies = new Map<string, string>();

  constructor(base: string, http: AxiosInstance, signal: AbortSignal | undefined) {
    this.#base = base;
    this.#http = http;
    this.#signal = signal;
  }

  async logIn({ email, password }: { readonly email: string; readonly password: string }): Promise<void> {
    await this.request('GET', '/user/login/');
    const form = new URLSearchParams({ email, password, csrfmiddlewaretoken: this.#cookies.get('csrftoken') ?? '' });
    const { status } = await this.request('POST', '/user/login/', form);
    // A wrong password gets the form again, with 200.
    if (status === 302) return;
    throw new DatasetGanError(
      'label-studio-unauthorized',
      `Label Studio at ${this.#base} does not accept the login of ${email}.`,
      {
        fix: 'Its password was changed. Start with an empty data folder, or set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.',
      },
    );
  }

  async request(method: 'GET' | 'POST', path: string, data?: object): Promise<{ status: number; data: unknown }> {
    const response = await this.#http.request<unknown>({
      method,
      url: this.#base + path,
      data,
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-csrftoken': this.#cookies.get('csrftoken') ?? '',
        referer: this.#base + path,
      },
      maxRedirects: 0,
      validateStatus: () => true,
      timeout: 30_000,
      ...(isLoopback(this.#base) ? { proxy: false } : {}),
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    });
    for (const cookie of response.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    return { status: response.status, data: response.data };
  }
}
