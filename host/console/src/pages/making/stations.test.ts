import { afterEach, describe, expect, it, vi } from 'vitest';
import { actsOf, needsOf, parseStations, watchStations } from './stations';
import type { Machine, Station } from './stations';

const machine: Machine = { card: 'empty', blanks: 80, ribbon: 50, bin_full: false, printer_ready: true, zh: '', en: '' };

function station(over: Partial<Station> = {}): Station {
  return { name: 'one', activity: 'idle', activity_zh: '空闲', activity_en: 'idle', job: 0, state: '', made: 0, spoiled: 0, zh: '', en: '', machine, ...over };
}

describe('what a station needs', () => {
  it('is nothing when the printer is ready', () => {
    expect(needsOf(station({ machine: { ...machine, zh: '打印机就绪。', en: 'The printer is ready.' } }))).toEqual([]);
  });
});

describe('what a clerk may do', () => {
  it('starts only what is stopped', () => {
    expect(actsOf(station({ activity: 'stopped' }))).toEqual(['start']);
    expect(actsOf(station({ activity: 'working' }))).toEqual(['pause', 'stop']);
    expect(actsOf(station({ activity: 'paused' }))).toEqual(['resume', 'stop']);
  });
});

describe('what the machine needs', () => {
  it('is silent when all is well or nothing is known', () => {
    expect(needsOf(station())).toEqual([]);
    expect(needsOf(station({ machine: undefined }))).toEqual([]);
    expect(needsOf(station({ machine: { ...machine, blanks: null, ribbon: null } }))).toEqual([]);
  });
  it('tells an empty hopper from a low one', () => {
    expect(needsOf(station({ machine: { ...machine, blanks: 0 } }))[0]).toMatchObject({ level: 'error', en: 'The hopper is empty; put blanks in.' });
    expect(needsOf(station({ machine: { ...machine, blanks: 3 } }))[0]?.level).toBe('warning');
  });
  it('puts the trouble of the station first and says nothing twice', () => {
    const needs = needsOf(station({ activity: 'trouble', zh: '缺纸', en: 'no cards', machine: { ...machine, printer_ready: false, zh: '缺纸', en: 'no cards', ribbon: 4 } }));
    expect(needs.map((n) => n.en)).toEqual(['no cards', 'The ribbon is at 4%; have a new one ready.']);
  });
});

describe('the stream', () => {
  class Source {
    static last: Source;
    onopen = () => {};
    onerror = () => {};
    closed = false;
    heard: ((e: { data: string }) => void) | null = null;
    constructor(readonly url: string) {
      Source.last = this;
    }
    addEventListener(name: string, f: (e: { data: string }) => void) {
      expect(name).toBe('stations');
      this.heard = f;
    }
    close() {
      this.closed = true;
    }
  }
  afterEach(() => vi.unstubAllGlobals());

  it('hands on whole states, says when it is cut off, ends', () => {
    vi.stubGlobal('EventSource', Source);
    const states: Station[][] = [];
    const links: boolean[] = [];
    const close = watchStations((s) => states.push(s), (l) => links.push(l));
    expect(Source.last.url).toBe('/v1/events');
    Source.last.heard?.({ data: JSON.stringify({ stations: [station()] }) });
    Source.last.onerror();
    Source.last.heard?.({ data: '{"stations' });
    expect(states).toHaveLength(1);
    expect(states[0]?.[0]?.name).toBe('one');
    expect(links).toEqual([true, false]);
    close();
    expect(Source.last.closed).toBe(true);
  });
  it('takes nothing that is no state', () => {
    expect(parseStations('{"stations":{}}')).toBeNull();
    expect(parseStations('null')).toBeNull();
  });
});
