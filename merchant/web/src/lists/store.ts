/*
 * What the page keeps in IndexedDB: the pinned root, the lists as they were
 * published, how far they got, and the clock's floor. Written in one go, so
 * that a closed page leaves the old state or the new one.
 */
import type { Root } from '../core/core';

export interface KeptList {
  number: number;
  snapshot: Uint8Array; // compact snapshot, or a Token Status List
  today: Uint8Array | null; // compact delta onto it
  sequence: number; // with today's
}

export interface Kept {
  root: Root;
  trust: Uint8Array;
  trustSequence: number;
  trustDigest: string; // SHA-256, hexadecimal
  lists: KeptList[];
  floorS: number;
  fetchedS: number;
}

const NAME = 'hufu-lists';
const STORE = 'kept';
const KEY = 'lists';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('indexedDB'));
  });
}

export async function load(): Promise<Kept | null> {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = db.transaction(STORE).objectStore(STORE).get(KEY);
      request.onsuccess = () => resolve((request.result as Kept | undefined) ?? null);
      request.onerror = () => reject(request.error ?? new Error('indexedDB'));
    });
  } finally {
    db.close();
  }
}

export async function save(kept: Kept): Promise<void> {
  const db = await open();
  try {
    await new Promise<void>((resolve, reject) => {
      const tx = db.transaction(STORE, 'readwrite', { durability: 'strict' });
      tx.objectStore(STORE).put(kept, KEY);
      tx.oncomplete = () => resolve();
      tx.onerror = () => reject(tx.error ?? new Error('indexedDB'));
      tx.onabort = () => reject(tx.error ?? new Error('indexedDB'));
    });
  } finally {
    db.close();
  }
}
