export interface Late {
  area: string;
  name: string;
  step: number;
  count: number;
  oldest_due: number;
  days_left: number;
}

export interface LateArea {
  area: string;
  name: string;
  bySteps: Record<number, number>;
  total: number;
  worst: number; // working days late
}

/** One row an area, most cases first. */
export function byArea(rows: Late[]): LateArea[] {
  const areas = new Map<string, LateArea>();
  for (const row of rows) {
    const at = areas.get(row.area) ?? { area: row.area, name: row.name, bySteps: {}, total: 0, worst: 0 };
    at.bySteps[row.step] = (at.bySteps[row.step] ?? 0) + row.count;
    at.total += row.count;
    at.worst = Math.max(at.worst, -row.days_left);
    areas.set(row.area, at);
  }
  return [...areas.values()].sort((a, b) => b.total - a.total || a.area.localeCompare(b.area));
}
