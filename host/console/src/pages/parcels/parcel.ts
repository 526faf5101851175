export interface ParcelCard {
  id: number;
  number: string;
  kind: number;
  area: string;
  delivery_area: string;
  phase_zh: string;
  phase_en: string;
  made_at: number;
  delivered_at: number;
  found?: boolean;
}

export interface Parcel {
  id: number;
  area: string;
  destination: string;
  state: 'packed' | 'sent' | 'received' | 'unpacked';
  ground: string;
  difference: string;
  cards: number;
  missing: number;
  surplus: number;
  packed_by: string;
  packed_at: number;
  sent_by: string;
  sent_at: number;
  received_by: string;
  received_at: number;
  list?: ParcelCard[];
}

/** Who packs, sends and signs for parcels. */
export const HANDS = ['township', 'county-centre', 'personaliser'];
export const SIGNERS = ['township', 'county-centre'];

export const stateWords: Record<Parcel['state'], [string, string]> = {
  packed: ['已装包', 'packed'],
  sent: ['在途', 'on its way'],
  received: ['已签收', 'signed for'],
  unpacked: ['已拆包', 'unpacked'],
};

export const differences: [string, string, string][] = [
  ['not-in-parcel', '清单上的卡不在包裹里', 'A card of the list is not in the parcel'],
  ['parcel-damaged', '包裹破损', 'The parcel is damaged'],
  ['not-on-list', '多出清单外的卡', 'There is a card that is not on the list'],
  ['other', '其他', 'Other'],
];
export function differenceWords(ground: string): [string, string] {
  const found = differences.find(([value]) => value === ground);
  return found ? [found[1], found[2]] : [ground, ground];
}

/** Where the cards may go: the townships they are collected in, and the counties above. */
export function destinations(cards: readonly ParcelCard[], county: boolean): string[] {
  const all = new Set<string>();
  for (const card of cards) {
    if (county || card.delivery_area.length === 6) all.add(card.delivery_area.slice(0, 6));
    if (!county) all.add(card.delivery_area);
  }
  return [...all].sort((a, b) => b.length - a.length || a.localeCompare(b));
}

export const goesTo = (card: ParcelCard, destination: string) => card.delivery_area.startsWith(destination);

/** What keeps a receipt from being signed; null: nothing. */
export function receiptFault(cards: number, missing: number, count: number, ground: string): [string, string] | null {
  const there = cards - missing;
  if (count < there) return [`清点 ${count} 张，清单上除短少外有 ${there} 张：请重新清点或标出短少的卡。`, `You counted ${count} and the list has ${there} besides those missing: count again or mark what is missing.`];
  if ((missing > 0 || count > there) && !ground) return ['与清单不符，请选择理由。', 'Something differs from the list: choose a ground.'];
  return null;
}
