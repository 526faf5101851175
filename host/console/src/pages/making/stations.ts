/* What the stations do, as the server streams it, and what a clerk may do. */
export interface Machine {
  card: 'empty' | 'reader' | 'printer' | 'somewhere';
  blanks: number | null;
  ribbon: number | null; // percent
  bin_full: boolean;
  printer_ready: boolean;
  zh: string;
  en: string;
}

export interface Question {
  number: number;
  kind: 'scan' | 'confirm';
  zh: string;
  en: string;
}

export interface Station {
  name: string;
  activity: 'stopped' | 'idle' | 'working' | 'paused' | 'asking' | 'trouble';
  activity_zh: string;
  activity_en: string;
  job: number;
  state: string;
  made: number;
  spoiled: number;
  zh: string;
  en: string;
  machine?: Machine;
  question?: Question;
}

export interface Job {
  id: number;
  application: number;
  card: number;
  state: string;
  attempts: number;
  dead_at: number;
  ground: string;
  zh: string;
  en: string;
}

export type StationAct = 'start' | 'stop' | 'pause' | 'resume';

export function actsOf(station: Station): StationAct[] {
  switch (station.activity) {
    case 'stopped':
      return ['start'];
    case 'paused':
      return ['resume', 'stop'];
    default:
      return ['pause', 'stop'];
  }
}

export interface Sentence {
  level: 'error' | 'warning' | 'info';
  zh: string;
  en: string;
}

const RIBBON_LOW = 10; // percent
const BLANKS_LOW = 5;

/* What a printer says that wants nothing. */
const READY = '打印机就绪。';

/** What a person should do at the machine, the most pressing first. */
export function needsOf(station: Station): Sentence[] {
  const needs: Sentence[] = [];
  const m = station.machine;
  const tell = (level: Sentence['level'], zh: string, en: string) => needs.push({ level, zh, en });
  if (station.activity === 'trouble') tell('error', station.zh, station.en);
  if (!m) return needs;
  if (m.bin_full) tell('error', '出卡盒已满，请取出卡片。', 'The output bin is full; take the cards out.');
  if (!m.printer_ready && !m.zh) tell('error', '打印机未就绪，请检查电源、上盖和连线。', 'The printer is not ready; check power, cover and cable.');
  if (m.zh && m.zh !== station.zh && m.zh !== READY) tell(m.printer_ready ? 'warning' : 'error', m.zh, m.en);
  if (m.blanks === 0) tell('error', '卡槽空了，请装入空白卡。', 'The hopper is empty; put blanks in.');
  else if (m.blanks !== null && m.blanks <= BLANKS_LOW) tell('warning', `只剩 ${m.blanks} 张空白卡，请准备补充。`, `Only ${m.blanks} blanks left; have more ready.`);
  if (m.ribbon !== null && m.ribbon <= RIBBON_LOW) tell('warning', `色带只剩 ${m.ribbon}%，请准备更换。`, `The ribbon is at ${m.ribbon}%; have a new one ready.`);
  if (m.card === 'somewhere') tell('warning', '卡道里有一张卡，位置不明：请查看机器。', 'A card is in the way, not known where: look into the machine.');
  return needs;
}

export function placeOf(machine: Machine): { zh: string; en: string } {
  switch (machine.card) {
    case 'empty':
      return { zh: '没有卡', en: 'no card' };
    case 'reader':
      return { zh: '卡在读写器上', en: 'a card on the reader' };
    case 'printer':
      return { zh: '卡在打印机里', en: 'a card in the printer' };
    default:
      return { zh: '卡的位置不明', en: 'a card, not known where' };
  }
}

/* null: what came is no state of stations */
export function parseStations(data: string): Station[] | null {
  try {
    const value = JSON.parse(data) as { stations?: Station[] };
    return Array.isArray(value.stations) ? value.stations : null;
  } catch {
    return null;
  }
}

/** The stream reconnects by itself; `onLink(false)` while it is cut off. */
export function watchStations(onStations: (stations: Station[]) => void, onLink: (linked: boolean) => void): () => void {
  const source = new EventSource('/v1/events');
  source.onopen = () => onLink(true);
  source.onerror = () => onLink(false);
  source.addEventListener('stations', (event) => {
    const stations = parseStations((event as MessageEvent<string>).data);
    if (!stations) return;
    onLink(true);
    onStations(stations);
  });
  return () => source.close();
}

/** The resolutions that a person may choose, with what each one means. */
export const RESOLUTIONS = [
  { word: 'retry', zh: '继续制作', en: 'Go on as it stands' },
  { word: 'spoil', zh: '作废此卡，换新卡重做', en: 'Spoil this blank, take a new one' },
  { word: 'close', zh: '不再制作，退回申请', en: 'Make none; reject the application' },
] as const;

export const GROUNDS = [
  { word: 'smeared', zh: '卡面污损、偏色', en: 'smeared or off colour' },
  { word: 'bent', zh: '卡片弯折、划伤', en: 'bent or scratched' },
  { word: 'chip-silent', zh: '芯片读不出', en: 'the chip does not answer' },
  { word: 'wrong-face', zh: '卡面与记录不符', en: 'the face is not the record' },
  { word: 'machine-trouble', zh: '设备故障', en: 'trouble with the machine' },
  { word: 'other', zh: '其他', en: 'other' },
] as const;
