import { clearSession, session, setSession } from './session';
import type { Session } from './session';

/** What the office refuses, in both languages (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly type: string,
    readonly zh: string,
    readonly en: string,
    readonly status: number,
    readonly more: Record<string, unknown> = {},
  ) {
    super(zh);
  }
}

/** Asks for a one-time code; the shell sets it. Empty: given up. */
let askForCode: () => Promise<string> = () => Promise.resolve('');
export function setCodeAsker(ask: () => Promise<string>) {
  askForCode = ask;
}
/** Goes to the sign-in page; the router sets it. */
let onSessionOver: () => void = () => undefined;
export function setSessionOver(go: () => void) {
  onSessionOver = go;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const json = (await response.json()) as Record<string, unknown>;
    const type = String(json['type'] ?? '').replace('urn:hufu:problem:', '');
    return new Problem(type, String(json['zh'] ?? ''), String(json['detail'] ?? ''), response.status, json);
  } catch {
    return new Problem('no-answer', '服务暂时没有回应，请稍后再试。', 'The office does not answer; try again in a while.', response.status);
  }
}

async function send(method: 'GET' | 'POST', path: string, body: BodyInit | null, type: string): Promise<Response> {
  const headers: Record<string, string> = {};
  if (method === 'POST') {
    headers['Content-Type'] = type;
    if (session.value) headers['X-Hufu-Csrf'] = session.value.csrf;
  }
  try {
    return await fetch(path, { method, headers, body, credentials: 'same-origin', cache: 'no-store' });
  } catch {
    throw new Problem('no-network', '网络中断，填写的内容仍在，请稍后再试。', 'The network is down; what you typed is kept. Try again.', 0);
  }
}

/** Proves again who one is and repeats the call, until it is right or given up. */
async function prove(): Promise<boolean> {
  for (;;) {
    const totp = await askForCode();
    if (!totp) return false;
    const response = await send('POST', '/v1/session/proof', JSON.stringify({ totp }), 'application/json');
    if (response.ok) {
      setSession((await response.json()) as Session);
      return true;
    }
    const problem = await problemOf(response);
    if (problem.type !== 'sign-in') throw problem;
  }
}

async function ask(method: 'GET' | 'POST', path: string, body: BodyInit | null, type: string): Promise<Response> {
  for (;;) {
    const response = await send(method, path, body, type);
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.type === 'proof-needed' && (await prove())) continue;
    if (problem.type === 'session-over' && session.value) {
      clearSession();
      onSessionOver();
    }
    throw problem;
  }
}

export const api = {
  async get<T>(path: string): Promise<T> {
    return (await (await ask('GET', path, null, '')).json()) as T;
  },
  async blob(path: string): Promise<Blob> {
    return (await ask('GET', path, null, '')).blob();
  },
  async post<T>(path: string, body: unknown): Promise<T> {
    return (await (await ask('POST', path, JSON.stringify(body), 'application/json')).json()) as T;
  },
  async postText<T>(path: string, body: Blob, type = 'text/csv'): Promise<T> {
    return (await (await ask('POST', path, body, type)).json()) as T;
  },
};
