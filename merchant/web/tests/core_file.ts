import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function named(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run it by ctest`);
  return value;
}

/* Node 18 has it, but not under this name. */
globalThis.crypto ??= webcrypto as Crypto;

export const vectors = join(new URL('.', import.meta.url).pathname, '../../../tests/vectors');

export function coreModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(readFileSync(named('HUFU_CORE_WASM')));
}
