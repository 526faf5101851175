import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function named(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run it by ctest`);
  return value;
}

export const vectors = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../../tests/vectors');

export function coreModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(readFileSync(named('HUFU_CORE_WASM')));
}
