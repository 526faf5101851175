/*
 * Bringing the lists up to date: everything is fetched and verified in a new
 * instance of the core before it takes the old one's place. What is older
 * than what is in hand is refused, whoever serves it.
 */
import { Core, CoreError, Fault } from '../core/core';
import type { Root, Trust } from '../core/core';
import { readRoot } from '../core/root';
import type { Kept, KeptList } from './store';

/** What stood in the way; the words are in words.ts. */
export type Trouble = 'offline' | 'root' | 'root-changed' | 'trust' | 'list' | 'rollback' | 'memory';

export class UpdateError extends Error {
  constructor(readonly trouble: Trouble, cause?: unknown) {
    super(trouble, { cause });
    this.name = 'UpdateError';
  }
}

export type Fetch = (path: string) => Promise<Uint8Array>;

/** A file below `base`, never from the browser's cache. */
export function fetcher(base: string): Fetch {
  return async (path) => {
    const answer = await fetch(new URL(path, base), { cache: 'no-cache', credentials: 'omit' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
}

export interface Loaded {
  core: Core;
  kept: Kept;
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return [...hash].map((b) => b.toString(16).padStart(2, '0')).join('');
}

async function get(fetchFile: Fetch, path: string): Promise<Uint8Array> {
  try {
    return await fetchFile(path);
  } catch (e) {
    throw new UpdateError('offline', e);
  }
}

/** The number of a list is the last part of its address. */
export function listNumber(address: string): number | null {
  const last = /(\d+)\/?$/.exec(address.replace(/\/list\.cwt$/, ''))?.[1];
  return last === undefined ? null : Number(last);
}

function judge(e: unknown, trouble: Trouble): UpdateError {
  if (e instanceof UpdateError) return e;
  if (e instanceof CoreError && e.code === Fault.Memory) return new UpdateError('memory', e);
  if (e instanceof CoreError && e.code === Fault.Stale) return new UpdateError('rollback', e);
  return new UpdateError(trouble, e);
}

function same(a: Root, b: Root): boolean {
  return a.curve === b.curve && a.point.every((byte, i) => byte === b.point[i]);
}

/** The root of the first visit stays, unless it named its successor. */
async function findRoot(fetchFile: Fetch, kept: Kept | null): Promise<Root> {
  if (kept) return kept.root;
  const pem = new TextDecoder().decode(await get(fetchFile, 'root.pem'));
  const root = readRoot(pem);
  if (!root) throw new UpdateError('root');
  return root;
}

interface Opened {
  core: Core;
  trust: Trust;
  root: Root;
}

async function openTrust(module: WebAssembly.Module, root: Root, file: Uint8Array): Promise<Opened> {
  const core = await Core.start(module);
  return { core, trust: core.openTrust(root, file), root };
}

/** Under the pinned root, or under the one that the list in hand announced. */
async function acceptTrust(module: WebAssembly.Module, root: Root, file: Uint8Array, kept: Kept | null): Promise<Opened> {
  try {
    return await openTrust(module, root, file);
  } catch (e) {
    if (!(e instanceof CoreError && e.code === Fault.Signature) || !kept) throw judge(e, 'trust');
    const old = await openTrust(module, kept.root, kept.trust);
    if (!old.trust.nextRoot || same(old.trust.nextRoot, root)) throw new UpdateError('root-changed', e);
    try {
      return await openTrust(module, old.trust.nextRoot, file);
    } catch (second) {
      throw judge(second, 'root-changed');
    }
  }
}

function openParts(core: Core, snapshot: Uint8Array, today: Uint8Array | null): void {
  core.openList(snapshot);
  if (today) core.applyDelta(today);
}

/** Whether the snapshot in hand still carries today's delta. */
async function fits(module: WebAssembly.Module, opened: Opened, trust: Uint8Array, snapshot: Uint8Array, today: Uint8Array): Promise<boolean> {
  const trial = await openTrust(module, opened.root, trust);
  try {
    openParts(trial.core, snapshot, today);
    return true;
  } catch {
    return false;
  }
}

/** The compact pair of today; the snapshot in hand when it still serves. */
async function takePair(module: WebAssembly.Module, opened: Opened, trust: Uint8Array, fetchFile: Fetch, folder: string, had: Uint8Array | undefined): Promise<Pair> {
  let today = await fetchFile(`${folder}/today.cbor`);
  if (had && (await fits(module, opened, trust, had, today))) return { snapshot: had, today };
  const snapshot = await fetchFile(`${folder}/snapshot.cbor`);
  // the snapshot may have been renewed between the fetches
  today = await fetchFile(`${folder}/today.cbor`);
  return { snapshot, today: (await fits(module, opened, trust, snapshot, today)) ? today : null };
}

interface Pair {
  snapshot: Uint8Array;
  today: Uint8Array | null;
}

/** An issuer that publishes no compact list has its Token Status List taken. */
async function takeFiles(module: WebAssembly.Module, opened: Opened, trust: Uint8Array, fetchFile: Fetch, number: number, had: Uint8Array | undefined): Promise<Pair> {
  const folder = `status/${number}`;
  try {
    return await takePair(module, opened, trust, fetchFile, folder, had);
  } catch {
    return { snapshot: await get(fetchFile, `${folder}/list.cwt`), today: null };
  }
}

async function takeList(module: WebAssembly.Module, opened: Opened, trust: Uint8Array, fetchFile: Fetch, number: number, kept: KeptList | undefined): Promise<KeptList> {
  const { snapshot, today } = await takeFiles(module, opened, trust, fetchFile, number, kept?.snapshot);
  const before = opened.core.lists().length;
  openParts(opened.core, snapshot, today);
  const list = opened.core.lists()[before];
  if (!list || list.number !== number) throw new UpdateError('list');
  if (kept && list.sequence < kept.sequence) throw new UpdateError('rollback');
  return { number, snapshot, today, sequence: list.sequence };
}

/** Every time that was signed and verified; the floor never goes down. */
function floorOf(core: Core, trust: Trust, before: number): number {
  return Math.max(before, trust.issuedS, ...core.lists().map((l) => l.issuedS));
}

export async function update(module: WebAssembly.Module, fetchFile: Fetch, kept: Kept | null, nowS: number): Promise<Loaded> {
  const root = await findRoot(fetchFile, kept);
  const trust = await get(fetchFile, 'trust-list.cbor');
  const opened = await acceptTrust(module, root, trust, kept);
  const trustDigest = await digest(trust);
  if (kept && (opened.trust.sequence < kept.trustSequence || (opened.trust.sequence === kept.trustSequence && trustDigest !== kept.trustDigest)))
    throw new UpdateError('rollback');
  const numbers = new Set<number>();
  for (const address of opened.core.addresses()) {
    const number = listNumber(address);
    if (number !== null) numbers.add(number);
  }
  const lists: KeptList[] = [];
  for (const number of numbers) {
    try {
      lists.push(await takeList(module, opened, trust, fetchFile, number, kept?.lists.find((l) => l.number === number)));
    } catch (e) {
      throw judge(e, 'list');
    }
  }
  const floorS = floorOf(opened.core, opened.trust, kept?.floorS ?? 0);
  return {
    core: opened.core,
    kept: { root: opened.root, trust, trustSequence: opened.trust.sequence, trustDigest, lists, floorS, fetchedS: nowS },
  };
}

/** From what was kept, without a network; null when it is damaged. */
export async function restore(module: WebAssembly.Module, kept: Kept): Promise<Core | null> {
  try {
    const { core } = await openTrust(module, kept.root, kept.trust);
    for (const list of kept.lists) openParts(core, list.snapshot, list.today);
    return core;
  } catch {
    return null;
  }
}
